package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// kinds are the settings of a stack with an endpoint of each kind.
func kinds() map[string]string {
	return map[string]string{
		"sagehost:models": `{"flowers": {
			"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1.0.0", "networkIsolation": false
		}}`,
		"sagehost:endpoints": `{
			"later": {
				"async": {}, "variants": [{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}]
			},
			"rare": {
				"variants": [{
					"name": "main", "model": "flowers", "serverless": {"memorySizeMb": 1024, "maxConcurrency": 5}
				}]
			},
			"watched": {
				"dataCapture": {}, "update": {},
				"variants": [{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}],
				"shadow": {"name": "next", "model": "flowers", "instanceType": "ml.m5.large"}
			}
		}`,
	}
}

func TestEndpointsOfEachKindUseTheBucketsAndTheTopicOfTheStack(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(kinds()))
	require.Len(t, graph.All(endpointType), 3)

	async := graph.Named(t, configType, "later").Inputs["asyncInferenceConfig"]
	assert.Equal(t, map[string]any{"outputConfig": map[string]any{
		"s3OutputPath":       "s3://sagehost-dev-batch-bucketv2/later-dev/async-output/",
		"s3FailurePath":      "s3://sagehost-dev-batch-bucketv2/later-dev/async-output/failures/",
		"notificationConfig": map[string]any{"errorTopic": "arn:aws-cn:test:cn-north-1:123456789012:sagehost-dev-topic"},
	}}, async)

	watched := graph.Named(t, configType, "watched").Inputs
	capture, ok := watched["dataCaptureConfig"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "s3://sagehost-dev-capture-bucketv2/", capture["destinationS3Uri"])
	assert.Equal(t, []any{map[string]any{
		"variantName": "next", "modelName": "flowers-model", "instanceType": "ml.m5.large",
		"initialInstanceCount": 1.0, "initialVariantWeight": 1.0,
	}}, watched["shadowProductionVariants"])
	assert.Contains(t, graph.Named(t, endpointType, "watched").Inputs, "deploymentConfig")
	assert.NotContains(t, graph.Named(t, endpointType, "later").Inputs, "deploymentConfig")

	variant := map[string]any{
		"variantName": "main", "modelName": "flowers-model", "initialVariantWeight": 1.0,
		"serverlessConfig": map[string]any{"memorySizeInMb": 1024.0, "maxConcurrency": 5.0},
	}
	assert.Equal(t, []any{variant}, graph.Named(t, configType, "rare").Inputs["productionVariants"])
}
