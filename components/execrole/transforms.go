package execrole

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// What batch transforms call their logs and metrics (SageMaker developer guide, "Log groups and streams" and
// "Metrics").
const (
	transformLogs    = "log-group:/aws/sagemaker/TransformJobs"
	transformMetrics = "/aws/sagemaker/TransformJobs"
)

// transforms are what batch transforms do as the role of their model. What marks a run as a success is not theirs to
// write.
func transforms(args *Args, here account.Account) []iampolicy.Statement {
	if len(args.TransformRunsURIs) == 0 {
		return nil
	}
	metrics := allow("PublishTransformMetrics", anything(), "cloudwatch:PutMetricData")
	metrics.Conditions = map[string]pulumi.StringMap{
		"StringEquals": {"cloudwatch:namespace": pulumi.String(transformMetrics)},
	}
	logs := []pulumi.StringInput{here.ARN("logs", transformLogs), here.ARN("logs", transformLogs+":log-stream:*")}
	return []iampolicy.Statement{
		metrics,
		allow("WriteTransformLogs", logs,
			"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
		allow("ReadTransformInput", inputs(args.TransformInputURIs, here), "s3:GetObject"),
		allow("ReadManifests", inRuns(args.TransformRunsURIs, "manifest.json", here), "s3:GetObject"),
		allow("WritePredictions", inRuns(args.TransformRunsURIs, "output/*", here), "s3:AbortMultipartUpload",
			"s3:PutObject"),
	}
}

// inRuns are the ARNs of objects in the folder of any run.
func inRuns(runs []pulumi.StringInput, name string, here account.Account) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(runs))
	for i, uri := range runs {
		arns[i] = within(uri, here, func(bucket, key string) string {
			return bucket + "/" + literal.Replace(key) + "*/" + name
		})
	}
	return arns
}
