package awsref_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

func problemOf(rule func(check.At)) string {
	at := check.New("x")
	rule(at)
	if err := at.Err(); err != nil {
		return err.Error()
	}
	return ""
}

func TestAReferenceHasTheFormOfItsKind(t *testing.T) {
	t.Parallel()
	const (
		key   = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
		alias = "arn:aws:kms:eu-west-1:123456789012:alias/team/models"
		role  = "arn:aws:iam::123456789012:role/team/flowers"
		topic = "arn:aws:sns:eu-west-1:123456789012:answers"
	)
	for _, test := range []struct {
		kind awsref.Kind
		text string
		want string
	}{
		{awsref.KMSKey, key, ""},
		{awsref.KMSKey, "arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab", ""},
		{awsref.KMSKey, alias, ""},
		{awsref.KMSKey, "arn:aws-cn:kms:cn-north-1:123456789012:key/1", ""},
		{awsref.KMSKey, role, `x: "` + role + `" is not the ARN of a KMS key`},
		{awsref.KMSKey, "alias/models", `x: "alias/models" is not the ARN of a KMS key`},
		{
			awsref.KMSKey, "arn:aws:kms:eu-west-1:123456789012:key/*",
			`x: "arn:aws:kms:eu-west-1:123456789012:key/*" is not the ARN of a KMS key`,
		},
		{
			awsref.KMSKey, "arn:aws:kms:eu-west-1:123456789012:key/alias/models",
			`x: "arn:aws:kms:eu-west-1:123456789012:key/alias/models" is not the ARN of a KMS key`,
		},
		{
			awsref.KMSKey, "arn:aws:kms:cn-north-1:123456789012:key/1",
			`x: "arn:aws:kms:cn-north-1:123456789012:key/1" is not the ARN of a KMS key`,
		},
		{awsref.KMSKeyOnly, key, ""},
		{awsref.KMSKeyOnly, alias, `x: "` + alias + `" is not the ARN of a key`},
		{awsref.Topic, topic, ""},
		{awsref.Topic, topic + ":subscription", `x: "` + topic + `:subscription" is not the ARN of an SNS topic`},
		{
			awsref.Topic, "arn:aws:sqs:eu-west-1:123456789012:answers",
			`x: "arn:aws:sqs:eu-west-1:123456789012:answers" is not the ARN of an SNS topic`,
		},
		{awsref.Role, role, ""},
		{awsref.Policy, "arn:aws:iam::123456789012:policy/team/limit", ""},
		{awsref.Policy, "arn:aws-cn:iam::aws:policy/PowerUserAccess", ""},
		{awsref.Policy, role, `x: "` + role + `" is not the ARN of a managed policy of IAM`},
		{
			awsref.Role, "arn:aws:iam::123456789012:user/flowers",
			`x: "arn:aws:iam::123456789012:user/flowers" is not the ARN of a role`,
		},
		{awsref.Role, "arn:aws:iam::123456789012:role/*", `x: "arn:aws:iam::123456789012:role/*" is not the ARN of a role`},
		{awsref.Function, "arn:aws:lambda:eu-west-1:123456789012:function:login:live", ""},
		{awsref.Function, topic, `x: "` + topic + `" is not the ARN of a function in AWS Lambda`},
		{awsref.ModelPackage, "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers/3", ""},
		{
			awsref.ModelPackage, "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/flowers",
			`x: "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/flowers" is not the ARN of a model package; ` +
				`expected one like "arn:<partition>:sagemaker:eu-west-1:123456789012:model-package/flowers/1"`,
		},
	} {
		ok := false
		problem := problemOf(func(at check.At) { ok = test.kind.CheckForm(at, test.text) })
		assert.Equal(t, test.want, problem)
		assert.Equal(t, test.want == "", ok)
	}
}

func TestAReferenceIsWhereAWSDemandsIt(t *testing.T) {
	t.Parallel()
	const others = ": nothing leads from one partition of AWS to another"
	for _, test := range []struct {
		kind   awsref.Kind
		region string
		text   string
		want   string
	}{
		{awsref.ImageURI, "eu-west-1", "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1", ""},
		{awsref.ImageURI, "eu-west-1", "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com/a:1", ""},
		{awsref.ImageURI, "eu-west-1", "123456789012.dkr-ecr.eu-west-1.on.aws/a:1", ""},
		{awsref.ImageURI, "nz-north-1", "123456789012.dkr.ecr.nz-north-1.amazonaws.com/a:1", ""},
		{
			awsref.ImageURI, "eu-west-1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1",
			"is in us-east-1, and the stack in eu-west-1: SageMaker pulls no image of another region",
		},
		{
			awsref.ImageURI, "us-gov-west-1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1",
			"is in us-east-1 (aws), and the stack in us-gov-west-1 (aws-us-gov)" + others,
		},
		{awsref.ImageURI, "", "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", ""},
		{awsref.ImageURI, "eu-west", "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", ""},
		{awsref.ImageURI, "eu-west-1", "nginx", ""},
		{awsref.KMSKey, "eu-west-1", "arn:aws:kms:eu-west-1:210987654321:key/1", ""},
		{
			awsref.KMSKey, "eu-west-1", "arn:aws:kms:eu-west-2:123456789012:alias/a",
			"is in eu-west-2, and the stack in eu-west-1: AWS KMS encrypts nothing with a key of another region",
		},
		{awsref.KMSKeyOnly, "eu-west-1", "arn:aws:kms:eu-west-2:123456789012:key/1", ""},
		{
			awsref.KMSKeyOnly, "eu-west-1", "arn:aws-cn:kms:cn-north-1:123456789012:key/1",
			"is in cn-north-1 (aws-cn), and the stack in eu-west-1 (aws)" + others,
		},
		{
			awsref.Topic, "eu-west-1", "arn:aws:sns:us-east-1:123456789012:a",
			"is in us-east-1, and the stack in eu-west-1: SageMaker publishes to topics of its own region alone",
		},
		{awsref.Role, "eu-west-1", "arn:aws:iam::210987654321:role/a", ""},
		{
			awsref.Role, "eu-west-1", "arn:aws-cn:iam::210987654321:role/a",
			"is in aws-cn, and the stack in eu-west-1 (aws)" + others,
		},
		{
			awsref.Function, "eu-west-1", "arn:aws:lambda:us-east-1:123456789012:function:a",
			"is in us-east-1, and the stack in eu-west-1: SageMaker invokes functions of its own region alone",
		},
		{awsref.ModelPackage, "eu-west-1", "arn:aws:sagemaker:eu-west-1:210987654321:model-package/a/1", ""},
		{
			awsref.ModelPackage, "eu-west-1", "arn:aws:sagemaker:us-east-1:123456789012:model-package/a/1",
			"is in us-east-1, and the stack in eu-west-1: SageMaker finds no model package of another region",
		},
		{awsref.Environment, "eu-west-1", "arn:aws:secretsmanager:us-east-1:123456789012:secret:a", ""},
		{
			awsref.Environment, "eu-west-1", "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a",
			"is in us-gov-west-1 (aws-us-gov), and the stack in eu-west-1 (aws)" + others,
		},
		{awsref.Environment, "eu-west-1", "debug", ""},
		{awsref.ModelData, "eu-west-1", "s3://models/a/model.tar.gz", ""},
		{awsref.ModelData, "eu-west-1", "s3://jumpstart-cache-prod-eu-west-1/a/", ""},
		{
			awsref.ModelData, "eu-west-1", "s3://jumpstart-cache-prod-us-east-1/a/",
			"is in us-east-1, and the stack in eu-west-1: SageMaker reads no model data of another region",
		},
		{awsref.ModelData, "eu-west-1", "s3://jumpstart-cache-prod-of-acme/a/", ""},
		{awsref.ModelData, "eu-west-1", "https://models.s3.eu-west-1.amazonaws.com/a", ""},
		{awsref.ModelData, "eu-west-1", "https://models.s3.amazonaws.com/a", ""},
		{
			awsref.ModelData, "eu-west-1", "https://models.s3.us-east-1.amazonaws.com/a",
			"is in us-east-1, and the stack in eu-west-1: SageMaker reads no model data of another region",
		},
		{
			awsref.BatchData, "eu-west-1", "https://s3.cn-north-1.amazonaws.com.cn/data/a",
			"is in cn-north-1 (aws-cn), and the stack in eu-west-1 (aws)" + others,
		},
	} {
		want := ""
		if test.want != "" {
			want = `x: "` + test.text + `" ` + test.want
		}
		place := awsref.Place{Region: test.region}
		assert.Equal(t, want, problemOf(func(at check.At) { test.kind.CheckPlace(at, test.text, place) }))
	}
}

func TestABoundaryIsOfTheAccountThatTheStackMayBeIn(t *testing.T) {
	t.Parallel()
	const own, foreign = "arn:aws:iam::123456789012:policy/edge", "arn:aws:iam::999999999999:policy/edge"
	for _, test := range []struct {
		text     string
		accounts []string
		want     string
	}{
		{own, []string{"123456789012"}, ""},
		{foreign, nil, ""},
		{"arn:aws:iam::aws:policy/PowerUserAccess", []string{"123456789012"}, ""},
		{
			foreign, []string{"111111111111", "123456789012"}, `x: "` + foreign + `" is in account 999999999999, and ` +
				"aws:allowedAccountIds has 111111111111 and 123456789012: IAM attaches policies of the role's own account alone",
		},
	} {
		place := awsref.Place{Region: "eu-west-1", Accounts: test.accounts}
		assert.Equal(t, test.want, problemOf(func(at check.At) { awsref.Policy.CheckPlace(at, test.text, place) }))
	}
}
