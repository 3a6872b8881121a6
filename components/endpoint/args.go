package endpoint

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/logs"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Args configures an Endpoint.
type Args struct {
	Spec

	// Name is the endpoint's name, by which applications invoke it: unique in the account and region, ignoring case.
	// At most 63 letters, digits and hyphens. Changing it replaces the endpoint, with an outage. Required.
	Name string

	// Variants are the fleets that share the traffic: 1 to 10. Required.
	Variants []Variant

	// Shadow is sent copies of the requests to the only variant; its answers are dropped. Default: none.
	Shadow *Variant

	// AsyncBucket is the name of the bucket for answers of an asynchronous endpoint. Required with Spec.Async unless
	// that says where they go.
	AsyncBucket pulumi.StringInput

	// CaptureBucket is the name of the bucket for captured data. Required with Spec.DataCapture unless that says where
	// they go.
	CaptureBucket pulumi.StringInput

	// AlertsTopicARN is the SNS topic that is told of failures of an asynchronous endpoint, unless Spec.Async names
	// another. Default: none.
	AlertsTopicARN pulumi.StringInput

	// KMSKeyARN is the stack's key. It encrypts captured data and the answers of an asynchronous endpoint, wherever they
	// go, and, unless Spec.KMSKeyARN names another, the volumes of the instances. Where a variant has instances
	// with disks of their own, which encrypt themselves, no volume is encrypted under it. The roles of the
	// models must be allowed to use the key. Default: none, buckets and SageMaker decide.
	KMSKeyARN pulumi.StringInput

	// Logs says how long the endpoint's logs are kept. Default: all defaults.
	Logs logs.Spec

	// LogsKMSKeyARN is the key that encrypts the endpoint's logs. Its policy must let CloudWatch Logs use it. Default:
	// none, a key of CloudWatch Logs' own.
	LogsKMSKeyARN pulumi.StringInput

	// Tags are added to endpoint, configuration, log group and alarms, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Variant is a variant and the model it serves.
type Variant struct {
	VariantSpec

	// ModelName is the SageMaker model to serve. Required.
	ModelName pulumi.StringInput

	// Traits are what the endpoint must know of the model. Default: one container with network access.
	Traits ModelTraits
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
	for i := range a.Variants {
		a.Variants[i].checkModel(at.Key("variants").Index(i))
	}
	if a.Shadow != nil {
		a.Shadow.checkModel(at.Key("shadow"))
	}
	if a.Async != nil && a.Async.OutputPath == "" && a.AsyncBucket == nil {
		at.Key("asyncBucket").Addf("is required for async without an outputPath")
	}
	if a.DataCapture != nil && a.DataCapture.Destination == "" && a.CaptureBucket == nil {
		at.Key("captureBucket").Addf("is required for dataCapture without a destination")
	}
	a.Logs.Check(at.Key("logs"))
	a.Check(at, a.Variants, a.Shadow)
}

func (v *Variant) checkModel(at check.At) {
	if v.ModelName == nil {
		at.Key("modelName").Addf("is required")
	}
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
