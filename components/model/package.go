package model

import (
	"regexp"
	"slices"

	"sagehost/internal/check"
)

// packageARN is a version of a package in a group, or a package without versions, as AWS Marketplace has them.
var packageARN = regexp.MustCompile(`^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:\d{12}:model-package/` +
	`[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}(/[0-9]{1,9})?$`)

func (s *Spec) checkPackage(at check.At, rules Rules) {
	m := packageARN.FindStringSubmatch(s.PackageARN)
	if m == nil {
		at.Key("packageArn").Addf("%q is not the ARN of a model package; expected one like "+
			`"arn:<partition>:sagemaker:eu-west-1:123456789012:model-package/flowers/1"`, s.PackageARN)
	} else if version := m[1]; rules.Pinned && version == "" {
		at.Key("packageArn").Addf("%q is not pinned; this stack demands a version (%s/1)", s.PackageARN, s.PackageARN)
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
