package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/artifacts"
	"sagehost/components/discovery"
	"sagehost/components/execrole"
	"sagehost/tests/harness"
)

const notificationType = "aws:s3/bucketNotification:BucketNotification"

// A bucket has one configuration of notifications, so that only the bucket that needs it gets one.
func TestOnlyTheBucketForBatchDataSendsEventsAndOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	for events, want := range map[bool]int{true: 1, false: 0} {
		graph := harness.Run(t, func(ctx *pulumi.Context) error {
			_, err := artifacts.New(ctx, "ml", &artifacts.Args{BatchEvents: events, Tags: tags})
			return err
		})
		assert.Equal(t, want, graph.Counts()[notificationType])
		if events {
			notification := graph.One(t, notificationType)
			assert.Equal(t, "ml-batch", notification.Name)
			assert.JSONEq(t, `{"bucket": "ml-batch-bucketv2", "eventbridge": true}`, readable(t, notification))
		}
	}
}

func TestABatchTransformIsDescribedInAParameter(t *testing.T) {
	t.Parallel()
	described := &discovery.Batch{
		StateMachineARN: pulumi.String("arn:machine"), Bucket: pulumi.String("batch"), InputPrefix: "flowers-test/input/",
		RunsPrefix: "flowers-test/runs/", InputURI: pulumi.String("s3://lake/flowers/"),
	}
	newParameter := func(endpoint pulumi.StringInput) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			_, err := discovery.New(ctx, "flowers", &discovery.Args{
				ParameterName: discovery.BatchParameterName("sagehost", "test", "flowers"), EndpointName: endpoint,
				Batch: described, Tags: tags,
			})
			return err
		}
	}
	parameter := harness.Run(t, newParameter(nil)).One(t, parameterType)
	assert.Equal(t, "/sagehost/test/batch/flowers", parameter.Inputs["name"])
	assert.Equal(t, "The batch transform to start for flowers", parameter.Inputs["description"])
	assert.JSONEq(t, `{
		"stateMachineArn": "arn:machine", "bucket": "batch", "inputPrefix": "flowers-test/input/",
		"runsPrefix": "flowers-test/runs/", "inputUri": "s3://lake/flowers/"
	}`, parameter.Inputs["insecureValue"].(string))
	requireFails(t, newParameter(pulumi.String("flowers-test")),
		`discovery "flowers": batch: contradicts endpointName; give either`)
}

// What marks a run as a success is written by the state machine, never by a container.
func TestARoleOfABatchTransformMayReadInputAndWritePredictions(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, role(execrole.Args{
		Containers:         []execrole.Container{{Image: image}},
		TransformInputURIs: inputs("s3://batch/flowers-test/input/", "s3://lake/flowers/"),
		TransformRunsURIs:  inputs("s3://batch/flowers-test/runs/"),

		ForeignTransformInputURIs: inputs("s3://lake/flowers/"),
	}))
	const logs = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/TransformJobs"
	assert.JSONEq(t, `{"role": "flowers-role", "policy": {"Version": "2012-10-17", "Statement": [`+always+`, `+
		decryptForeign(`"arn:aws-cn:s3:::lake", "arn:aws-cn:s3:::lake/flowers/*"`)+`, {
		"Sid": "PublishTransformMetrics", "Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["*"],
		"Condition": {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/TransformJobs"}}
	}, {
		"Sid": "WriteTransformLogs", "Effect": "Allow",
		"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
		"Resource": ["`+logs+`", "`+logs+`:log-stream:*"]
	}, {
		"Sid": "ReadTransformInput", "Effect": "Allow", "Action": ["s3:GetObject"],
		"Resource": ["arn:aws-cn:s3:::batch/flowers-test/input/*", "arn:aws-cn:s3:::lake/flowers/*"]
	}, {
		"Sid": "ReadManifests", "Effect": "Allow", "Action": ["s3:GetObject"],
		"Resource": ["arn:aws-cn:s3:::batch/flowers-test/runs/*/manifest.json"]
	}, {
		"Sid": "WritePredictions", "Effect": "Allow", "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
		"Resource": ["arn:aws-cn:s3:::batch/flowers-test/runs/*/output/*"]
	}, {
		"Sid": "ListPrefix1", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::batch"],
		"Condition": {"StringLike": {"s3:prefix": "flowers-test/input/*"}}
	}, {
		"Sid": "ListPrefix2", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::lake"],
		"Condition": {"StringLike": {"s3:prefix": "flowers/*"}}
	}]}}`, readable(t, graph.One(t, rolePolicyType)))
}
