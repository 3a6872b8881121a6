package model

import (
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// accessVpc is the RepositoryAccessMode of images in a private registry.
const accessVpc = "Vpc"

// ImageConfig says where an image is.
type ImageConfig struct {
	// RepositoryAccessMode is "Platform" for Amazon ECR, or "Vpc" for a private registry that the model's network leads
	// to: on the internet over HTTPS if there are natGateways, or anywhere a network given by subnetIds leads. The
	// registry's certificate must be one of a public authority. Required.
	RepositoryAccessMode string `json:"repositoryAccessMode"`

	// RepositoryCredentialsProviderARN is the ARN of the AWS Lambda function that knows how to log in to the private
	// registry. Only with "Vpc". Default: unset, nobody needs to log in.
	RepositoryCredentialsProviderARN string `json:"repositoryCredentialsProviderArn" aws:"function"`
}

// known reports whether the access mode is one of SageMaker's.
func (i *ImageConfig) known() bool {
	return slices.Contains(limits.Enum("RepositoryAccessMode"), i.RepositoryAccessMode)
}

// IsPrivate reports whether the image is in a registry that the model's network leads to, and not in Amazon ECR.
func (c *Container) IsPrivate() bool {
	return c.ImageConfig != nil && c.ImageConfig.RepositoryAccessMode == accessVpc
}

func (i *ImageConfig) check(at check.At, rules Rules) {
	mode := at.Key("repositoryAccessMode")
	modes := limits.Enum("RepositoryAccessMode")
	switch {
	case !mode.Required(i.RepositoryAccessMode):
	case !slices.Contains(modes, i.RepositoryAccessMode):
		mode.Addf("%q is none of %s", i.RepositoryAccessMode, strings.Join(modes, ", "))
	case i.RepositoryAccessMode == accessVpc && !rules.Network:
		mode.Addf("%q needs a network, which the model does not join", i.RepositoryAccessMode)
	case i.RepositoryAccessMode == accessVpc && rules.NoInternet:
		mode.Addf("%q needs a network that leads to the registry, which this one does not; "+
			"give network.natGateways, or the network.subnetIds of one that does", i.RepositoryAccessMode)
	}
	provider := at.Key("repositoryCredentialsProviderArn")
	switch arn := i.RepositoryCredentialsProviderARN; {
	case arn == "":
	case i.RepositoryAccessMode != accessVpc:
		provider.Addf("is for repositoryAccessMode %q only", accessVpc)
	default:
		awsref.Function.CheckForm(provider, arn)
	}
}

// privateImage is host[:port]/repository[:tag][@digest], as the OCI distribution specification has it.
var privateImage = regexp.MustCompile(`^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?/` +
	`[a-z0-9]+(?:(?:[._/-]|__)[a-z0-9]+)*(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`)

func checkImage(at check.At, uri string, rules Rules, private bool) {
	if !at.Required(uri) {
		return
	}
	var tag, digest string
	if private {
		m := privateImage.FindStringSubmatch(uri)
		if m == nil {
			at.Addf("%q is not an image in a private registry; expected one like \"registry.example.com/name@sha256:…\"", uri)
			return
		}
		tag, digest = m[1], m[2]
	} else {
		image, err := awsref.ParseImage(uri)
		if err != nil {
			at.Addf("%v", err)
			return
		}
		tag, digest = image.Tag, image.Digest
	}
	switch {
	case len(uri) > 255:
		at.Addf("%q has %d characters; at most 255 are allowed", uri, len(uri))
	case rules.Pinned && digest == "":
		at.Addf("%q is not pinned; this stack demands a digest (name@sha256:…)", uri)
	case digest == "" && (tag == "" || tag == "latest"):
		at.Addf("%q names whatever was pushed last; give a digest (name@sha256:…) or a version tag", uri)
	}
}
