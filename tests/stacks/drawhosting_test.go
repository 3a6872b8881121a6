package stacks_test

import (
	"encoding/json"
	"maps"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawHosting draws a stack with a model "m" of any kind, and perhaps an endpoint "e" that serves it.
func drawHosting(t *rapid.T) map[string]string {
	network := rapid.SampledFrom([]string{"", `{"natGateways": "single"}`}).Draw(t, "network")
	isolated := rapid.Bool().Draw(t, "isolated")
	pipeline := rapid.Bool().Draw(t, "pipeline")
	model := drawContainer(t, "s", isolated, network != "")
	if pipeline {
		model = map[string]any{"containers": []any{
			drawContainer(t, "first", isolated, network != ""), drawContainer(t, "second", isolated, network != ""),
		}}
		first, second := model["containers"].([]any)[0].(map[string]any), model["containers"].([]any)[1].(map[string]any)
		if first["multiModel"] != nil {
			delete(second, "multiModel")
		}
	}
	model["networkIsolation"] = isolated
	config := map[string]any{"models": map[string]any{"m": model}}
	if network != "" {
		config["network"] = json.RawMessage(network)
	}
	if rapid.Bool().Draw(t, "encryption") {
		config["encryption"] = map[string]any{"enabled": true}
	}
	if endpoint := drawEndpoint(t, model); endpoint != nil {
		config["endpoints"] = map[string]any{"e": endpoint}
	}
	values := map[string]string{"aws:region": "cn-north-1"}
	for key, value := range config {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		values["sagehost:"+key] = string(text)
	}
	return values
}

func drawContainer(t *rapid.T, name string, isolated, network bool) map[string]any {
	registry := rapid.SampledFrom([]string{"123456789012.dkr.ecr", "210987654321.dkr.ecr"}).Draw(t, name+" account")
	container := map[string]any{"image": registry + ".cn-north-1.amazonaws.com.cn/team/" + name + ":1"}
	if network && rapid.Bool().Draw(t, name+" private") {
		container["image"] = "registry.example.com/" + name + ":1"
		container["imageConfig"] = map[string]any{
			"repositoryAccessMode":             "Vpc",
			"repositoryCredentialsProviderArn": "arn:aws-cn:lambda:cn-north-1:123456789012:function:login",
		}
	}
	data := rapid.SampledFrom([]map[string]any{
		{},
		{"artifact": "s3://theirs/" + name + "/model.tar.gz"},
		{"artifact": "s3://theirs/a*b$" + name + ".tar.gz"},
		{"artifactFile": "examples/flowers/model.tar.gz"},
		{"artifactPrefix": "s3://theirs/" + name + "/"},
		{"multiModel": map[string]any{}},
		{"multiModel": map[string]any{"prefix": "s3://theirs/many/"}},
	}).Draw(t, name+" data")
	maps.Copy(container, data)
	if !isolated {
		container["environment"] = rapid.SampledFrom([]map[string]any{
			{},
			{"API_KEY": "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:" + name + "-AbCdEf"},
			{"SM_VLLM_MODEL": "s3://theirs/loaded/" + name + "/"},
		}).Draw(t, name+" environment")
	}
	return container
}

// drawEndpoint is nil for none. SageMaker takes asynchronous endpoints of one container with one archive alone.
func drawEndpoint(t *rapid.T, model map[string]any) map[string]any {
	endpoint := map[string]any{
		"variants": []any{map[string]any{"name": "main", "model": "m", "instanceType": "ml.m5.large"}},
	}
	maybe := func(key string, values ...any) any { return rapid.SampledFrom(append(values, nil)).Draw(t, key) }
	if update := maybe("update", map[string]any{}); update != nil {
		endpoint["update"] = update
	}
	plain := model["containers"] == nil && model["multiModel"] == nil && model["artifactPrefix"] == nil
	switch kind := rapid.SampledFrom([]string{"none", "plain", "captured", "async"}).Draw(t, "endpoint"); {
	case kind == "none":
		return nil
	case kind == "captured":
		endpoint["dataCapture"] = rapid.SampledFrom([]map[string]any{
			{}, {"destination": "s3://theirs/captured"}, {"destination": "s3://theirs"},
		}).Draw(t, "capture")
	case kind == "async" && plain:
		async := map[string]any{}
		for key, value := range map[string]any{
			"outputPath": maybe("output", "s3://theirs/answers/"), "failurePath": maybe("failure", "s3://theirs/failures"),
			"successTopicArn": maybe("success", "arn:aws-cn:sns:cn-north-1:210987654321:answers"),
			"errorTopicArn":   maybe("error", "arn:aws-cn:sns:cn-north-1:210987654321:failures"),
		} {
			if value != nil {
				async[key] = value
			}
		}
		endpoint["async"] = async
	}
	return endpoint
}
