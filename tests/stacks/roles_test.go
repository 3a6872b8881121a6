package stacks_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

const (
	prodKey     = exportedARN + "sagehost-prod-key"
	prodBuckets = "arn:aws-cn:s3:::sagehost-prod-"
)

// statement is one of a policy that allows something.
func statement(sid string, actions, resources []any) map[string]any {
	return map[string]any{"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
}

// basics are those of the stacks of this repository, whose images are in Ireland.
func basics(endpoints ...string) []any { return basicsIn("eu-west-1", endpoints...) }

// basicsIn is what the role of every model of the image "scoring" behind these endpoints may do.
func basicsIn(imageRegion string, endpoints ...string) []any {
	metrics := statement("PublishMetrics", []any{"cloudwatch:PutMetricData"}, []any{"*"})
	metrics["Condition"] = map[string]any{
		"StringEquals": map[string]any{"cloudwatch:namespace": "/aws/sagemaker/Endpoints"},
	}
	logs := make([]any, len(endpoints))
	for i, name := range endpoints {
		logs[i] = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/" + name + ":*"
	}
	return []any{
		statement("PullImage",
			[]any{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
			[]any{"arn:aws-cn:ecr:" + imageRegion + ":123456789012:repository/scoring"}),
		statement("LogInToRegistry", []any{"ecr:GetAuthorizationToken"}, []any{"*"}),
		metrics,
		statement("WriteLogs",
			[]any{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"}, logs),
	}
}

// archive is what the role of a model in prod needs to read its archive.
func archive(t *testing.T, graph *harness.Graph, name string) []any {
	t.Helper()
	key, ok := graph.Named(t, objectType, name).Inputs["key"].(string)
	require.True(t, ok)
	return []any{
		statement("ReadArtifact", []any{"s3:GetObject"}, []any{prodBuckets + "models-bucketv2/" + key}),
		statement("DecryptArtifact", []any{"kms:Decrypt"}, []any{prodKey}),
	}
}

// inNetwork is what the role of a model in prod needs to join the network.
func inNetwork() []any {
	const ec2 = "arn:aws-cn:ec2:cn-north-1:"
	interfaces := ec2 + "123456789012:network-interface/*"
	return []any{
		statement("CreateNetworkInterface", []any{"ec2:CreateNetworkInterface"}, []any{
			interfaces, ec2 + "*:subnet/isolated-1", ec2 + "*:subnet/isolated-2",
			ec2 + "*:security-group/sagehost-prod-models-securitygroup-id",
		}),
		statement("UseNetworkInterface", []any{
			"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission",
		}, []any{interfaces}),
		statement("DescribeNetwork", []any{
			"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
			"ec2:DescribeVpcs",
		}, []any{"*"}),
	}
}

// mayDo is the policy of a model's role.
func mayDo(t *testing.T, graph *harness.Graph, name string) []any {
	t.Helper()
	document := graph.Named(t, rolePolicyType, name).JSON(t, "policy")
	require.Equal(t, "2012-10-17", document["Version"])
	statements, ok := document["Statement"].([]any)
	require.True(t, ok)
	return statements
}

func TestTheRoleBehindAnAsynchronousEndpointMayReadRequestsAndWriteAnswers(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	const batch = prodBuckets + "batch-bucketv2/petals-prod/"
	want := append(basics("petals-prod"), archive(t, graph, "petals")...)
	want = append(want,
		statement("ReadRequests", []any{"s3:GetObject"}, []any{batch + "async-input/*"}),
		statement("WriteAnswers", []any{"s3:AbortMultipartUpload", "s3:PutObject"},
			[]any{batch + "async-output/*", batch + "async-output/failures/*"}),
		statement("Notify", []any{"sns:Publish"}, []any{exportedARN + "sagehost-prod-topic"}),
		statement("Encrypt", []any{"kms:Decrypt", "kms:GenerateDataKey"}, []any{prodKey}),
	)
	assert.Equal(t, append(want, inNetwork()...), mayDo(t, graph, "petals"))
}

func TestTheRoleBehindACapturedEndpointMayWriteCapturesAndWatchAlarms(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	want := append(basics("flowers-prod"), archive(t, graph, "flowers")...)
	want = append(want,
		statement("WriteCapture", []any{"s3:PutObject"}, []any{prodBuckets + "capture-bucketv2/*"}),
		statement("Encrypt", []any{"kms:Decrypt", "kms:GenerateDataKey"}, []any{prodKey}),
		statement("WatchAlarms", []any{"cloudwatch:DescribeAlarms"},
			[]any{"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:*"}),
	)
	assert.Equal(t, slices.Concat(want, transforms("flowers-prod"), inNetwork()), mayDo(t, graph, "flowers"))
}

// transforms is what the role of a model in prod needs for a batch transform of this name.
func transforms(name string) []any {
	const (
		logs   = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/TransformJobs"
		bucket = prodBuckets + "batch-bucketv2"
	)
	metrics := statement("PublishTransformMetrics", []any{"cloudwatch:PutMetricData"}, []any{"*"})
	metrics["Condition"] = map[string]any{
		"StringEquals": map[string]any{"cloudwatch:namespace": "/aws/sagemaker/TransformJobs"},
	}
	list := func(sid, folder string) map[string]any {
		s := statement(sid, []any{"s3:ListBucket"}, []any{bucket})
		s["Condition"] = map[string]any{"StringLike": map[string]any{"s3:prefix": name + folder}}
		return s
	}
	return []any{
		metrics,
		statement("WriteTransformLogs",
			[]any{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
			[]any{logs, logs + ":log-stream:*"}),
		statement("ReadTransformInput", []any{"s3:GetObject"},
			[]any{bucket + "/" + name + "/input/*", bucket + "/" + name + "/evaluation/*"}),
		statement("ReadManifests", []any{"s3:GetObject"}, []any{bucket + "/" + name + "/runs/*/manifest.json"}),
		statement("WritePredictions", []any{"s3:AbortMultipartUpload", "s3:PutObject"},
			[]any{bucket + "/" + name + "/runs/*/output/*"}),
		list("ListPrefix1", "/input/*"), list("ListPrefix2", "/evaluation/*"),
	}
}

// sids are the names of a policy's statements.
func sids(t *testing.T, statements []any) []any {
	t.Helper()
	var names []any
	for _, s := range objects(t, statements) {
		names = append(names, s["Sid"])
	}
	return names
}

func TestNoRoleMayDoWhatItsEndpointDoesNot(t *testing.T) {
	t.Parallel()
	always := []any{"PullImage", "LogInToRegistry", "PublishMetrics", "WriteLogs"}
	with := func(more ...any) []any { return append(slices.Clip(always), more...) }
	inside := func(more ...any) []any {
		return append(with(more...), "CreateNetworkInterface", "UseNetworkInterface", "DescribeNetwork")
	}
	batched := []any{
		"PublishTransformMetrics", "WriteTransformLogs", "ReadTransformInput", "ReadManifests", "WritePredictions",
		"ListPrefix1", "ListPrefix2",
	}
	withBatch := func(more ...any) []any { return append(with(more...), batched...) }
	batchInside := func(more ...any) []any { return inside(append(more, batched...)...) }
	for stack, roles := range map[string]map[string][]any{
		"dev": {
			"flowers":  withBatch("ReadArtifact"),
			"garden":   with("ReadPrefix", "ListPrefix1"),
			"penguins": withBatch("ReadArtifact"),
			"petals":   with("ReadArtifact"),
		},
		"prod": {
			"flowers":  batchInside("ReadArtifact", "DecryptArtifact", "WriteCapture", "Encrypt", "WatchAlarms"),
			"garden":   inside("ReadPrefix", "DecryptArtifact", "ListPrefix1"),
			"penguins": batchInside("ReadArtifact", "DecryptArtifact", "Encrypt"),
			"petals":   inside("ReadArtifact", "DecryptArtifact", "ReadRequests", "WriteAnswers", "Notify", "Encrypt"),
		},
	} {
		graph := run(t, stack)
		require.Len(t, graph.All(modelType), len(roles))
		for name, want := range roles {
			assert.Equal(t, want, sids(t, mayDo(t, graph, name)), "%s of %s", name, stack)
		}
	}
}

func TestACallerMayInvokeItsEndpointAndNothingElse(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	statements := func(name string) any {
		return graph.Named(t, callerPolicyType, name).JSON(t, "policy")["Statement"]
	}
	assert.Equal(t, []any{
		statement("Invoke", []any{"sagemaker:InvokeEndpoint"}, []any{exportedARN + "flowers-endpoint"}),
	}, statements("flowers.website"))
	tenant := objects(t, statements("garden.tenant-one"))
	require.Len(t, tenant, 1)
	assert.Equal(t, []any{"sagemaker:InvokeEndpoint"}, tenant[0]["Action"])
	assert.Equal(t, []any{exportedARN + "garden-endpoint"}, tenant[0]["Resource"])
	assert.Equal(t, map[string]any{"StringLike": map[string]any{"sagemaker:TargetModel": "one-*"}}, tenant[0]["Condition"])
}

// A model behind several endpoints has one role, which is the same every time and may do what each of them does once.
func TestTheRoleOfAModelServesAllItsEndpoints(t *testing.T) {
	t.Parallel()
	const variant = `{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}`
	config := harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1"}}`,
		"sagehost:endpoints": `{
			"a": {"async": {}, "variants": [` + variant + `]},
			"c": {"dataCapture": {}, "variants": [` + variant + `], "shadow": {
				"name": "next", "model": "flowers", "instanceType": "ml.m5.large"
			}},
			"d": {"update": {}, "variants": [` + variant + `]},
			"z": {"async": {"errorTopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:errors"}, "variants": [` + variant + `]}
		}`,
	})
	const batch = "arn:aws-cn:s3:::sagehost-dev-batch-bucketv2/"
	notify := statement("NotifyForeign", []any{"kms:Decrypt", "kms:GenerateDataKey"},
		[]any{"arn:aws-cn:kms:cn-north-1:*:key/*"})
	notify["Condition"] = map[string]any{
		"StringLike": map[string]any{"kms:ViaService": "sns.cn-north-1.amazonaws.com*"},
	}
	want := append(basicsIn(harness.Region, "a-dev", "c-dev", "d-dev", "z-dev"),
		statement("WriteCapture", []any{"s3:PutObject"}, []any{"arn:aws-cn:s3:::sagehost-dev-capture-bucketv2/*"}),
		statement("ReadRequests", []any{"s3:GetObject"}, []any{batch + "a-dev/async-input/*", batch + "z-dev/async-input/*"}),
		statement("WriteAnswers", []any{"s3:AbortMultipartUpload", "s3:PutObject"}, []any{
			batch + "a-dev/async-output/*", batch + "a-dev/async-output/failures/*",
			batch + "z-dev/async-output/*", batch + "z-dev/async-output/failures/*",
		}),
		statement("Notify", []any{"sns:Publish"}, []any{
			"arn:aws-cn:sns:cn-north-1:123456789012:errors", exportedARN + "sagehost-dev-topic",
		}),
		statement("Encrypt", []any{"kms:Decrypt", "kms:GenerateDataKey"}, []any{exportedARN + "sagehost-dev-key"}),
		statement("WatchAlarms", []any{"cloudwatch:DescribeAlarms"},
			[]any{"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:*"}),
		notify,
	)
	for range 20 {
		assert.Equal(t, want, mayDo(t, harness.Run(t, program, harness.Stack("dev"), config), "flowers"))
	}
}
