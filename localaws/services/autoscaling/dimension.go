package autoscaling

import (
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/limits"
	"sagehost/localaws/protocol/awsjson"
)

// dimension is something that can be scaled.
type dimension struct {
	name     string
	resource *regexp.Regexp
	// quantity is what activities call it.
	quantity string
	// metrics are the predefined metrics that a policy can track.
	metrics []string
}

const instanceCount = "sagemaker:variant:DesiredInstanceCount"

var (
	variantPattern   = regexp.MustCompile(`^endpoint/([^/]+)/variant/([^/]+)$`)
	componentPattern = regexp.MustCompile(`^inference-component/([^/]+)$`)

	dimensions = []dimension{
		{instanceCount, variantPattern, "desired instance count", []string{
			"SageMakerVariantInvocationsPerInstance", "SageMakerVariantConcurrentRequestsPerModelHighResolution",
		}},
		{"sagemaker:variant:DesiredProvisionedConcurrency", variantPattern, "desired provisioned concurrency", []string{
			"SageMakerVariantProvisionedConcurrencyUtilization",
		}},
		{"sagemaker:inference-component:DesiredCopyCount", componentPattern, "desired copy count", []string{
			"SageMakerInferenceComponentInvocationsPerCopy",
			"SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
		}},
	}
	dimensionNames = []string{dimensions[0].name, dimensions[1].name, dimensions[2].name}
)

// find is the dimension of a name, which the request's shape has checked.
func find(name string) dimension {
	return dimensions[slices.IndexFunc(dimensions, func(d dimension) bool { return d.name == name })]
}

func variantResource(endpoint, variant string) string {
	return strings.Join([]string{"endpoint", endpoint, "variant", variant}, "/")
}

func parseVariant(resource string) (endpoint, variant string, ok bool) {
	parts := variantPattern.FindStringSubmatch(resource)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// scalable checks what a target names, and its capacities, against the endpoint. It asks SageMaker, so the fake's lock
// must not be held: SageMaker asks back with its own lock held.
func (f *Fake) scalable(region string, in awsjson.Object) error {
	resource, name := in.Text("ResourceId"), in.Text("ScalableDimension")
	d := find(name)
	if !d.resource.MatchString(resource) {
		return awsjson.Invalid("Unsupported service namespace, resource type or scalable dimension")
	}
	endpoint, variant, ok := parseVariant(resource)
	if !ok {
		return nil
	}
	instanceType, async, found := f.options.Endpoints.Variant(region, endpoint, variant)
	onInstances := name == instanceCount
	switch {
	case !found:
		return awsjson.Invalid("SageMaker endpoint variant doesn't exist: %s", resource)
	case onInstances != (instanceType != ""):
		return awsjson.Invalid("Scalable dimension %s is not supported for %s", name, resource)
	case limits.InstanceType(instanceType).IsBurstable():
		return awsjson.Invalid("Burstable instance type %s is not supported: %s", instanceType, resource)
	case onInstances && !async && in.Has("MinCapacity") && in.Number("MinCapacity") == 0:
		return awsjson.Invalid("Minimum capacity of %s must be at least 1", resource)
	}
	return nil
}
