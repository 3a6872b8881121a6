package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatIsInAnotherRegionOrPartitionIsRefused(t *testing.T) {
	t.Parallel()
	const (
		abroad = ", and the stack in eu-west-1 (aws): nothing leads from one partition of AWS to another"
		image  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/flowers:1.0.0"
		noPull = " is in us-east-1, and the stack in eu-west-1: SageMaker pulls no image of another region"
	)
	refuse(t, []row{
		{
			name: "an image", set: change{"models.flowers.image": image},
			want: []string{`sagehost:models.flowers.image: "` + image + `"` + noPull},
		},
		{
			name: "an image of China", set: change{
				"models.flowers.image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1.0.0",
			},
			want: []string{`sagehost:models.flowers.image: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1.0.0" ` +
				"is in cn-north-1 (aws-cn)" + abroad},
		},
		{
			name: "an image of China by a host that is none", set: change{
				"models.flowers.image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com/flowers:1.0.0",
			},
			want: []string{`sagehost:models.flowers.image: "123456789012.dkr.ecr.cn-north-1.amazonaws.com/flowers:1.0.0" ` +
				"is not an image in Amazon ECR; expected one like " +
				`"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/name@sha256:…"`},
		},
		{
			name: "a container of a pipeline", set: change{
				"models.flowers": "{containers: [{image: " + repository + ":1}, {image: " + image + "}]}",
			},
			want: []string{`sagehost:models.flowers.containers[1].image: "` + image + `"` + noPull},
		},
		{
			name: "keys, topics and roles, all at once", set: change{
				"endpoints.flowers.kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
				"endpoints.flowers.async":     "{errorTopicArn: 'arn:aws:sns:us-east-1:123456789012:a'}",
				"endpoints.flowers.callers":   "{web: {trustedRoles: ['arn:aws-cn:iam::123456789012:role/web']}}",
			},
			want: []string{
				`sagehost:endpoints.flowers.async.errorTopicArn: "arn:aws:sns:us-east-1:123456789012:a" is in us-east-1, ` +
					"and the stack in eu-west-1: SageMaker publishes to topics of its own region alone",
				`sagehost:endpoints.flowers.callers.web.trustedRoles[0]: "arn:aws-cn:iam::123456789012:role/web" is in aws-cn` +
					abroad,
				`sagehost:endpoints.flowers.kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" is in us-east-1, ` +
					"and the stack in eu-west-1: AWS KMS encrypts nothing with a key of another region",
			},
		},
		{
			name: "a secret of another partition", set: change{
				"models.flowers.networkIsolation":    "false",
				"models.flowers.environment.API_KEY": "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a",
			},
			want: []string{`sagehost:models.flowers.environment.API_KEY: ` +
				`"arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a" is in cn-north-1 (aws-cn)` + abroad},
		},
	})
}

func TestTheAccountOfAReferenceMayBeAnother(t *testing.T) {
	t.Parallel()
	accept(t, change{
		"models.flowers.image":        "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312",
		"endpoints.flowers.kmsKeyArn": "arn:aws:kms:eu-west-1:210987654321:alias/models",
		"endpoints.flowers.async":     "{successTopicArn: 'arn:aws:sns:eu-west-1:210987654321:answers'}",
		"endpoints.flowers.callers":   "{web: {trustedRoles: ['arn:aws:iam::210987654321:role/web']}}",
	})
}

func TestAPrivateRegistryMayBeAnywhere(t *testing.T) {
	t.Parallel()
	const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/flowers:1.0.0"
	s := accept(t, change{
		"network":        "{natGateways: single}",
		"models.flowers": "{image: " + image + ", imageConfig: {repositoryAccessMode: Vpc}}",
	})
	assert.Equal(t, image, s.Models["flowers"].Image)
}
