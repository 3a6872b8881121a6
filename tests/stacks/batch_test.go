package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// request is what a batch transform asks of SageMaker, by the definition of its state machine.
func request(t *testing.T, graph *harness.Graph, name string) map[string]any {
	t.Helper()
	return parameters(t, graph, name, "Transform")
}

// parameters are those of a state of a batch transform's state machine.
func parameters(t *testing.T, graph *harness.Graph, name, state string) map[string]any {
	t.Helper()
	states, ok := graph.Named(t, batchType, name).JSON(t, "definition")["States"].(map[string]any)
	require.True(t, ok)
	parameters, ok := states[state].(map[string]any)["Parameters"].(map[string]any)
	require.True(t, ok)
	return parameters
}

// A batch transform predicts with what the endpoint of the same model serves.
func TestABatchTransformUsesTheModelOfTheEndpoint(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		graph := run(t, stack)
		for _, name := range []string{"flowers", "penguins"} {
			want := map[string]any{"ModelName": onlyVariant(t, graph, name)["modelName"]}
			assert.Equal(t, want, parameters(t, graph, name, "Begin")["model"])
		}
	}
}

func TestJobsAreTaggedLikeTheirBatchTransform(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []any{
		map[string]any{"Key": "sagehost:batch", "Value": "penguins"},
		map[string]any{"Key": "sagehost:stack", "Value": "dev"},
	}, request(t, run(t, "dev"), "penguins")["Tags"])
}

func TestProdTransformsEveryNightAndWheneverAFileArrives(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	schedule := graph.One(t, "aws:scheduler/schedule:Schedule")
	assert.Equal(t, "flowers-prod", schedule.Inputs["name"])
	assert.Equal(t, "cron(30 1 * * ? *)", schedule.Inputs["scheduleExpression"])
	assert.Equal(t, "Europe/Berlin", schedule.Inputs["scheduleExpressionTimezone"])
	assert.Equal(t, prodKey, schedule.Inputs["kmsKeyArn"])
	rule := graph.One(t, "aws:cloudwatch/eventRule:EventRule")
	assert.Equal(t, "penguins-prod", rule.Inputs["name"])
}

// Applications wait for the mark of a run's success, however the run was started.
func TestTheBucketTellsOfResultsWhereverThereIsABatchTransform(t *testing.T) {
	t.Parallel()
	models := `{"flowers": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1"}}`
	for _, trigger := range []string{``, `, "schedule": "rate(1 day)"`, `, "arrivals": true, "input": "s3://lake/in/"`} {
		graph := harness.Run(t, program, harness.Config(map[string]string{
			"sagehost:models": models,
			"sagehost:batch":  `{"flowers": {"model": "flowers", "instanceType": "ml.m5.large"` + trigger + `}}`,
		}))
		notification := graph.One(t, notificationType)
		assert.Equal(t, "sagehost-test-batch", notification.Name, trigger)
		assert.Equal(t, true, notification.Inputs["eventbridge"], trigger)
	}
	graph := harness.Run(t, program, harness.Config(map[string]string{"sagehost:models": models}))
	assert.Zero(t, graph.Counts()[notificationType], "nobody would hear")
}

func TestProdEncryptsBatchTransformsUnderItsKey(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	for _, name := range []string{"flowers", "penguins"} {
		asked := request(t, graph, name)
		assert.Equal(t, prodKey, asked["TransformOutput"].(map[string]any)["KmsKeyId"])
		assert.Equal(t, prodKey, asked["TransformResources"].(map[string]any)["VolumeKmsKeyId"])
		assert.Equal(t, prodKey, graph.Named(t, logGroupType, name).Inputs["kmsKeyId"])
	}
}

// Whoever starts a batch transform finds it under a name that does not change.
func TestEveryBatchTransformIsDescribedInItsParameter(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		graph := run(t, stack)
		for _, name := range []string{"flowers", "penguins"} {
			parameter := graph.Named(t, parameterType, name+".batch")
			assert.Equal(t, "/sagehost/"+stack+"/batch/"+name, parameter.Inputs["name"])
			prefix := name + "-" + stack + "/"
			assert.JSONEq(t, `{
				"stateMachineArn": "`+exportedARN+name+`-statemachine", "bucket": "sagehost-`+stack+`-batch-bucketv2",
				"inputPrefix": "`+prefix+`input/", "runsPrefix": "`+prefix+`runs/",
				"inputUri": "s3://sagehost-`+stack+`-batch-bucketv2/`+prefix+`input/"
			}`, parameter.Inputs["insecureValue"].(string))
		}
	}
}
