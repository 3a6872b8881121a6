package execrole

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/awsref"
)

// Args says what the model needs, and what the endpoints that serve it do on its behalf.
type Args struct {
	// Containers are what each of the model's containers needs. Default: none, for a model package of AWS Marketplace,
	// which brings its own access.
	Containers []Container

	// KMSKeyARNs are the keys under which the model's data is encrypted, as far as they are known; see
	// Container.ForeignKey. Default: none.
	KMSKeyARNs []pulumi.StringInput

	// Network is the network that the model joins. Default: none, no network interface may be made.
	Network *Network

	// EndpointNames are the endpoints that serve the model. Default: none, no logs of an endpoint may be written.
	EndpointNames []string

	// RollbackAlarms lets SageMaker read the alarms of this account and region, to roll an update back when one goes
	// off. Default: false.
	RollbackAlarms bool

	// CaptureURIs are the s3:// prefixes beneath which endpoints keep captured data. Default: none.
	CaptureURIs []pulumi.StringInput

	// AsyncInputURIs are the s3:// prefixes beneath which asynchronous endpoints find requests. Default: none.
	AsyncInputURIs []pulumi.StringInput

	// AsyncOutputURIs are the s3:// prefixes beneath which asynchronous endpoints leave answers and failures.
	// Default: none.
	AsyncOutputURIs []pulumi.StringInput

	// TransformInputURIs are where batch transforms find input: prefixes in Amazon S3, ending in "/", and objects.
	// Default: none.
	TransformInputURIs []pulumi.StringInput

	// ForeignTransformInputURIs are those of TransformInputURIs whose keys in AWS KMS are not known, as with
	// Container.ForeignKey. Default: none.
	ForeignTransformInputURIs []pulumi.StringInput

	// TransformRunsURIs are the s3:// prefixes, ending in "/", beneath which runs of batch transforms have a folder each,
	// with the predictions in its folder output. Default: none, nothing of batch transforms is allowed.
	TransformRunsURIs []pulumi.StringInput

	// ForeignOutputURIs are those of CaptureURIs and AsyncOutputURIs whose keys in AWS KMS are not known, as with
	// Container.ForeignKey. Default: none.
	ForeignOutputURIs []pulumi.StringInput

	// ForeignTopics says that keys in AWS KMS of some of TopicARNs are not known: any key may then encrypt notifications
	// that its own policy allows. Default: false, they are among EncryptionKeyARNs.
	ForeignTopics bool

	// TopicARNs are the topics in Amazon SNS that asynchronous endpoints notify. Default: none.
	TopicARNs []pulumi.StringInput

	// EncryptionKeyARNs are the keys under which captured data, answers, predictions and notifications are encrypted.
	// Default: none.
	EncryptionKeyARNs []pulumi.StringInput

	// PermissionsBoundary is the ARN of the managed policy that limits what the role may do, whatever its policies say.
	// Default: none.
	PermissionsBoundary string

	// Path is the path in IAM of the role, such as "/vision/": changing it replaces the role. Default: "/".
	Path string

	// Tags are added to the role, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Container is what one container of a model needs.
type Container struct {
	// Image is the image's URI in Amazon ECR. Default: unset, the image is not pulled from there.
	Image string

	// ArtifactURI is the s3:// URI of the model's archive, one object. Default: unset.
	ArtifactURI pulumi.StringInput

	// PrefixURI is the s3:// prefix beneath which all objects are model data, ending in "/". Default: unset.
	PrefixURI pulumi.StringInput

	// ForeignKey says that the key in AWS KMS under which archive or prefix are is not known, if there is one: any key,
	// of any account, may then decrypt them that its own policy allows, and nothing else. Default: false, it is one of
	// Args.KMSKeyARNs.
	ForeignKey bool

	// CredentialsProviderARN is the AWS Lambda function that knows how to log in to the image's private registry.
	// Default: unset.
	CredentialsProviderARN string

	// SecretARNs are the secrets in AWS Secrets Manager that the container may read. Default: none.
	SecretARNs []string
}

// Network is where in Amazon VPC a model's network interfaces are.
type Network struct {
	// SubnetIDs are the subnets: 1 to 16, and for high availability in several availability zones. Required.
	SubnetIDs pulumi.StringArrayInput

	// SecurityGroupIDs are the security groups: 1 to 5. Required.
	SecurityGroupIDs pulumi.StringArrayInput
}

// OwnData reports whether there is data under one of Args.KMSKeyARNs.
func (c *Container) OwnData() bool {
	return (c.ArtifactURI != nil || c.PrefixURI != nil) && !c.ForeignKey
}

// images are the images that are pulled from Amazon ECR, one of each repository.
func (a *Args) images() ([]awsref.Image, error) {
	var images []awsref.Image
	for i := range a.Containers {
		if a.Containers[i].Image == "" {
			continue
		}
		image, err := awsref.ParseImage(a.Containers[i].Image)
		if err != nil {
			return nil, err
		}
		image.Tag, image.Digest = "", ""
		if !slices.Contains(images, image) {
			images = append(images, image)
		}
	}
	return images, nil
}

// each lists a member of all containers, unset ones left out.
func (a *Args) each(member func(*Container) pulumi.StringInput) []pulumi.StringInput {
	var list []pulumi.StringInput
	for i := range a.Containers {
		if value := member(&a.Containers[i]); value != nil {
			list = append(list, value)
		}
	}
	return list
}

// distinct lists members of all containers, sorted and each once.
func (a *Args) distinct(members func(*Container) []string) []pulumi.StringInput {
	var list []string
	for i := range a.Containers {
		list = append(list, members(&a.Containers[i])...)
	}
	slices.Sort(list)
	return pulumi.ToStringArray(slices.DeleteFunc(slices.Compact(list), func(value string) bool { return value == "" }))
}
