package endpoint

import (
	"math"
	"time"

	"sagehost/internal/check"
	"sagehost/internal/limits"
)

// Defaults of a production variant.
const (
	DefaultInstanceCount = 1
	DefaultWeight        = 1.0
)

// maxVariants is how many production variants an endpoint configuration takes.
const maxVariants = 10

// HighAvailabilityInstances is how many instances a variant needs for SageMaker to spread it over availability zones.
const HighAvailabilityInstances = 2

// Spec is what a user decides about an endpoint, apart from its variants.
type Spec struct {
	// HighAvailability demands that every variant has at least two instances at all times, which SageMaker spreads over
	// availability zones. Default: false.
	HighAvailability bool `json:"highAvailability"`

	// Protect makes Pulumi refuse to delete or replace the endpoint. Updates to new models go on. Default: false.
	Protect bool `json:"protect"`
}

// VariantSpec is what a user decides about a production variant: a fleet of equal instances that serve one model.
type VariantSpec struct {
	// Name is the variant's name, which metrics and scaling refer to; it must never change while the endpoint lives.
	// At most 63 letters, digits and hyphens. Required, different for each variant.
	Name string `json:"name"`

	// InstanceType is the ML instance type, such as "ml.m5.large". Required.
	InstanceType limits.InstanceType `json:"instanceType"`

	// InitialInstanceCount is the number of instances with which the variant starts, and to which every update of the
	// endpoint returns it, scaled out or not: size it for the load at which you deploy. Range: 1 and above. Default: 1.
	InitialInstanceCount *int `json:"initialInstanceCount"`

	// Weight is the variant's share of traffic relative to the sum of all weights; 0 sends it none. Range: 0 and above,
	// exactly representable in 32 bits (SageMaker rounds others, which shows as a change forever). Default: 1.
	Weight *float64 `json:"weight"`

	// ContainerStartupHealthCheckTimeout bounds the time until the container's first successful answer to /ping.
	// Range: 60s to 1h, whole seconds. Default: unset, SageMaker decides.
	ContainerStartupHealthCheckTimeout *time.Duration `json:"containerStartupHealthCheckTimeout"`
}

// InstanceCount is InitialInstanceCount with its default.
func (v *VariantSpec) InstanceCount() int {
	if v.InitialInstanceCount == nil {
		return DefaultInstanceCount
	}
	return *v.InitialInstanceCount
}

// TrafficWeight is Weight with its default.
func (v *VariantSpec) TrafficWeight() float64 {
	if v.Weight == nil {
		return DefaultWeight
	}
	return *v.Weight
}

// CheckVariants reports what is wrong with the variants of an endpoint.
func CheckVariants(at check.At, endpoint Spec, variants []VariantSpec) {
	if n := len(variants); n < 1 || n > maxVariants {
		at.Addf("has %d entries; 1 to %d are allowed", n, maxVariants)
	}
	names := make([]string, len(variants))
	for i := range variants {
		variants[i].check(at.Index(i), endpoint)
		names[i] = variants[i].Name
	}
	at.Unique("name", names)
}

func (v *VariantSpec) check(at check.At, endpoint Spec) {
	if at.Key("name").Required(v.Name) {
		if problem := limits.StringProblem("VariantName", v.Name); problem != "" {
			at.Key("name").Addf("%s", problem)
		}
	}
	v.checkInstanceType(at.Key("instanceType"))
	count := v.InstanceCount()
	if count < 1 {
		at.Key("initialInstanceCount").Addf("%d is less than 1", count)
	} else if endpoint.HighAvailability && count < HighAvailabilityInstances {
		at.Key("initialInstanceCount").Addf("%d is less than %d, which highAvailability needs to span availability zones",
			count, HighAvailabilityInstances)
	}
	if w := v.TrafficWeight(); w < 0 || math.IsInf(w, 0) || math.IsNaN(w) {
		at.Key("weight").Addf("%v is negative or not a number; use 0 to send no traffic", w)
	} else if float64(float32(w)) != w {
		at.Key("weight").Addf("%v is rounded by SageMaker; use a whole number or a fraction such as 0.5 or 0.25", w)
	}
	if timeout := v.ContainerStartupHealthCheckTimeout; timeout != nil {
		at.Key("containerStartupHealthCheckTimeout").Seconds(*timeout, time.Minute, time.Hour)
	}
}

func (v *VariantSpec) checkInstanceType(at check.At) {
	if !at.Required(string(v.InstanceType)) || v.InstanceType.IsHosting() {
		return
	}
	at.Addf("%q is not a SageMaker hosting instance type%s", v.InstanceType,
		check.DidYouMean(string(v.InstanceType), limits.HostingInstanceTypes()))
}
