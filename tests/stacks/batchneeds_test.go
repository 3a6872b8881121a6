package stacks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// TestARoleMayDoAllThatItsTransformJobsNeed: a run has a manifest, which the job reads, of the objects that it
// transforms; predictions go beneath the run's folder.
func TestARoleMayDoAllThatItsTransformJobsNeed(t *testing.T) {
	t.Parallel()
	const own = "s3://sagehost-dev-batch-bucketv2/b-dev/"
	for _, encryption := range []string{`{}`, `{"enabled": true}`} {
		for input, object := range map[string]string{
			``:                                  own + "input/day=1/rows.csv",
			`, "input": "s3://theirs"`:          "s3://theirs/day=1/rows.csv",
			`, "input": "s3://theirs/rows/"`:    "s3://theirs/rows/a b/rows.csv",
			`, "input": "s3://theirs/rows.csv"`: "s3://theirs/rows.csv",
		} {
			graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
				"aws:region": "cn-north-1", "sagehost:encryption": encryption,
				"sagehost:models": `{"m": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/m:1"}}`,
				"sagehost:batch":  `{"b": {"model": "m", "instanceType": "ml.m5.large"` + input + `}}`,
			}))
			policy, err := harness.ReadPolicy(graph.Named(t, rolePolicyType, "m").Inputs["policy"].(string))
			require.NoError(t, err)
			asked := &asked{t: t, graph: graph}
			asked.reads(object, false)
			asked.reads(own+"runs/2026-12-01-nightly/manifest.json", false)
			asked.writes(own+"runs/2026-12-01-nightly/output/day=1/", nil)
			asked.add("arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/TransformJobs", nil,
				"logs:CreateLogGroup", "logs:DescribeLogStreams")
			asked.add("arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/TransformJobs:log-stream:j/i-1", nil,
				"logs:CreateLogStream", "logs:PutLogEvents")
			asked.add("*", map[string]string{"cloudwatch:namespace": "/aws/sagemaker/TransformJobs"},
				"cloudwatch:PutMetricData")
			for _, request := range asked.requests {
				assert.True(t, policy.Allows(request), "the role may not %v; batch %q, encryption %s", request, input, encryption)
			}
			forged := harness.Request{Action: "s3:PutObject", Resource: "arn:aws-cn:s3:::sagehost-dev-batch-bucketv2/b-dev/" +
				"runs/2026-12-01-nightly/_SUCCESS"}
			assert.False(t, policy.Allows(forged), "a job marks no run as a success")
		}
	}
}

// A model package names its images and archives itself, so the settings say what its role must reach.
func TestARoleMayDoAllThatItsModelPackageNeeds(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"aws:region": "cn-north-1",
		"sagehost:models": `{"m": {
			"packageArn": "arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/flowers/1",
			"packageImages": ["210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/team/m:1"],
			"packagePrefixes": ["s3://theirs/flowers/"]}}`,
	}))
	policy, err := harness.ReadPolicy(graph.Named(t, rolePolicyType, "m").Inputs["policy"].(string))
	require.NoError(t, err)
	asked := &asked{t: t, graph: graph}
	asked.ofContainer(map[string]any{
		"image":        "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/team/m@sha256:" + strings.Repeat("a", 64),
		"modelDataUrl": "s3://theirs/flowers/1/model.tar.gz",
	})
	assert.Len(t, asked.requests, 7)
	for _, request := range asked.requests {
		assert.True(t, policy.Allows(request), "the role may not %v", request)
	}
}
