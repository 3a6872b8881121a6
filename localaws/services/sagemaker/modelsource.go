package sagemaker

import (
	"regexp"
	"strings"

	"sagehost/kit/awsref"
	"sagehost/localaws/protocol/awsjson"
)

// Objects is what the fake asks of Amazon S3. What cannot be listed counts as nothing, as it does for SageMaker.
type Objects interface {
	// Has reports whether there is an object at a URI.
	Has(region, uri string) bool
	// HasBeneath reports whether there is an object beneath a prefix.
	HasBeneath(region, prefix string) bool
}

// noObjects looks at none: everything is there.
type noObjects struct{}

func (noObjects) Has(string, string) bool        { return true }
func (noObjects) HasBeneath(string, string) bool { return true }

// registry matches hosts of Amazon ECR, well-formed or not.
var registry = regexp.MustCompile(`^[^/]*\.dkr[.-]ecr(-fips)?\.[^/]*/`)

// checkImages refuses images that SageMaker does not pull, in its words (as users report them): of another region, and
// from elsewhere than Amazon ECR without the access mode for private registries.
func (c call) checkImages(containers []awsjson.Object) error {
	for _, container := range containers {
		name := container.Text("Image")
		if container.Object("ImageConfig").Text("RepositoryAccessMode") == "Vpc" {
			continue
		}
		image, err := awsref.ParseImage(name)
		switch {
		case err != nil && registry.MatchString(name):
			return awsjson.Invalid("ECR image %q is invalid.", name)
		case err != nil:
			return awsjson.Invalid("Using non-ECR image %q without Vpc repository access mode is not supported.", name)
		case image.Region != c.name:
			return awsjson.Invalid("Region of %q does not match expected region of %s. "+
				"Cross region ECR image pulls are not allowed.", name, c.name)
		}
	}
	return nil
}

// checkData refuses model data that is not there: AWS does so even if it is to come later. An archive is one object;
// many models, and a model of several files, are beneath a prefix.
func (c call) checkData(containers []awsjson.Object) error {
	for _, container := range containers {
		uri, prefix := container.Text("ModelDataUrl"), container.Text("Mode") == "MultiModel"
		if source := container.Object("ModelDataSource").Object("S3DataSource"); source != nil {
			uri, prefix = source.Text("S3Uri"), source.Text("S3DataType") == "S3Prefix"
			// "A valid key name prefix identified by S3Uri always ends with a forward slash (/)" (API reference).
			if prefix && !strings.HasSuffix(uri, "/") {
				return awsjson.Invalid("The S3Uri %s of S3DataType S3Prefix must end with a forward slash (/).", uri)
			}
		}
		if uri != "" && !c.hasData(uri, prefix) {
			return awsjson.Invalid("Could not find model data at %s.", uri)
		}
	}
	return nil
}

func (c call) hasData(uri string, prefix bool) bool {
	if prefix {
		return !strings.HasSuffix(uri, ".tar.gz") && c.fake.objects.HasBeneath(c.name, uri)
	}
	return !strings.HasSuffix(uri, "/") && c.fake.objects.Has(c.name, uri)
}
