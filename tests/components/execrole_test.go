package components_test

import (
	"strings"
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
	}`
	writeLogs = `{
		"Sid": "WriteLogs", "Effect": "Allow",
		"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
		"Resource": [
			"arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/flowers-test:*",
			"arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/flowers-b:*"
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
	program := role(execrole.Args{Containers: []execrole.Container{{Image: image}}})
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
			component:                   `{"images": ["` + image + `"]}`,
			roleType + " flowers":       trusted,
			rolePolicyType + " flowers": `{"role": "flowers-role", "policy": ` + policy + `}`,
		})
	})
	t.Run("in a preview", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program, harness.Preview())
		requireUnder(t, graph, execrole.Type)
		requireDeclares(t, graph, declaration{
			component:                   `{"images": ["` + image + `"]}`,
			roleType + " flowers":       trusted,
			rolePolicyType + " flowers": `{"role": ` + unknown + `, "policy": ` + policy + `}`,
		})
	})
}

// inputs are strings where those of resources could be.
func inputs(values ...string) []pulumi.StringInput {
	list := make([]pulumi.StringInput, len(values))
	for i, value := range values {
		list[i] = pulumi.String(value)
	}
	return list
}

const (
	keyARN     = "arn:aws-cn:kms:cn-north-1:123456789012:key/k"
	readPrefix = `{
		"Sid": "ReadPrefix", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws-cn:s3:::models/garden/*"]
	}`
	listPrefix = `{
		"Sid": "ListPrefix1", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::models"],
		"Condition": {"StringLike": {"s3:prefix": "garden/*"}}
	}`
	joinNetwork = `{
		"Sid": "CreateNetworkInterface", "Effect": "Allow", "Action": ["ec2:CreateNetworkInterface"],
		"Resource": [
			"arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*",
			"arn:aws-cn:ec2:cn-north-1:*:subnet/subnet-a", "arn:aws-cn:ec2:cn-north-1:*:subnet/subnet-b",
			"arn:aws-cn:ec2:cn-north-1:*:security-group/sg-a"
		]
	}, {
		"Sid": "UseNetworkInterface", "Effect": "Allow",
		"Action": [
			"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"
		],
		"Resource": ["arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*"]
	}, {
		"Sid": "DescribeNetwork", "Effect": "Allow",
		"Action": [
			"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets", "ec2:DescribeVpcs"
		],
		"Resource": ["*"]
	}`
)

func TestARoleMayDoWhatItsModelNeedsAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		container execrole.Container
		args      execrole.Args
		want      []string
	}{
		{"a model in its image", execrole.Container{}, execrole.Args{}, nil},
		{
			"a model with an archive",
			execrole.Container{ArtifactURI: pulumi.String(artifact)},
			execrole.Args{},
			[]string{readArtifact},
		},
		{
			"an encrypted archive",
			execrole.Container{ArtifactURI: pulumi.String(artifact)},
			execrole.Args{KMSKeyARNs: inputs(keyARN)},
			[]string{readArtifact, decryptArtifact},
		},
		{
			"an archive whose key means more to IAM than to Amazon S3",
			execrole.Container{ArtifactURI: pulumi.String("s3://models/${aws:userid}/*/m?.tar.gz")},
			execrole.Args{},
			[]string{`{
				"Sid": "ReadArtifact", "Effect": "Allow", "Action": ["s3:GetObject"],
				"Resource": ["arn:aws-cn:s3:::models/${$}{aws:userid}/${*}/m${?}.tar.gz"]
			}`},
		},
		{
			"many models, or one that is not compressed",
			execrole.Container{PrefixURI: pulumi.String("s3://models/garden/")},
			execrole.Args{},
			[]string{readPrefix, listPrefix},
		},
		{
			"a whole bucket of models",
			execrole.Container{PrefixURI: pulumi.String("s3://models/")},
			execrole.Args{},
			[]string{
				strings.Replace(readPrefix, "models/garden/*", "models/*", 1), strings.Replace(listPrefix, "garden/*", "*", 1),
			},
		},
		{
			"an archive and models by their URLs",
			execrole.Container{
				ArtifactURI: pulumi.String("https://models.s3.cn-north-1.amazonaws.com.cn/flowers/1.0.0/model.tar.gz"),
				PrefixURI:   pulumi.String("https://s3.cn-north-1.amazonaws.com.cn/models/garden/"),
			},
			execrole.Args{},
			[]string{readArtifact, readPrefix, listPrefix},
		},
		{
			"a model with secrets",
			execrole.Container{SecretARNs: []string{secretARN + "2", secretARN}},
			execrole.Args{},
			[]string{readSecrets},
		},
		{
			"a registry that asks for credentials",
			execrole.Container{CredentialsProviderARN: lambdaARN},
			execrole.Args{},
			[]string{`{
				"Sid": "AskForCredentials", "Effect": "Allow", "Action": ["lambda:InvokeFunction"],
				"Resource": ["` + lambdaARN + `"]
			}`},
		},
		{
			"endpoints that serve it",
			execrole.Container{},
			execrole.Args{EndpointNames: []string{"flowers-test", "flowers-b"}},
			[]string{writeLogs},
		},
		{"a model in a network", execrole.Container{}, execrole.Args{Network: inVPC()}, []string{joinNetwork}},
		{
			"endpoints that roll back",
			execrole.Container{},
			execrole.Args{RollbackAlarms: true},
			[]string{`{
				"Sid": "WatchAlarms", "Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms"],
				"Resource": ["arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:*"]
			}`},
		},
		{
			"endpoints that keep what they see",
			execrole.Container{},
			execrole.Args{CaptureURIs: inputs("s3://capture/flowers", "s3://all/"), EncryptionKeyARNs: inputs(keyARN)},
			[]string{`{
				"Sid": "WriteCapture", "Effect": "Allow", "Action": ["s3:PutObject"],
				"Resource": ["arn:aws-cn:s3:::capture/flowers/*", "arn:aws-cn:s3:::all/*"]
			}, {
				"Sid": "Encrypt", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
				"Resource": ["` + keyARN + `"]
			}`},
		},
		{
			"endpoints that answer later",
			execrole.Container{},
			execrole.Args{
				AsyncInputURIs: inputs("s3://in/flowers/"), AsyncOutputURIs: inputs("s3://out/flowers/"),
				TopicARNs: inputs(topicARN),
			},
			[]string{`{
				"Sid": "ReadRequests", "Effect": "Allow", "Action": ["s3:GetObject"],
				"Resource": ["arn:aws-cn:s3:::in/flowers/*"]
			}, {
				"Sid": "WriteAnswers", "Effect": "Allow", "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
				"Resource": ["arn:aws-cn:s3:::out/flowers/*"]
			}, {
				"Sid": "Notify", "Effect": "Allow", "Action": ["sns:Publish"], "Resource": ["` + topicARN + `"]
			}`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.container.Image = image
			test.args.Containers = []execrole.Container{test.container}
			requirePolicy(t, test.args, append([]string{always}, test.want...)...)
		})
	}
}

// requirePolicy expects of the role exactly these statements.
func requirePolicy(t *testing.T, args execrole.Args, statements ...string) {
	t.Helper()
	policy, ok := harness.Run(t, role(args)).One(t, rolePolicyType).Inputs["policy"].(string)
	require.True(t, ok)
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ", ")+`]}`, policy)
}

func TestTheRoleOfAPipelineServesAllItsContainers(t *testing.T) {
	t.Parallel()
	const other = "210987654321.dkr.ecr.cn-northwest-1.amazonaws.com.cn/team/preprocess:1.0.0"
	requirePolicy(t, execrole.Args{Containers: []execrole.Container{
		{Image: other, ArtifactURI: pulumi.String("s3://models/1.tar.gz"), SecretARNs: []string{secretARN}},
		{Image: image, ArtifactURI: pulumi.String("s3://models/2.tar.gz"), SecretARNs: []string{secretARN + "2"}},
		// The repository is the same, and so is the secret.
		{Image: strings.Replace(image, "@"+digest, ":2", 1), SecretARNs: []string{secretARN}},
	}}, strings.Replace(always, `"Resource": ["arn:aws-cn:ecr:`,
		`"Resource": ["arn:aws-cn:ecr:cn-northwest-1:210987654321:repository/team/preprocess", "arn:aws-cn:ecr:`, 1),
		strings.Replace(readArtifact, "arn:aws-cn:s3:::models/flowers/1.0.0/model.tar.gz",
			`arn:aws-cn:s3:::models/1.tar.gz", "arn:aws-cn:s3:::models/2.tar.gz`, 1), readSecrets)
}

// A private registry and a package of AWS Marketplace have nothing in this account's registry to read.
func TestARoleWithoutImagesInAmazonECRMayPullNone(t *testing.T) {
	t.Parallel()
	_, rest, ok := strings.Cut(always, `"Resource": ["*"]
	}, `)
	require.True(t, ok)
	requirePolicy(t, execrole.Args{Containers: []execrole.Container{{CredentialsProviderARN: ""}}}, rest)
	requirePolicy(t, execrole.Args{}, rest)
}

func TestARoleForAnImageThatCannotBePulledIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, role(execrole.Args{Containers: []execrole.Container{{Image: "nginx:1.27"}}}),
		`execution role "flowers": "nginx:1.27" is not an image in Amazon ECR; expected one like `+
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`)
}
