package stacks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/tests/harness"
)

const exportedARN = "arn:aws-cn:test:cn-north-1:123456789012:"

func TestEveryStackIsExportedByName(t *testing.T) {
	t.Parallel()
	for stack, callers := range map[string]map[string]any{
		"dev": {},
		"prod": {
			// Nobody is trusted to assume a role, so there is none.
			"flowers.website":   map[string]any{"policyArn": exportedARN + "flowers.website-policy", "roleArn": ""},
			"garden.tenant-one": map[string]any{"policyArn": exportedARN + "garden.tenant-one-policy", "roleArn": ""},
		},
	} {
		endpoints, models, batches := map[string]any{}, map[string]any{}, map[string]any{}
		for _, name := range []string{"flowers", "garden", "penguins", "petals"} {
			endpoints[name] = map[string]any{
				"name":       name + "-" + stack,
				"arn":        exportedARN + name + "-endpoint",
				"configName": name + "-endpointconfiguration",
				"parameter":  "/sagehost/" + stack + "/endpoints/" + name,
			}
			models[name] = name + "-model"
		}
		for _, name := range []string{"flowers", "penguins"} {
			uri := "s3://sagehost-" + stack + "-batch-bucketv2/" + name + "-" + stack + "/"
			batches[name] = map[string]any{
				"stateMachineArn": exportedARN + name + "-statemachine", "inputUri": uri + "input/", "runsUri": uri + "runs/",
				"parameter": "/sagehost/" + stack + "/batch/" + name,
			}
		}
		assert.Equal(t, map[string]any{
			"buckets": map[string]any{
				"models":  "sagehost-" + stack + "-models-bucketv2",
				"capture": "sagehost-" + stack + "-capture-bucketv2",
				"batch":   "sagehost-" + stack + "-batch-bucketv2",
			},
			"alertsTopicArn": exportedARN + "sagehost-" + stack + "-topic",
			"models":         models,
			"endpoints":      endpoints,
			"callers":        callers,
			"batch":          batches,
		}, run(t, stack).Exports)
	}
}

func TestTheRoleOfATrustedCallerIsExported(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1"}}`,
		"sagehost:endpoints": `{"flowers": {
			"callers": {"website": {"trustedRoles": ["arn:aws-cn:iam::999999999999:role/web"]}},
			"variants": [{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}]
		}}`,
	}))
	assert.Equal(t, map[string]any{"flowers.website": map[string]any{
		"policyArn": exportedARN + "flowers.website-policy", "roleArn": exportedARN + "flowers.website-role",
	}}, graph.Exports["callers"])
}

// Applications find under the parameter what the endpoint is called.
func TestEveryParameterHoldsTheNameOfItsEndpoint(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		graph := run(t, stack)
		for _, parameter := range graph.All(parameterType) {
			if strings.HasSuffix(parameter.Name, ".batch") {
				continue
			}
			assert.Equal(t, "/sagehost/"+stack+"/endpoints/"+parameter.Name, parameter.Inputs["name"])
			assert.Equal(t, graph.Named(t, endpointType, parameter.Name).Inputs["name"], parameter.Inputs["insecureValue"])
		}
	}
}
