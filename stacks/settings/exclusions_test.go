package settings

import (
	"testing"
)

func TestAServerlessVariantTakesAKey(t *testing.T) {
	t.Parallel()
	accept(t, change{
		"endpoints.flowers.variants": withoutInstances, "models.flowers.networkIsolation": "false",
		"endpoints.flowers.kmsKeyArn": volumeKey,
	})
}

func TestMachineImagesAreForInstancesWithTheirAccelerators(t *testing.T) {
	t.Parallel()
	const (
		gpu    = "al2-ami-sagemaker-inference-gpu-3-1"
		neuron = "al2-ami-sagemaker-inference-neuron-2"
	)
	with := func(instanceType, image string) change {
		return change{variantPath + "instanceType": instanceType, variantPath + "inferenceAmiVersion": image}
	}
	accept(t, with("ml.g5.xlarge", gpu))
	accept(t, with("ml.trn1.2xlarge", neuron))
	for _, pair := range [][2]string{
		{"ml.m5.large", gpu},
		{"ml.m5.large", neuron},
		{"ml.g5.xlarge", neuron},
		{"ml.inf2.xlarge", gpu},
		{"ml.inf1.xlarge", neuron},
	} {
		refuse(t, []row{{
			name: pair[1] + " on " + pair[0], set: with(pair[0], pair[1]),
			want: []string{"sagehost:" + variantPath + "inferenceAmiVersion: " + pair[1] +
				" has drivers for other accelerators than those of " + pair[0] + ", if it has any"},
		}})
	}
}

func TestVariantsThatNobodyCanReachAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at   = "sagehost:endpoints.flowers.variants"
		none = ": no variant would get a request, as the weight of each is 0"
	)
	two := func(first, second string) change {
		return change{"endpoints.flowers.variants": "[{name: a, model: flowers, instanceType: ml.m5.large, weight: " + first +
			"}, {name: b, model: flowers, instanceType: ml.m5.large, weight: " + second + "}]"}
	}
	refuse(t, []row{
		{name: "one", set: change{variantPath + "weight": "0"}, want: []string{at + "[0].weight" + none}},
		{name: "two", set: two("0", "0.0"), want: []string{at + none}},
	})
	accept(t, two("0", "1"))
}

func TestNamesThatDifferInCaseOnlyAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:endpoints.flowers."
	refuse(t, []row{
		{
			name: "of variants", set: change{"endpoints.flowers.variants": variants("Blue", "green", "BLUE")},
			want: []string{at + `variants[2].name: "BLUE" differs from "Blue" at ` + at +
				"variants[0] in case only, which SageMaker ignores"},
		},
		{
			name: "of a shadow",
			set:  change{"endpoints.flowers.shadow": "{name: MAIN, model: flowers, instanceType: ml.m5.large}"},
			want: []string{at + `shadow.name: "main" is the name of a production variant, too`},
		},
		{
			name: "of batches", set: change{"batch.Flowers": onDemand, "batch.flowers": onDemand},
			want: []string{
				`sagehost:batch.flowers: the name differs from "Flowers" in case only, which SageMaker ignores`,
			},
		},
	})
}

func TestAPackageOfAWSMarketplaceExcludesWhatAnotherDoesNot(t *testing.T) {
	t.Parallel()
	const (
		listed = "{packageArn: 'arn:aws:sagemaker:eu-west-1:985815980388:model-package/flowers-1', networkIsolation: false}"
		own    = "{packageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers-1', networkIsolation: false}"
		no     = ": is not possible with a model package of AWS Marketplace"
		at     = "sagehost:endpoints.flowers."
	)
	for path, test := range map[string]struct{ value, want string }{
		"endpoints.flowers.async":  {"{}", at + "async" + no},
		"endpoints.flowers.shadow": {shadowed, at + "shadow" + no},
		"endpoints.flowers.update": {"{}", at + "update" + no},
		"endpoints.flowers.variants": {
			withoutInstances, at + "variants[0].serverless: is not possible for a model with a model package of AWS Marketplace",
		},
	} {
		accept(t, change{"models.flowers": own, path: test.value})
		refuse(t, []row{{name: path, set: change{"models.flowers": listed, path: test.value}, want: []string{test.want}}})
	}
}
