package awsref

import (
	"fmt"
	"regexp"
)

// Image is the parts of a container image's URI in Amazon ECR.
type Image struct {
	Account, Region, Repository string
	// Tag and Digest are what follows ":" and "@"; empty when absent. A digest has the form "sha256:" + 64 hex digits.
	Tag, Digest string
}

// imageURI is account.dkr.ecr.region.suffix/repository[:tag][@digest], or account.dkr-ecr.… of a dual-stack registry,
// both with "-fips" where there are such endpoints (Amazon ECR User Guide, "Making requests to Amazon ECR registries").
// Tags and digests are those of the OCI distribution specification.
var imageURI = regexp.MustCompile(`^(\d{12})\.dkr([.-])ecr(?:-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)/` +
	`([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`)

// ParseImage takes an image's URI apart. SageMaker pulls images from Amazon ECR, so anything else is an error.
func ParseImage(uri string) (Image, error) {
	example := "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
	if m := imageURI.FindStringSubmatch(uri); m != nil {
		partition, known := PartitionOf(m[3])
		suffix := partition.DNSSuffix
		if m[2] == "-" {
			suffix = partition.dualStackSuffix
		}
		if known && suffix == m[4] {
			return Image{Account: m[1], Region: m[3], Repository: m[5], Tag: m[6], Digest: m[7]}, nil
		}
		if known {
			example = m[1] + ".dkr.ecr." + m[3] + "." + partition.DNSSuffix
		}
	}
	return Image{}, fmt.Errorf(`%q is not an image in Amazon ECR; expected one like "%s/name@sha256:…"`, uri, example)
}
