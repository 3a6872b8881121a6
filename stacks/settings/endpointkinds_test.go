package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	variantPath = "endpoints.flowers.variants[0]."
	// open lets a model be served without instances.
	open = "models.flowers.networkIsolation"
	// withoutInstances is a list of one serverless variant.
	withoutInstances = "[{name: main, model: flowers, serverless: {memorySizeMb: 2048, maxConcurrency: 10}}]"
	shadowed         = "{name: next, model: flowers, instanceType: ml.m5.large}"
	volumeKey        = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	topic            = "arn:aws:sns:eu-west-1:123456789012:answers"
)

func TestOptionsOfInstancesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, r := range []struct{ name, key, value, want string }{
		{"a download too short", "modelDataDownloadTimeout", "59s", "59s is not between 1m and 1h"},
		{"a download too long", "modelDataDownloadTimeout", "61m", "1h1m is not between 1m and 1h"},
		{"no volume", "volumeSizeGb", "0", "0 is not between 1 and 512"},
		{"a volume too large", "volumeSizeGb", "513", "513 is not between 1 and 512"},
		{
			"an unknown strategy", "routingStrategy", "ROUND_ROBIN",
			`"ROUND_ROBIN" is not one of LEAST_OUTSTANDING_REQUESTS, RANDOM`,
		},
		{
			"an unknown machine image", "inferenceAmiVersion", "al2023",
			`"al2023" is not one of al2-ami-sagemaker-inference-gpu-2, al2-ami-sagemaker-inference-gpu-2-1, ` +
				"al2-ami-sagemaker-inference-gpu-3-1, al2-ami-sagemaker-inference-neuron-2, " +
				"al2023-ami-sagemaker-inference-gpu-4-1",
		},
	} {
		refuse(t, []row{{
			name: r.name, set: change{variantPath + r.key: r.value},
			want: []string{"sagehost:" + variantPath + r.key + ": " + r.want},
		}})
	}
	refuse(t, []row{
		{
			name: "a volume beside own disks",
			set:  change{variantPath + "volumeSizeGb": "30", variantPath + "instanceType": "ml.g5.xlarge"},
			want: []string{"sagehost:" + variantPath +
				"volumeSizeGb: is not possible with ml.g5.xlarge, which has disks of its own"},
		},
		{
			name: "a key beside own disks",
			set:  change{"endpoints.flowers.kmsKeyArn": volumeKey, variantPath + "instanceType": "ml.g5.xlarge"},
			want: []string{"sagehost:endpoints.flowers.kmsKeyArn: is not possible with ml.g5.xlarge of variant \"main\", " +
				"which encrypts its own disks"},
		},
		{
			name: "a key by its alias", set: change{"endpoints.flowers.kmsKeyArn": "alias/volumes"},
			want: []string{`sagehost:endpoints.flowers.kmsKeyArn: "alias/volumes" is not the ARN of a KMS key`},
		},
	})
}

func TestServerlessVariantsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		list = "endpoints.flowers.variants"
		at   = "sagehost:" + variantPath
	)
	for _, r := range []struct{ name, serverless, want string }{
		{"no memory", "{maxConcurrency: 10}", "memorySizeMb: is required"},
		{
			"memory of no such size", "{memorySizeMb: 1536, maxConcurrency: 10}",
			"memorySizeMb: 1536 is not one of 1024, 2048, 3072, 4096, 5120, 6144",
		},
		{"no concurrency", "{memorySizeMb: 1024}", "maxConcurrency: is required"},
		{"a concurrency of none", "{memorySizeMb: 1024, maxConcurrency: 0}", "maxConcurrency: 0 is not between 1 and 200"},
		{"too much concurrency", "{memorySizeMb: 1024, maxConcurrency: 201}", "maxConcurrency: 201 is not between 1 and 200"},
		{
			"more provisioned than there can be", "{memorySizeMb: 1024, maxConcurrency: 2, provisionedConcurrency: 3}",
			"provisionedConcurrency: 3 is not between 1 and maxConcurrency (2)",
		},
		{
			"none provisioned", "{memorySizeMb: 1024, maxConcurrency: 2, provisionedConcurrency: 0}",
			"provisionedConcurrency: 0 is not between 1 and maxConcurrency (2)",
		},
	} {
		refuse(t, []row{{
			name: r.name, set: change{list: withoutInstances, open: "false", variantPath + "serverless": r.serverless},
			want: []string{at + "serverless." + r.want},
		}})
	}
	for key, value := range map[string]string{
		"instanceType": "ml.m5.large", "initialInstanceCount": "1", "containerStartupHealthCheckTimeout": "2m",
		"modelDataDownloadTimeout": "2m", "volumeSizeGb": "30", "routingStrategy": "RANDOM",
		"inferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
	} {
		refuse(t, []row{{
			name: "with " + key, set: change{list: withoutInstances, open: "false", variantPath + key: value},
			want: []string{at + key + ": contradicts serverless, which has no instances; remove one of the two"},
		}})
	}
	refuse(t, []row{
		{
			name: "of an isolated model", set: change{list: withoutInstances},
			want: []string{at + "serverless: is not possible for a model with network isolation " +
				"(set networkIsolation: false)"},
		},
		{
			name: "of files",
			set: change{
				list: withoutInstances, open: "false", "models.flowers.artifactPrefix": "s3://models/flowers/",
			},
			want: []string{at + "serverless: is not possible for a model with data that is no archive"},
		},
		{
			name: "that scale", set: change{list: withoutInstances, open: "false", variantPath + "scaling": scaled},
			want: []string{at + "scaling: is for variants on instances; a serverless one has concurrencyScaling"},
		},
		{
			name: "beside another",
			set: change{
				list: strings.TrimSuffix(withoutInstances, "]") + ", {name: b, model: flowers, instanceType: ml.m5.large}]",
				open: "false",
			},
			want: []string{"sagehost:" + list + ": is not possible with a serverless variant"},
		},
		{
			name: "with captured data",
			set:  change{list: withoutInstances, open: "false", "endpoints.flowers.dataCapture": "{}"},
			want: []string{"sagehost:endpoints.flowers.dataCapture: is not possible with a serverless variant"},
		},
		{
			name: "with an update policy", set: change{list: withoutInstances, open: "false", "endpoints.flowers.update": "{}"},
			want: []string{"sagehost:endpoints.flowers.update: is not possible with a serverless variant"},
		},
		{
			name: "with async", set: change{list: withoutInstances, open: "false", "endpoints.flowers.async": "{}"},
			want: []string{"sagehost:endpoints.flowers.async: is not possible with a serverless variant"},
		},
	})
}

func TestShadowsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:endpoints.flowers.shadow"
	for _, r := range []struct{ name, shadow, want string }{
		{"no name", "{model: flowers, instanceType: ml.m5.large}", ".name: is required"},
		{"no model", "{name: next, instanceType: ml.m5.large}", ".model: is required"},
		{
			"a model misspelt", "{name: next, model: flower, instanceType: ml.m5.large}",
			`.model: "flower" is not among the stack's models; did you mean "flowers"?`,
		},
		{"no instances", "{name: next, model: flowers}", ".instanceType: is required"},
		{
			"the name of the variant", "{name: main, model: flowers, instanceType: ml.m5.large}",
			`.name: "main" is the name of a production variant, too`,
		},
		{
			"a negative share", "{name: next, model: flowers, instanceType: ml.m5.large, weight: -1}",
			".weight: -1 is negative or not a number; use 0 to send no traffic",
		},
	} {
		refuse(t, []row{{name: r.name, set: change{"endpoints.flowers.shadow": r.shadow}, want: []string{at + r.want}}})
	}
	shadow := func(set change) change {
		set["endpoints.flowers.shadow"] = shadowed
		return set
	}
	refuse(t, []row{
		{
			name: "of several variants", set: shadow(change{"endpoints.flowers.variants": variants("a", "b")}),
			want: []string{at + ": is not possible with several variants"},
		},
		{
			name: "of an asynchronous endpoint", set: shadow(change{"endpoints.flowers.async": "{}"}),
			want: []string{at + ": is not possible with async"},
		},
		{
			name: "of a pipeline",
			set: shadow(change{"models.flowers": "{containers: [{image: '" + repository + ":1'}, " +
				"{image: '" + repository + ":2'}]}"}),
			want: []string{at + ": is not possible with a model of several containers"},
		},
	})
}

func TestEveryKindOfEndpointIsAccepted(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]change{
		"serverless": {"endpoints.flowers.variants": withoutInstances, open: "false"},
		"serverless everywhere": {
			"endpoints.flowers.variants": withoutInstances, open: "false",
			"endpoints.flowers.highAvailability": "true",
		},
		"asynchronous": {"endpoints.flowers.async": "{outputPath: 's3://bucket', failurePath: 's3://bucket/failures', " +
			"successTopicArn: '" + topic + "', includeInferenceResponse: true}"},
		"asynchronous, with an update policy": {"endpoints.flowers.async": "{}", "endpoints.flowers.update": "{}"},
		"with a shadow":                       {"endpoints.flowers.shadow": shadowed},
		"with a shadow and captured data": {
			"endpoints.flowers.shadow": shadowed, "endpoints.flowers.dataCapture": "{percentage: 0, input: false}",
		},
		"with a key": {"endpoints.flowers.kmsKeyArn": volumeKey, variantPath + "volumeSizeGb": "512"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Len(t, accept(t, set).Endpoints, 1)
		})
	}
}
