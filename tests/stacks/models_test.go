package stacks_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

const modelsOfEveryKind = `{
	"flowers": {
		"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1",
		"artifactFile": "examples/flowers/model.tar.gz"
	},
	"penguins": {"containers": [
		{
			"hostname": "preprocess", "image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/preprocess:1",
			"artifactFile": "examples/penguins/preprocess.tar.gz"
		},
		{
			"hostname": "score", "image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1",
			"artifactFile": "examples/penguins/scoring.tar.gz"
		}
	]},
	"unnamed": {"containers": [
		{"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/preprocess:1", "multiModel": {}},
		{
			"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1",
			"artifactFile": "examples/penguins/scoring.tar.gz"
		}
	]},
	"garden": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1", "multiModel": {}}
}`

// models is the graph of a stack of models alone.
func models(t *testing.T) *harness.Graph {
	t.Helper()
	config := map[string]string{"sagehost:models": modelsOfEveryKind}
	return harness.Run(t, program, harness.Stack("dev"), harness.Config(config))
}

// hash is that of an archive, in its key.
var hash = regexp.MustCompile(`/[0-9a-f]{64}/`)

// modelInputs are those inputs of a model that say where its data is, as JSON. Hashes are shown as "/*/".
func modelInputs(t *testing.T, graph *harness.Graph, name string) string {
	t.Helper()
	inputs := graph.Named(t, "aws:sagemaker/model:Model", name).Inputs
	for _, other := range []string{"executionRoleArn", "enableNetworkIsolation", "tags"} {
		delete(inputs, other)
	}
	text, err := json.Marshal(inputs)
	require.NoError(t, err)
	return hash.ReplaceAllString(string(text), "/*/")
}

func TestEachFileOfAModelIsAnObjectOfItsOwn(t *testing.T) {
	t.Parallel()
	keys := map[string]string{}
	for _, object := range models(t).All("aws:s3/bucketObjectv2:BucketObjectv2") {
		key, ok := object.Inputs["key"].(string)
		require.True(t, ok)
		keys[object.Name] = hash.ReplaceAllString(key, "/*/")
	}
	assert.Equal(t, map[string]string{
		"flowers":             "flowers/*/model.tar.gz",
		"garden":              "garden/", // before it has models
		"penguins.preprocess": "penguins.preprocess/*/model.tar.gz",
		"penguins.score":      "penguins.score/*/model.tar.gz",
		"unnamed":             "unnamed/",
		"unnamed.container-2": "unnamed.container-2/*/model.tar.gz",
	}, keys)
}

func TestEachContainerReadsWhatIsItsOwn(t *testing.T) {
	t.Parallel()
	const (
		registry = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/"
		bucket   = "s3://sagehost-dev-models-bucketv2/"
		many     = `"mode": "MultiModel", "multiModelConfig": {"modelCacheSetting": "Enabled"}`
	)
	graph := models(t)
	for _, name := range []string{"garden", "unnamed"} {
		folder := graph.Named(t, "aws:s3/bucketObjectv2:BucketObjectv2", name)
		assert.Contains(t, graph.Named(t, "aws:sagemaker/model:Model", name).Dependencies, folder.URN,
			"there is something beneath the prefix of many models first")
	}
	for name, want := range map[string]string{
		"flowers": `{"primaryContainer": {
			"image": "` + registry + `scoring:1", "modelDataUrl": "` + bucket + `flowers/*/model.tar.gz"
		}}`,
		"penguins": `{"containers": [{
			"containerHostname": "preprocess", "image": "` + registry + `preprocess:1",
			"modelDataUrl": "` + bucket + `penguins.preprocess/*/model.tar.gz"
		}, {
			"containerHostname": "score", "image": "` + registry + `scoring:1",
			"modelDataUrl": "` + bucket + `penguins.score/*/model.tar.gz"
		}]}`,
		"unnamed": `{"containers": [{
			"image": "` + registry + `preprocess:1", "modelDataUrl": "` + bucket + `unnamed/", ` + many + `
		}, {
			"image": "` + registry + `scoring:1", "modelDataUrl": "` + bucket + `unnamed.container-2/*/model.tar.gz"
		}]}`,
		"garden": `{"primaryContainer": {
			"image": "` + registry + `scoring:1", "modelDataUrl": "` + bucket + `garden/", ` + many + `
		}}`,
	} {
		assert.JSONEq(t, want, modelInputs(t, graph, name), name)
	}
	policy, err := json.Marshal(graph.Named(t, "aws:iam/rolePolicy:RolePolicy", "garden").JSON(t, "policy"))
	require.NoError(t, err)
	assert.Contains(t, string(policy), `"Resource":["arn:aws-cn:s3:::sagehost-dev-models-bucketv2/garden/*"]`)
	assert.Contains(t, string(policy), `"StringLike":{"s3:prefix":"garden/*"}`)
}
