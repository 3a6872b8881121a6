package limits

import (
	"slices"
	"strings"
)

// beyondProvider begins the values of enumerations that SageMaker has and the AWS provider (pulumi-aws 6.83.2) refuses:
// its lists are those of mid 2025. A test asks the provider for every value.
var beyondProvider = map[string][]string{
	"ProductionVariantInstanceType": {
		"ml.c6in.", "ml.c8g.", "ml.g7.", "ml.g7e.", "ml.m8g.", "ml.p5.4xlarge", "ml.p6-b200.", "ml.p6-b300.",
		"ml.p6e-gb200.", "ml.r7gd.",
	},
	"ProductionVariantInferenceAmiVersion": {"al2023-ami-sagemaker-inference-gpu-4-1"},
}

// ProviderLimit says that a value of an enumeration of the service model is one which the AWS provider does not know;
// empty for a value that it knows.
func ProviderLimit(shape, value string) string {
	for _, beginning := range beyondProvider[shape] {
		if strings.HasPrefix(value, beginning) {
			return "is known to SageMaker, but not to the AWS provider (pulumi-aws) that deploys it; use another one"
		}
	}
	return ""
}

// DeployableInstanceTypes lists the types that a production variant may use and the AWS provider knows.
func DeployableInstanceTypes() []string {
	return slices.DeleteFunc(slices.Clone(HostingInstanceTypes()), func(name string) bool {
		return ProviderLimit("ProductionVariantInstanceType", name) != ""
	})
}
