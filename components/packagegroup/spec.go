package packagegroup

import (
	"regexp"

	"sagehost/kit/check"
)

// maxDescription is the greatest length of ModelPackageGroupDescription.
const maxDescription = 1024

// maxAccounts keeps the group's policy, of about 50 bytes for each of two mentions of an account, below the 20480 that
// SageMaker takes.
const maxAccounts = 100

// Spec is what a user decides about a model package group.
type Spec struct {
	// Description says what the group's packages are. At most 1024 characters. Default: none.
	Description string `json:"description"`

	// ConsumerAccounts are other AWS accounts, 12 digits each, that may find the group's packages and make models of
	// them; images and archives need policies of their own. Range: at most 100 of them. Default: none.
	ConsumerAccounts []string `json:"consumerAccounts"`
}

// accountID is an AWS account.
var accountID = regexp.MustCompile(`^\d{12}$`)

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if n := len([]rune(s.Description)); n > maxDescription {
		at.Key("description").Addf("has %d characters; at most %d are allowed", n, maxDescription)
	}
	accounts := at.Key("consumerAccounts")
	if n := len(s.ConsumerAccounts); n > maxAccounts {
		accounts.Addf("has %d entries; at most %d are allowed", n, maxAccounts)
	}
	for i, account := range s.ConsumerAccounts {
		if !accountID.MatchString(account) {
			accounts.Index(i).Addf("%q is not an AWS account of 12 digits", account)
		}
	}
	accounts.Unique("", s.ConsumerAccounts)
}
