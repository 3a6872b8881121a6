package awsprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTokenOfTheBridgeIsTheTerraformNameInCamelCase(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		"aws:sagemaker/model:Model":                     "aws:index/sagemakerModel:SagemakerModel",
		"aws:s3/bucketV2:BucketV2":                      "aws:index/s3Bucket:S3Bucket",
		"aws:s3/bucketVersioningV2:BucketVersioningV2":  "aws:index/s3BucketVersioning:S3BucketVersioning",
		"aws:s3/bucketPolicy:BucketPolicy":              "aws:index/s3BucketPolicy:S3BucketPolicy",
		"aws:s3/bucketObjectv2:BucketObjectv2":          "aws:index/s3Object:S3Object",
		"aws:ec2/vpc:Vpc":                               "aws:index/vpc:Vpc",
		"aws:ec2/routeTable:RouteTable":                 "aws:index/routeTable:RouteTable",
		"aws:index/getCallerIdentity:getCallerIdentity": "aws:index/getCallerIdentity:getCallerIdentity",
		"aws:iam/getPolicyDocument:getPolicyDocument":   "aws:index/getIamPolicyDocument:getIamPolicyDocument",
		"pulumi:providers:aws":                          "pulumi:providers:aws",
		"pulumi:pulumi:Stack":                           "pulumi:pulumi:Stack",
		"sagehost:endpoint:Endpoint":                    "sagehost:endpoint:Endpoint",
	} {
		assert.Equal(t, want, bridgeToken(token))
	}
}

func TestNoTwoTypesBecomeOneOnTheBridge(t *testing.T) {
	t.Parallel()
	from := map[string]string{}
	for _, entry := range used {
		target := bridgeToken(entry.token())
		assert.Empty(t, from[target], "%s is already %s", entry.token(), target)
		from[target] = entry.token()
	}
	assert.Len(t, from, len(used))
}

func TestURNKeepsItsParentsAndItsName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, urn, resource, want string }{
		{
			"no parent", "urn:pulumi:dev::p::aws:sns/topic:Topic::t", "aws:sns/topic:Topic",
			"urn:pulumi:dev::p::aws:index/snsTopic:SnsTopic::t",
		},
		{
			"parents of the same package",
			"urn:pulumi:dev::p::sagehost:a:A$aws:s3/bucketV2:BucketV2$aws:s3/bucketPolicy:BucketPolicy::n",
			"aws:s3/bucketPolicy:BucketPolicy",
			"urn:pulumi:dev::p::sagehost:a:A$aws:s3/bucketV2:BucketV2$aws:index/s3BucketPolicy:S3BucketPolicy::n",
		},
		{
			"a type of another name", objectURN, "aws:s3/bucketObjectv2:BucketObjectv2",
			"urn:pulumi:dev::p::sagehost:archive:Archive$aws:index/s3Object:S3Object::Data",
		},
		{
			"separators in the name", "urn:pulumi:dev::p::aws:sns/topic:Topic::a::b$c:d", "aws:sns/topic:Topic",
			"urn:pulumi:dev::p::aws:index/snsTopic:SnsTopic::a::b$c:d",
		},
		{
			"the provider", "urn:pulumi:dev::p::pulumi:providers:aws::default", "pulumi:providers:aws",
			"urn:pulumi:dev::p::pulumi:providers:aws::default",
		},
		{"no URN", "", "", ""},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.resource, typeOf(test.urn))
			assert.Equal(t, test.want, bridgeURN(test.urn))
		})
	}
}
