package sagemaker

import (
	"encoding/json"
	"strings"

	"sagehost/kit/limits"
	"sagehost/localaws/protocol/awsjson"
)

func (c call) createConfig() (awsjson.Object, error) {
	variants, shadows := c.in.Objects("ProductionVariants"), c.in.Objects("ShadowProductionVariants")
	if len(shadows) > 1 || len(shadows) == 1 && len(variants) != 1 {
		return nil, awsjson.Invalid("One shadow variant needs exactly one production variant; more are not supported.")
	}
	seen := map[string]bool{}
	for _, variant := range append(variants, shadows...) {
		name := variant.Text("VariantName")
		if seen[strings.ToLower(name)] {
			return nil, awsjson.Invalid("Variant names must be unique within an endpoint configuration: %q.", name)
		}
		seen[strings.ToLower(name)] = true
		if err := c.checkVariant(variant); err != nil {
			return nil, err
		}
		if !variant.Has("InitialVariantWeight") {
			variant["InitialVariantWeight"] = json.Number("1.0")
		}
	}
	if err := c.checkCombinations(variants, shadows); err != nil {
		return nil, err
	}
	made, err := c.create(configs)
	if err != nil {
		return nil, err
	}
	return awsjson.Object{"EndpointConfigArn": made.ARN}, nil
}

func (c call) checkVariant(variant awsjson.Object) error {
	name := variant.Text("VariantName")
	if model := variant.Text("ModelName"); model != "" {
		found, err := c.find(models, model)
		if err != nil {
			return err
		}
		if kind := limits.InstanceType(variant.Text("InstanceType")); !kind.IsMultiModel() && found.isMultiModel() {
			return awsjson.Invalid("MultiModel mode is not supported for instance type %s.", kind)
		}
	}
	serverless := variant.Object("ServerlessConfig")
	onInstances := variant.Has("InstanceType") || variant.Has("InstancePools")
	switch {
	case variant.Has("ModelName") && scalesToZero(variant):
		return awsjson.Invalid("ManagedInstanceScaling is only supported for inference component endpoints.")
	case !variant.Has("ModelName") && !c.in.Has("ExecutionRoleArn"):
		return awsjson.Invalid("Variant %q has no ModelName, and the configuration has no ExecutionRoleArn.", name)
	case serverless != nil && (onInstances || variant.Has("InitialInstanceCount")):
		return awsjson.Invalid("Variant %q has both a ServerlessConfig and instances.", name)
	case serverless == nil && !onInstances:
		return awsjson.Invalid("Variant %q needs an InstanceType or a ServerlessConfig.", name)
	case serverless == nil && !variant.Has("InitialInstanceCount"):
		return awsjson.Invalid("Variant %q needs an InitialInstanceCount.", name)
	case serverless.Number("MemorySizeInMB")%1024 != 0:
		return awsjson.Invalid("Variant %q: MemorySizeInMB must be a multiple of 1024.", name)
	case serverless.Number("ProvisionedConcurrency") > serverless.Number("MaxConcurrency"):
		return awsjson.Invalid("Variant %q: ProvisionedConcurrency must not exceed MaxConcurrency.", name)
	}
	return nil
}

// scalesToZero reports whether SageMaker itself may take all of a variant's instances away. With a model name, AWS
// refuses it in these words; a least number of instances above 0 has passed with one (Terraform's acceptance tests of
// managed_instance_scaling).
func scalesToZero(variant awsjson.Object) bool {
	managed := variant.Object("ManagedInstanceScaling")
	return managed.Has("MinInstanceCount") && managed.Number("MinInstanceCount") == 0
}

func (c call) describeConfig() (awsjson.Object, error) { return c.describe(configs) }

// deleteConfig accepts a configuration that an endpoint uses. AWS documents that one must not delete it, and that the
// endpoint keeps running when one does.
func (c call) deleteConfig() (awsjson.Object, error) { return c.remove(configs) }
