package model

import (
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

// packageVersion ends the ARN of a version of a package in a group. Packages of AWS Marketplace have none.
var packageVersion = regexp.MustCompile(`/[0-9]{1,9}$`)

// marketplaceAccounts are the accounts of AWS Marketplace that own its model packages, one for each region, as the ARNs
// of its listings have them.
var marketplaceAccounts = []string{
	"057799348421", "077584701553", "136758871317", "192199979996", "270155090741", "382657785993", "446921602837",
	"470592106596", "594846645681", "666831318237", "745090734665", "843114510376", "856760150666", "865070037744",
	"977537786026", "985815980388",
}

// FromMarketplace reports whether the model is made from a package of AWS Marketplace.
func (s *Spec) FromMarketplace() bool {
	parts := strings.Split(s.PackageARN, ":")
	return len(parts) > accountPart && slices.Contains(marketplaceAccounts, parts[accountPart])
}

// accountPart is where in an ARN the account is.
const accountPart = 4

func (s *Spec) checkPackage(at check.At, rules Rules) {
	here := at.Key("packageArn")
	if awsref.ModelPackage.CheckForm(here, s.PackageARN) && rules.Pinned && !packageVersion.MatchString(s.PackageARN) {
		here.Addf("%q is not pinned; this stack demands a version (%s/1)", s.PackageARN, s.PackageARN)
	}
	// SageMaker puts the entries on top of the package's (API reference, ContainerDefinition and CreateModel; so does its
	// Python SDK).
	given := slices.DeleteFunc(s.given(), func(key string) bool { return key == "environment" })
	if s.Containers != nil {
		given = append(given, "containers")
	}
	for _, key := range given {
		at.Key(key).Addf("contradicts packageArn, which stands for all containers")
	}
	checkEnvironment(at.Key("environment"), s.Environment, rules.notSecret)
	for i, image := range s.PackageImages {
		checkImage(at.Key("packageImages").Index(i), image, rules, false)
	}
	for i, prefix := range s.PackagePrefixes {
		checkPrefix(at.Key("packagePrefixes").Index(i), prefix)
	}
}
