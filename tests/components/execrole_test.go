package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/execrole"
	"sagehost/tests/harness"
)

const (
	roleType       = "aws:iam/role:Role"
	rolePolicyType = "aws:iam/rolePolicy:RolePolicy"
)

func role(args execrole.Args) pulumi.RunFunc {
	args.Tags = tags
	return func(ctx *pulumi.Context) error {
		_, err := execrole.New(ctx, "flowers", &args)
		return err
	}
}

const trustPolicy = `{
	"Version": "2012-10-17",
	"Statement": [{
		"Effect": "Allow",
		"Action": ["sts:AssumeRole"],
		"Principal": {"Service": "sagemaker.amazonaws.com"},
		"Condition": {
			"StringEquals": {"aws:SourceAccount": "123456789012"},
			"ArnLike": {"aws:SourceArn": "arn:aws-cn:sagemaker:cn-north-1:123456789012:*"}
		}
	}]
}`

// What every model needs, and what only some do.
const (
	always = `{
		"Sid": "PullImage", "Effect": "Allow",
		"Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
		"Resource": ["arn:aws-cn:ecr:cn-northwest-1:210987654321:repository/team/flowers"]
	}, {
		"Sid": "LogInToRegistry", "Effect": "Allow", "Action": ["ecr:GetAuthorizationToken"], "Resource": ["*"]
	}, {
		"Sid": "PublishMetrics", "Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["*"],
		"Condition": {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}}
	}, {
		"Sid": "WriteLogs", "Effect": "Allow",
		"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
		"Resource": [
			"arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/*",
			"arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/*:log-stream:*"
		]
	}`
	readArtifact = `{
		"Sid": "ReadArtifact", "Effect": "Allow", "Action": ["s3:GetObject"],
		"Resource": ["arn:aws-cn:s3:::models/flowers/1.0.0/model.tar.gz"]
	}`
	decryptArtifact = `{
		"Sid": "DecryptArtifact", "Effect": "Allow", "Action": ["kms:Decrypt"],
		"Resource": ["arn:aws-cn:kms:cn-north-1:123456789012:key/k"]
	}`
	readSecrets = `{
		"Sid": "ReadSecrets", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"],
		"Resource": ["` + secretARN + `", "` + secretARN + `2"]
	}`
)

func TestARoleIsARoleAndItsPolicy(t *testing.T) {
	t.Parallel()
	program := role(execrole.Args{Image: image})
	component := execrole.Type + " flowers"
	trusted := `{
		"description": "Runs the SageMaker model flowers", "assumeRolePolicy": ` + trustPolicy + `, ` + wantTags + `
	}`
	policy := `{"Version": "2012-10-17", "Statement": [` + always + `]}`
	t.Run("when it is created", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program)
		requireUnder(t, graph, execrole.Type)
		requireDeclares(t, graph, declaration{
			component:                   `{"image": "` + image + `"}`,
			roleType + " flowers":       trusted,
			rolePolicyType + " flowers": `{"role": "flowers-role", "policy": ` + policy + `}`,
		})
	})
	t.Run("in a preview", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program, harness.Preview())
		requireUnder(t, graph, execrole.Type)
		requireDeclares(t, graph, declaration{
			component:                   `{"image": "` + image + `"}`,
			roleType + " flowers":       trusted,
			rolePolicyType + " flowers": `{"role": ` + unknown + `, "policy": ` + policy + `}`,
		})
	})
}

func TestARoleMayDoWhatItsModelNeedsAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args execrole.Args
		want string
	}{
		{"a model in its image", execrole.Args{}, always},
		{
			"a model with an archive",
			execrole.Args{ArtifactURI: pulumi.String(artifact)},
			always + ", " + readArtifact,
		},
		{
			"an encrypted archive",
			execrole.Args{
				ArtifactURI: pulumi.String(artifact),
				KMSKeyARN:   pulumi.String("arn:aws-cn:kms:cn-north-1:123456789012:key/k"),
			},
			always + ", " + readArtifact + ", " + decryptArtifact,
		},
		{
			"a model with secrets",
			execrole.Args{SecretARNs: []string{secretARN, secretARN + "2"}},
			always + ", " + readSecrets,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.args.Image = image
			policy, ok := harness.Run(t, role(test.args)).One(t, rolePolicyType).Inputs["policy"].(string)
			require.True(t, ok)
			assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+test.want+`]}`, policy)
		})
	}
}

func TestARoleForAnImageThatCannotBePulledIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, role(execrole.Args{Image: "nginx:1.27"}),
		`execution role "flowers": "nginx:1.27" is not an image in Amazon ECR; expected one like `+
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`)
}
