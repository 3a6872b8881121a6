package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// objects are the objects of a list.
func objects(t *testing.T, list any) []map[string]any {
	t.Helper()
	elements, ok := list.([]any)
	require.True(t, ok, "%v is no list", list)
	found := make([]map[string]any, len(elements))
	for i, element := range elements {
		found[i], ok = element.(map[string]any)
		require.True(t, ok, "%v is no object", element)
	}
	return found
}

// onlyVariant is the production variant of an endpoint that has just one.
func onlyVariant(t *testing.T, graph *harness.Graph, endpoint string) map[string]any {
	t.Helper()
	variants := objects(t, graph.Named(t, configType, endpoint).Inputs["productionVariants"])
	require.Len(t, variants, 1, endpoint)
	return variants[0]
}

// containers are those of a model.
func containers(t *testing.T, model harness.Resource) []map[string]any {
	t.Helper()
	if list, several := model.Inputs["containers"]; several {
		return objects(t, list)
	}
	return objects(t, []any{model.Inputs["primaryContainer"]})
}

// kindOf says what an endpoint is, from what is declared of it and of the model that it serves.
func kindOf(t *testing.T, graph *harness.Graph, endpoint string) string {
	t.Helper()
	config, variant := graph.Named(t, configType, endpoint), onlyVariant(t, graph, endpoint)
	served := ""
	for _, model := range graph.All(modelType) {
		if model.Name+"-model" == variant["modelName"] {
			served = model.Name
		}
	}
	stages := containers(t, graph.Named(t, modelType, served))
	switch {
	case variant["serverlessConfig"] != nil:
		return "serverless"
	case config.Inputs["asyncInferenceConfig"] != nil:
		return "asynchronous"
	case len(stages) > 1:
		return "pipeline"
	case stages[0]["mode"] == "MultiModel":
		return "multi-model"
	}
	return "real-time"
}

func TestEveryStackHasOneEndpointOfEachKind(t *testing.T) {
	t.Parallel()
	for stack, petals := range map[string]string{"dev": "serverless", "prod": "asynchronous"} {
		graph := run(t, stack)
		kinds := map[string]string{}
		for _, endpoint := range graph.All(endpointType) {
			kinds[endpoint.Name] = kindOf(t, graph, endpoint.Name)
		}
		assert.Equal(t, map[string]string{
			"flowers": "real-time", "garden": "multi-model", "penguins": "pipeline", "petals": petals,
		}, kinds, stack)
	}
}

func TestProdEncryptsUnderItsKey(t *testing.T) {
	t.Parallel()
	const key = exportedARN + "sagehost-prod-key"
	graph := run(t, "prod")
	configs := graph.All(configType)
	require.Len(t, configs, 4)
	for _, config := range configs {
		require.NotContains(t, onlyVariant(t, graph, config.Name), "serverlessConfig")
		assert.Equal(t, key, config.Inputs["kmsKeyArn"], config.Name)
	}
	rules := graph.All(bucketEncryptionType)
	require.Len(t, rules, 3)
	for _, bucket := range rules {
		assert.Equal(t, []any{map[string]any{
			"applyServerSideEncryptionByDefault": map[string]any{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key},
			"bucketKeyEnabled":                   true,
		}}, bucket.Inputs["rules"], bucket.Name)
	}
	assert.Equal(t, key, graph.One(t, topicType).Inputs["kmsMasterKeyId"])
	capture, ok := graph.Named(t, configType, "flowers").Inputs["dataCaptureConfig"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, key, capture["kmsKeyId"])
	async, ok := graph.Named(t, configType, "petals").Inputs["asyncInferenceConfig"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, key, async["outputConfig"].(map[string]any)["kmsKeyId"])
}

func TestTheLogsOfEveryEndpointAreKeptForAYearUnderTheKey(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	groups := map[any]bool{}
	for _, group := range graph.All(logGroupType) {
		assert.InDelta(t, 365, group.Inputs["retentionInDays"], 0, group.Name)
		assert.Equal(t, prodKey, group.Inputs["kmsKeyId"], group.Name)
		groups[group.Inputs["name"]] = true
	}
	for _, endpoint := range graph.All(endpointType) {
		assert.True(t, groups["/aws/sagemaker/Endpoints/"+endpoint.Inputs["name"].(string)], endpoint.Name)
	}
	for _, group := range run(t, "dev").All(logGroupType) {
		assert.InDelta(t, 7, group.Inputs["retentionInDays"], 0, group.Name)
		assert.NotContains(t, group.Inputs, "kmsKeyId", "dev has no key of its own")
	}
}

// SageMaker refuses a key where there is no volume: without instances, and on instances with disks of their own.
func TestNoKeyIsGivenForDisksThatEncryptThemselves(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:encryption": `{"enabled": true}`,
		"sagehost:models": `{"flowers": {
			"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1", "networkIsolation": false
		}}`,
		"sagehost:endpoints": `{
			"rare": {"variants": [{
				"name": "main", "model": "flowers", "serverless": {"memorySizeMb": 1024, "maxConcurrency": 5}
			}]},
			"large": {"variants": [{"name": "main", "model": "flowers", "instanceType": "ml.g5.xlarge"}]},
			"plain": {"variants": [{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}]}
		}`,
	}))
	keys := map[string]any{}
	for _, config := range graph.All(configType) {
		keys[config.Name] = config.Inputs["kmsKeyArn"]
	}
	const key = exportedARN + "sagehost-dev-key"
	assert.Equal(t, map[string]any{"rare": key, "large": nil, "plain": key}, keys)
}
