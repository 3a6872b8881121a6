package endpoint

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
	"sagehost/internal/limits"
)

// Args configures an Endpoint.
type Args struct {
	Spec

	// Name is the endpoint's name, by which applications invoke it: unique in the account and region, ignoring case.
	// At most 63 letters, digits and hyphens. Changing it replaces the endpoint, with an outage. Required.
	Name string

	// Variants are the fleets that share the traffic: 1 to 10. Required.
	Variants []Variant

	// Tags are added to endpoint and configuration, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Variant is a production variant and the model it serves.
type Variant struct {
	VariantSpec

	// ModelName is the SageMaker model to serve. Required.
	ModelName pulumi.StringInput
}

// generatedSuffix is what Pulumi appends to the logical name of a configuration: a hyphen and seven hex digits.
const generatedSuffix = 8

// check reports what is wrong with the arguments of the endpoint of this logical name.
func (a *Args) check(at check.At, name string) {
	if at.Key("name").Required(a.Name) {
		if problem := limits.StringProblem("EndpointName", a.Name); problem != "" {
			at.Key("name").Addf("%s", problem)
		}
	}
	CheckLogicalName(at, name)
	specs := make([]VariantSpec, len(a.Variants))
	for i := range a.Variants {
		specs[i] = a.Variants[i].VariantSpec
		if a.Variants[i].ModelName == nil {
			at.Key("variants").Index(i).Key("modelName").Addf("is required")
		}
	}
	CheckVariants(at.Key("variants"), a.Spec, specs)
}

// CheckLogicalName reports a component's name that SageMaker refuses once the generated suffix is appended.
func CheckLogicalName(at check.At, name string) {
	if longest := limits.MaxNameLength - generatedSuffix; len(name) > longest {
		at.Addf("the name has %d characters; at most %d leave room for the generated suffix in SageMaker's %d",
			len(name), longest, limits.MaxNameLength)
	} else if problem := limits.StringProblem("EndpointConfigName", name); problem != "" {
		at.Addf("the name %s", problem)
	}
}
