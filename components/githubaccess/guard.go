package githubaccess

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// path is where in IAM the roles and their policies are: nothing else is, so that it names them all.
const path = "/github-access/"

// administration is what can take a key away, or let others use it.
var administration = []string{
	"kms:CreateGrant", "kms:DeleteAlias", "kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy",
	"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

// guard denies to change what decides who may do what. A deployment makes roles and keys of its own, and what allows
// that is not limited to them.
func guard(here account.Account, provider pulumi.StringOutput, keys []pulumi.StringInput) Policy {
	statements := []iampolicy.Statement{{
		Sid: "KeepAccess", Deny: true, Actions: []string{"iam:*"},
		Resources: []pulumi.StringInput{
			provider, pulumi.Sprintf("arn:%s:iam::%s:role%s*", here.Partition, here.ID, path),
			pulumi.Sprintf("arn:%s:iam::%s:policy%s*", here.Partition, here.ID, path),
		},
	}}
	if len(keys) > 0 {
		statements = append(statements, iampolicy.Statement{
			Sid: "KeepKeys", Deny: true, Actions: slices.Clone(administration), Resources: keys,
		})
	}
	return Policy{Name: "guard", Document: iampolicy.Document(statements...)}
}
