package sagemaker_test

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
)

const (
	one     = "1 validation error detected: Value "
	failed  = "' failed to satisfy constraint: "
	pattern = "Member must satisfy regular expression pattern: "
	notNull = "Member must not be null"
	name63  = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
)

// configOf is a request for a configuration with one variant, which needs the model "m".
func configOf(variant string) string {
	return `{"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"v",` + variant + `}]}`
}

const (
	onInstances = `"ModelName":"m","InstanceType":"ml.m5.large","InitialInstanceCount":1`
	onDisks     = `"ModelName":"m","InstanceType":"ml.g5.xlarge","InitialInstanceCount":1`
	serverless  = `"ModelName":"m","ServerlessConfig":{"MemorySizeInMB":2048,"MaxConcurrency":5`
	role        = `"ExecutionRoleArn":"arn:aws:iam::123456789012:role/r"`
)

// invalid is a request that must be refused while the model m, the configuration c1 and the endpoint e exist.
type invalid struct{ name, body, code, message string }

const validation = "ValidationException"

var invalidModels = []invalid{
	{
		"no name", `{` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1"}}`, validation,
		one + "null at 'modelName" + failed + notNull,
	},
	{
		"bad name", `{"ModelName":"a_b",` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1"}}`, validation,
		one + "'a_b' at 'modelName" + failed + pattern + `[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?`,
	},
	{"name is a number", `{"ModelName":1}`, "SerializationException", "NUMBER_VALUE can not be converted to a String"},
	{
		"no container", `{"ModelName":"a",` + role + `}`, validation,
		"Exactly one of PrimaryContainer and Containers must be specified.",
	},
	{
		"no role", `{"ModelName":"a","PrimaryContainer":{"Image":"` + repo + `i:1"}}`, validation,
		"ExecutionRoleArn must be specified.",
	},
	{
		"no image", `{"ModelName":"a",` + role + `,"PrimaryContainer":{}}`, validation,
		"Exactly one of Image and ModelPackageName must be specified for a container.",
	},
	{
		"bad mode", `{"ModelName":"a",` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1","Mode":"Many"}}`, validation,
		one + "'Many' at 'primaryContainer.mode" + failed + "Member must satisfy enum value set: [SingleModel, MultiModel]",
	},
	{
		"no subnets", `{"ModelName":"a",` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1"},` +
			`"VpcConfig":{"SecurityGroupIds":["sg-1"],"Subnets":[]}}`, validation,
		one + "'[]' at 'vpcConfig.subnets" + failed + "Member must have length greater than or equal to 1",
	},
	{
		"name taken in another case", `{"ModelName":"M",` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1"}}`,
		validation,
		`Cannot create already existing model "` + arnPrefix + `model/m".`,
	},
	{
		"reserved tag", `{"ModelName":"a",` + role + `,"PrimaryContainer":{"Image":"` + repo + `i:1"},` +
			`"Tags":[{"Key":"aws:x","Value":""}]}`, validation,
		"aws: prefixed tag key names are not allowed for external use.",
	},
}

var invalidConfigs = []invalid{
	{"no variants", `{"EndpointConfigName":"c"}`, validation, one + "null at 'productionVariants" + failed + notNull},
	{
		"empty variants", `{"EndpointConfigName":"c","ProductionVariants":[]}`, validation,
		one + "'[]' at 'productionVariants" + failed + "Member must have length greater than or equal to 1",
	},
	{
		"name taken", `{"EndpointConfigName":"c1","ProductionVariants":[{"VariantName":"v",` + onInstances + `}]}`,
		validation, `Cannot create already existing endpoint configuration "` + arnPrefix + `endpoint-config/c1".`,
	},
	{
		"no such model", configOf(`"ModelName":"x","InstanceType":"ml.m5.large","InitialInstanceCount":1`), validation,
		`Could not find model "` + arnPrefix + `model/x".`,
	},
	{
		"count 0", configOf(`"ModelName":"m","InstanceType":"ml.m5.large","InitialInstanceCount":0`), validation,
		one + "'0' at 'productionVariants.1.member.initialInstanceCount" + failed +
			"Member must have value greater than or equal to 1",
	},
	{
		"no count", configOf(`"ModelName":"m","InstanceType":"ml.m5.large"`), validation,
		`Variant "v" needs an InitialInstanceCount.`,
	},
	{
		"negative weight", configOf(onInstances + `,"InitialVariantWeight":-1`), validation,
		one + "'-1' at 'productionVariants.1.member.initialVariantWeight" + failed +
			"Member must have value greater than or equal to 0",
	},
	{
		"volume", configOf(onInstances + `,"VolumeSizeInGB":513`), validation,
		one + "'513' at 'productionVariants.1.member.volumeSizeInGB" + failed +
			"Member must have value less than or equal to 512",
	},
	{
		"twice the same variant", `{"EndpointConfigName":"c","ProductionVariants":[` +
			`{"VariantName":"v",` + onInstances + `},{"VariantName":"v",` + onInstances + `}]}`, validation,
		`Variant names must be unique within an endpoint configuration: "v".`,
	},
	{
		"two shadows", `{"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"v",` + onInstances + `}],` +
			`"ShadowProductionVariants":[{"VariantName":"s",` + onInstances + `},{"VariantName":"t",` + onInstances + `}]}`,
		validation, "One shadow variant needs exactly one production variant; more are not supported.",
	},
	{"no instances", configOf(`"ModelName":"m"`), validation, `Variant "v" needs an InstanceType or a ServerlessConfig.`},
	{
		"both", configOf(serverless + `},"InitialInstanceCount":1`), validation,
		`Variant "v" has both a ServerlessConfig and instances.`,
	},
	{
		"memory", configOf(`"ModelName":"m","ServerlessConfig":{"MemorySizeInMB":1500,"MaxConcurrency":5}`), validation,
		`Variant "v": MemorySizeInMB must be a multiple of 1024.`,
	},
	{
		"concurrency", configOf(serverless + `,"ProvisionedConcurrency":6}`), validation,
		`Variant "v": ProvisionedConcurrency must not exceed MaxConcurrency.`,
	},
	{
		"no model and no role", configOf(`"InstanceType":"ml.m5.large","InitialInstanceCount":1`), validation,
		`Variant "v" has no ModelName, and the configuration has no ExecutionRoleArn.`,
	},
	{
		"managed scaling to zero with a model",
		configOf(onInstances + `,"ManagedInstanceScaling":{"Status":"ENABLED","MinInstanceCount":0,"MaxInstanceCount":1}`),
		validation, "ManagedInstanceScaling is only supported for inference component endpoints.",
	},
	{
		"a key on local storage",
		`{"EndpointConfigName":"c","KmsKeyId":"k","ProductionVariants":[{"VariantName":"v",` + onDisks + `}]}`, validation,
		"KmsKeyId is not supported for instance type ml.g5.xlarge, which has local storage.",
	},
	{
		"a volume on local storage", configOf(onDisks + `,"VolumeSizeInGB":30`), validation,
		"VolumeSizeInGB is not supported for instance type ml.g5.xlarge, which has local storage.",
	},
	{
		"drivers for GPUs", configOf(onInstances + `,"InferenceAmiVersion":"al2-ami-sagemaker-inference-gpu-2"`), validation,
		"InferenceAmiVersion al2-ami-sagemaker-inference-gpu-2 is not supported for instance type ml.m5.large.",
	},
	{
		"two serverless variants", `{"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"v",` + serverless +
			`}},{"VariantName":"w",` + serverless + `}}]}`, validation,
		"A serverless variant must be the only variant of an endpoint configuration.",
	},
	{
		"asynchronous and serverless", `{"EndpointConfigName":"c","AsyncInferenceConfig":{"OutputConfig":{}},` +
			`"ProductionVariants":[{"VariantName":"v",` + serverless + `}}]}`, validation,
		"Serverless variants do not support AsyncInferenceConfig.",
	},
	{
		"no weight", configOf(onInstances + `,"InitialVariantWeight":0.0`), validation,
		"At least one production variant must have a weight above 0.",
	},
	{
		"twice the same variant in another case", `{"EndpointConfigName":"c","ProductionVariants":[` +
			`{"VariantName":"v",` + onInstances + `},{"VariantName":"V",` + onInstances + `}]}`, validation,
		`Variant names must be unique within an endpoint configuration: "V".`,
	},
	{
		"fractional count", configOf(`"ModelName":"m","InstanceType":"ml.m5.large","InitialInstanceCount":1.5`),
		"SerializationException", "DECIMAL_VALUE can not be converted to an Integer",
	},
}

var invalidEndpoints = []invalid{
	{
		"bad name", `{"EndpointName":"-e","EndpointConfigName":"c1"}`, validation,
		one + "'-e' at 'endpointName" + failed + pattern + name63,
	},
	{
		"taken in another case", `{"EndpointName":"E","EndpointConfigName":"x"}`, validation,
		`Cannot create already existing endpoint "` + arnPrefix + `endpoint/e".`,
	},
	{
		"no such configuration", `{"EndpointName":"f","EndpointConfigName":"x"}`, validation,
		`Could not find endpoint configuration "` + arnPrefix + `endpoint-config/x".`,
	},
	{
		"no alarms", `{"EndpointName":"f","EndpointConfigName":"c1",` +
			`"DeploymentConfig":{"AutoRollbackConfiguration":{"Alarms":[]}}}`, validation,
		one + "'[]' at 'deploymentConfig.autoRollbackConfiguration.alarms" + failed +
			"Member must have length greater than or equal to 1",
	},
}

var invalidUpdates = []invalid{
	{
		"no such endpoint", `{"EndpointName":"x","EndpointConfigName":"c1"}`, validation,
		`Could not find endpoint "` + arnPrefix + `endpoint/x".`,
	},
	{
		"no such configuration", `{"EndpointName":"e","EndpointConfigName":"x"}`, validation,
		`Could not find endpoint configuration "` + arnPrefix + `endpoint-config/x".`,
	},
	{
		"bad property", `{"EndpointName":"e","EndpointConfigName":"c1",` +
			`"ExcludeRetainedVariantProperties":[{"VariantPropertyType":"Color"}]}`, validation,
		one + "'Color' at 'excludeRetainedVariantProperties.1.member.variantPropertyType" + failed +
			"Member must satisfy enum value set: [DesiredInstanceCount, DesiredWeight, DataCaptureConfig]",
	},
}

// invalidRequests are the invalid requests of each operation.
var invalidRequests = map[string][]invalid{
	"CreateModel": invalidModels, "CreateEndpointConfig": invalidConfigs,
	"CreateEndpoint": invalidEndpoints, "UpdateEndpoint": invalidUpdates,
	"UpdateEndpointWeightsAndCapacities": {
		{
			"no changes", `{"EndpointName":"e","DesiredWeightsAndCapacities":[]}`, validation,
			"1 validation error detected: Value '[]' at 'desiredWeightsAndCapacities' failed to satisfy constraint: " +
				"Member must have length greater than or equal to 1",
		},
		{
			"no such endpoint", `{"EndpointName":"x","DesiredWeightsAndCapacities":[{"VariantName":"v"}]}`, validation,
			`Could not find endpoint "` + arnPrefix + `endpoint/x".`,
		},
		{
			"no such variant", `{"EndpointName":"e","DesiredWeightsAndCapacities":[{"VariantName":"x"}]}`, validation,
			`The variant name(s) "x" is/are not present within endpoint configuration "c1".`,
		},
		{
			"the same variant twice",
			`{"EndpointName":"e","DesiredWeightsAndCapacities":[{"VariantName":"v"},{"VariantName":"v"}]}`, validation,
			`The variant name "v" stands more than once in DesiredWeightsAndCapacities.`,
		},
		{
			"no instances", `{"EndpointName":"e","DesiredWeightsAndCapacities":[{"VariantName":"v","DesiredInstanceCount":0}]}`,
			validation, `DesiredInstanceCount of variant "v" must be greater than or equal to 1.`,
		},
	},
	"ListEndpoints": {
		{
			"order", `{"SortOrder":"Up"}`, validation,
			one + "'Up' at 'sortOrder" + failed + "Member must satisfy enum value set: [Ascending, Descending]",
		},
		{
			"size", `{"MaxResults":101}`, validation,
			one + "'101' at 'maxResults" + failed + "Member must have value less than or equal to 100",
		},
		{"token", `{"NextToken":"x"}`, validation, "The NextToken is not valid."},
	},
	"ListModels": {{
		"sort", `{"SortBy":"Status"}`, validation,
		one + "'Status' at 'sortBy" + failed + "Member must satisfy enum value set: [Name, CreationTime]",
	}},
	"ListEndpointConfigs": {{"token", `{"NextToken":"cGFnZS0"}`, validation, "The NextToken is not valid."}},
	"AddTags": {
		{
			"no such endpoint", `{"ResourceArn":"` + arnPrefix + `endpoint/x","Tags":[]}`, validation,
			`Could not find endpoint "` + arnPrefix + `endpoint/x".`,
		},
		{
			"reserved", `{"ResourceArn":"` + arnPrefix + `endpoint/e","Tags":[{"Key":"AWS:a","Value":""}]}`, validation,
			"aws: prefixed tag key names are not allowed for external use.",
		},
	},
	"ListTags": {
		{
			"another region", `{"ResourceArn":"arn:aws:sagemaker:us-east-1:123456789012:model/m"}`, validation,
			`Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/m".`,
		},
		{"no ARN", `{"ResourceArn":"m"}`, validation, one + "'m' at 'resourceArn" + failed + pattern +
			"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+"},
		{"token", `{"ResourceArn":"` + arnPrefix + `model/m","NextToken":"x"}`, validation, "The NextToken is not valid."},
		{"not kept here", `{"ResourceArn":"` + arnPrefix + `pipeline/p"}`, "Elsewhere", "SageMaker.ListTags"},
	},
	"DeleteTags": {{
		"no keys", `{"ResourceArn":"` + arnPrefix + `model/m","TagKeys":[]}`, validation,
		one + "'[]' at 'tagKeys" + failed + "Member must have length greater than or equal to 1",
	}},
	"CreateTransformJob": {{"not known here", `{oops`, "Elsewhere", "SageMaker.CreateTransformJob"}},
}

func TestInvalidRequestsAreRefusedInAWSsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	missing := func(operation, member, words, path string) (string, []invalid) {
		return operation, []invalid{
			{"no name", `{}`, validation, one + "null at '" + member + failed + notNull},
			{
				"missing", `{"` + string(member[0]-32) + member[1:] + `":"x"}`, validation,
				`Could not find ` + words + ` "` + arnPrefix + path + `/x".`,
			},
		}
	}
	tables := maps.Clone(invalidRequests)
	for _, row := range [][4]string{
		{"DescribeModel", "modelName", "model", "model"},
		{"DeleteModel", "modelName", "model", "model"},
		{"DescribeEndpointConfig", "endpointConfigName", "endpoint configuration", "endpoint-config"},
		{"DeleteEndpointConfig", "endpointConfigName", "endpoint configuration", "endpoint-config"},
		{"DescribeEndpoint", "endpointName", "endpoint", "endpoint"},
		{"DeleteEndpoint", "endpointName", "endpoint", "endpoint"},
	} {
		operation, table := missing(row[0], row[1], row[2], row[3])
		tables[operation] = table
	}
	for operation, table := range tables {
		for _, test := range table {
			code, message := w.call(operation, test.body)
			assert.Equal(t, test.code, code, "%s: %s", operation, test.name)
			assert.Equal(t, test.message, message, "%s: %s", operation, test.name)
		}
	}
	assert.Equal(t, types.EndpointStatusInService, w.describe("e").EndpointStatus, "nothing was changed")
}
