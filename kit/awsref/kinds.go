// Package awsref knows the texts that refer to something in AWS, such as ARNs, images and URIs: their form, and whether
// what they name may be in another region, account or partition than the stack.
package awsref

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize/english"

	"sagehost/kit/check"
)

// Tag is the key under which the tag of a struct's field names the Kind of its texts: `aws:"kmsKey"`.
const Tag = "aws"

// Kind is a kind of reference. Fields of settings name it in their tag.
type Kind string

// Kinds of references.
const (
	ImageURI     Kind = "image"
	KMSKey       Kind = "kmsKey"
	KMSKeyOnly   Kind = "kmsKeyOnly"
	Topic        Kind = "topic"
	Function     Kind = "function"
	Role         Kind = "role"
	Policy       Kind = "policy"
	ModelPackage Kind = "modelPackage"
	ModelData    Kind = "modelData"
	EndpointData Kind = "endpointData"
	BatchData    Kind = "batchData"
	Environment  Kind = "environment"
)

// where is what AWS demands of the place of something.
type where int

const (
	// anyRegion and anyAccount are those of the stack's partition: nothing leads from one partition to another.
	anyRegion where = iota
	sameRegion
	sameAccount
)

// Place is where a stack is.
type Place struct {
	Region string
	// Accounts are the ids of the accounts that the stack may be in; none where nobody says.
	Accounts []string
}

// demand is what a kind of reference must be, and where.
type demand struct {
	// problem says what a text is not.
	problem string
	parse   parser
	region  where
	account where
	// because says why it must be in the stack's region or account.
	because string
}

// A key, of one or several regions, and an alias in place of one (AWS KMS Developer Guide, "Key identifiers").
const (
	keyID   = `key/[a-zA-Z0-9-]+`
	aliasID = `alias/[a-zA-Z0-9:/_-]+`
)

// demands has a row for each kind. Where none is demanded, all accounts are possible if the owner of the thing allows
// this one to use it, by the policy of a key, topic, function, repository, bucket, secret or package.
var demands = map[Kind]demand{
	// SageMaker API reference, ContainerDefinition.Image: in the same region as the model; CreateModel says "Cross region
	// ECR image pulls are not allowed". AWS's own images are in accounts of AWS's.
	ImageURI: {
		problem: "is not an image in Amazon ECR", parse: parseRegistry,
		region: sameRegion, because: "SageMaker pulls no image of another region",
	},
	// AWS KMS Developer Guide, "Key identifiers" and "Multi-Region keys": a key works in the region of its ARN alone,
	// where the volumes and the service that uses it are. CreateEndpointConfig.KmsKeyId takes aliases, too.
	KMSKey: {
		problem: "is not the ARN of a KMS key", parse: arn("kms", keyID+"|"+aliasID),
		region: sameRegion, because: "AWS KMS encrypts nothing with a key of another region",
	},
	// IAM policies name keys, not aliases (AWS KMS Developer Guide, "Specifying KMS keys in IAM policy statements"). What
	// is read from Amazon S3 is decrypted in the bucket's region, which may be another one.
	KMSKeyOnly: {problem: "is not the ARN of a key", parse: arn("kms", keyID)},
	// SageMaker service model, SnsTopicArn; SageMaker publishes in its own region, where Amazon SNS refuses a topic of
	// another one (Amazon SNS API reference, Publish: InvalidParameter).
	Topic: {
		problem: "is not the ARN of an SNS topic", parse: arn("sns", `[a-zA-Z0-9_.-]+`),
		region: sameRegion, because: "SageMaker publishes to topics of its own region alone",
	},
	// AWS Lambda API reference, Invoke: a function of another region is not found.
	Function: {
		problem: "is not the ARN of a function in AWS Lambda",
		parse:   arn("lambda", `function:[\w-]{1,64}(?::(?:\$LATEST|[\w-]+))?`),
		region:  sameRegion, because: "SageMaker invokes functions of its own region alone",
	},
	// IAM User Guide, "IAM ARNs": the same in all regions of a partition.
	Role: {problem: "is not the ARN of a role", parse: globalARN("iam", `\d{12}`, `role/[\w+=,.@/-]+`)},
	// AWS's own managed policies are in an account called "aws" (IAM User Guide, "Managed policies and inline policies":
	// a customer's own can be attached to entities of its account).
	Policy: {
		problem: "is not the ARN of a managed policy of IAM", parse: globalARN("iam", `\d{12}|aws`, `policy/[\w+=,.@/-]+`),
		account: sameAccount, because: "IAM attaches policies of the role's own account alone",
	},
	// SageMaker service model, ModelPackageArn. The registry of models is regional: CreateModel finds packages of its
	// own region, in AWS Marketplace, too (developer guide, "Find your model package ARN": one for each region).
	ModelPackage: {
		problem: "is not the ARN of a model package; expected one like " +
			`"arn:<partition>:sagemaker:eu-west-1:123456789012:model-package/flowers/1"`,
		parse:  arn("sagemaker", `model-package/[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}(?:/[0-9]{1,9})?`),
		region: sameRegion, because: "SageMaker finds no model package of another region",
	},
	// SageMaker API reference, ContainerDefinition.ModelDataUrl: in the same region as the model.
	ModelData: {
		problem: "is not in Amazon S3", parse: parseLocation,
		region: sameRegion, because: "SageMaker reads no model data of another region",
	},
	// Amazon S3 User Guide, "Request routing": an endpoint of another region answers with a redirect.
	EndpointData: {
		problem: "is not in Amazon S3", parse: parseLocation,
		region: sameRegion, because: "SageMaker writes what endpoints keep to buckets of its own region",
	},
	BatchData: {
		problem: "is not in Amazon S3", parse: parseLocation,
		region: sameRegion, because: "SageMaker transforms objects of its own region",
	},
	// A container may ask AWS Secrets Manager in any region, with the credentials of this partition.
	Environment: {
		problem: "is not the ARN of a secret", parse: arn("secretsmanager", `secret:[\w/+=.@-]+`),
	},
}

// Known reports whether there is such a kind.
func (k Kind) Known() bool {
	_, known := demands[k]
	return known
}

// CheckForm reports a text that is no reference of the kind, and says whether it is one.
func (k Kind) CheckForm(at check.At, text string) bool {
	row := demands[k]
	_, ok := row.parse(text)
	if !ok {
		at.Addf("%q %s", text, row.problem)
	}
	return ok
}

// CheckPlace reports a reference to something that a stack in this place cannot use for being elsewhere. Texts of
// another form are passed over, and so is everything where the region is none.
func (k Kind) CheckPlace(at check.At, text string, stack Place) {
	row := demands[k]
	from, ok := row.parse(text)
	partition, known := PartitionOf(stack.Region)
	if !ok || !known {
		return
	}
	switch {
	case from.partition != "" && from.partition != partition.ID:
		at.Addf("%q is in %s, and the stack in %s: nothing leads from one partition of AWS to another",
			text, from, origin{partition: partition.ID, region: stack.Region})
	case row.region == sameRegion && from.region != "" && from.region != stack.Region:
		at.Addf("%q is in %s, and the stack in %s: %s", text, from.region, stack.Region, row.because)
	case row.account == sameAccount && accountID.MatchString(from.account) && len(stack.Accounts) > 0 &&
		!slices.Contains(stack.Accounts, from.account):
		at.Addf("%q is in account %s, and aws:allowedAccountIds has %s: %s",
			text, from.account, english.OxfordWordSeries(stack.Accounts, "and"), row.because)
	}
}

// String is the region and partition, as far as they are known.
func (o origin) String() string {
	if o.region == "" {
		return o.partition
	}
	return fmt.Sprintf("%s (%s)", o.region, o.partition)
}
