package execrole

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
)

// Image is the parts of a container image's URI in Amazon ECR.
type Image struct {
	Account, Region, Repository string
	// Tag and Digest are what follows ":" and "@"; empty when absent. A digest has the form "sha256:" + 64 hex digits.
	Tag, Digest string
}

// imageURI is account.dkr.ecr.region.suffix/repository[:tag][@digest]; "dkr.ecr-fips" and other partitions' suffixes
// included. Tags and digests are those of the OCI distribution specification.
var imageURI = regexp.MustCompile(`^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/` +
	`([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`)

// ParseImage takes an image's URI apart. SageMaker pulls images from Amazon ECR, so anything else is an error.
func ParseImage(uri string) (Image, error) {
	m := imageURI.FindStringSubmatch(uri)
	if m == nil {
		return Image{}, fmt.Errorf("%q is not an image in Amazon ECR; expected one like "+
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`, uri)
	}
	return Image{Account: m[1], Region: m[2], Repository: m[3], Tag: m[4], Digest: m[5]}, nil
}

func (i Image) repositoryARN(here account.Account) pulumi.StringOutput {
	return pulumi.Sprintf("arn:%s:ecr:%s:%s:repository/%s", here.Partition, i.Region, i.Account, i.Repository)
}
