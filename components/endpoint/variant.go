package endpoint

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Defaults of a production variant.
const (
	DefaultInstanceCount = 1
	DefaultWeight        = 1.0
)

// VariantSpec is what a user decides about a variant: a fleet of equal instances, or a serverless one, that serves one
// model.
type VariantSpec struct {
	// Name is the variant's name, which metrics and scaling refer to; it must never change while the endpoint lives.
	// At most 63 letters, digits and hyphens. Required, different for each variant.
	Name string `json:"name"`

	// InstanceType is the ML instance type, such as "ml.m5.large". Required, unless the variant is serverless.
	InstanceType limits.InstanceType `json:"instanceType"`

	// InitialInstanceCount is the number of instances with which the variant starts, and to which every update of the
	// endpoint returns it, scaled out or not: size it for the load at which you deploy. Range: 1 and above, in 32
	// bits. Default: 1.
	InitialInstanceCount *int `json:"initialInstanceCount"`

	// Weight is the variant's share of traffic relative to the sum of all weights; 0 sends it none. For a shadow, it is
	// the share of requests that is copied, relative to the weight of the variant they are copied from. Range: 0 and
	// above, exactly representable in 32 bits (SageMaker rounds others, which shows as a change forever). Default: 1.
	Weight *float64 `json:"weight"`

	// ContainerStartupHealthCheckTimeout bounds the time until the container's first successful answer to /ping.
	// Range: 60s to 1h, whole seconds. Default: unset, SageMaker decides.
	ContainerStartupHealthCheckTimeout *time.Duration `json:"containerStartupHealthCheckTimeout"`

	// ModelDataDownloadTimeout bounds the time in which an instance downloads and unpacks the model's archive.
	// Range: 60s to 1h, whole seconds. Default: unset, SageMaker decides.
	ModelDataDownloadTimeout *time.Duration `json:"modelDataDownloadTimeout"`

	// VolumeSizeGB is the size of each instance's volume in GB. Not for instance types that have disks of their own.
	// Range: 1 to 512. Default: unset, SageMaker decides.
	VolumeSizeGB *int `json:"volumeSizeGb"`

	// RoutingStrategy is how requests find an instance. Range: LEAST_OUTSTANDING_REQUESTS, RANDOM. Default: unset,
	// SageMaker decides, which is at random.
	RoutingStrategy string `json:"routingStrategy"`

	// InferenceAMIVersion is the machine image that instances with accelerators start from, with its drivers: those with
	// "gpu" in their names are for GPUs, and those with "neuron" for Inferentia2 and Trainium.
	// Range: al2-ami-sagemaker-inference-gpu-2, al2-ami-sagemaker-inference-gpu-2-1, al2-ami-sagemaker-inference-gpu-3-1,
	// al2-ami-sagemaker-inference-neuron-2, al2023-ami-sagemaker-inference-gpu-4-1. Default: unset, SageMaker decides.
	InferenceAMIVersion string `json:"inferenceAmiVersion"`

	// Serverless runs the variant without instances, in place of instanceType and everything about instances. It must be
	// the endpoint's only variant. SageMaker takes the image only from this account's registry, or if it is one of those
	// that SageMaker provides; that is not checked before. Default: unset, the variant runs on instances.
	Serverless *Serverless `json:"serverless"`
}

// Serverless is a variant that runs only while it is asked.
type Serverless struct {
	// MemorySizeMB is the container's memory in MB. Range: 1024, 2048, 3072, 4096, 5120, 6144. Required.
	MemorySizeMB int `json:"memorySizeMb" required:"true"`

	// MaxConcurrency is how many requests are served at a time; SageMaker refuses the others. Range: 1 to 200. Required.
	MaxConcurrency int `json:"maxConcurrency" required:"true"`

	// ProvisionedConcurrency is how many requests find a container that has already started. Range: 1 to maxConcurrency.
	// Default: unset, requests may have to wait for a start.
	ProvisionedConcurrency *int `json:"provisionedConcurrency"`
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

func (v *VariantSpec) check(at check.At, highAvailability bool) {
	if at.Key("name").Required(v.Name) {
		if problem := limits.StringProblem("VariantName", v.Name); problem != "" {
			at.Key("name").Addf("%s", problem)
		}
	}
	if w := v.TrafficWeight(); w < 0 || math.IsInf(w, 0) || math.IsNaN(w) {
		at.Key("weight").Addf("%v is negative or not a number; use 0 to send no traffic", w)
	} else if float64(float32(w)) != w {
		at.Key("weight").Addf("%v is rounded by SageMaker; use a whole number or a fraction such as 0.5 or 0.25", w)
	}
	if v.Serverless != nil {
		v.checkNoInstances(at)
		v.Serverless.check(at.Key("serverless"))
		return
	}
	v.checkInstanceType(at.Key("instanceType"))
	count := v.InstanceCount()
	if problem := limits.IntegerProblem(count); problem != "" {
		at.Key("initialInstanceCount").Addf("%s", problem)
	} else if count < 1 {
		at.Key("initialInstanceCount").Addf("%d is less than 1", count)
	} else if highAvailability && count < HighAvailabilityInstances {
		given := strconv.Itoa(count)
		if v.InitialInstanceCount == nil {
			given += ", its default,"
		}
		at.Key("initialInstanceCount").Addf("%s is less than %d, which highAvailability needs to span availability zones",
			given, HighAvailabilityInstances)
	}
	v.checkInstances(at)
}

// checkInstances reports what is wrong with the options of instances.
func (v *VariantSpec) checkInstances(at check.At) {
	for key, timeout := range map[string]*time.Duration{
		"containerStartupHealthCheckTimeout": v.ContainerStartupHealthCheckTimeout,
		"modelDataDownloadTimeout":           v.ModelDataDownloadTimeout,
	} {
		if timeout != nil {
			at.Key(key).Seconds(*timeout, time.Minute, time.Hour)
		}
	}
	if size := v.VolumeSizeGB; size != nil {
		low, high, _ := limits.Range("ProductionVariantVolumeSizeInGB")
		check.Between(at.Key("volumeSizeGb"), *size, int(low), int(high))
		if v.InstanceType.HasLocalStorage() {
			at.Key("volumeSizeGb").Addf("is not possible with %s, which has disks of its own", v.InstanceType)
		}
	}
	checkOneOf(at.Key("routingStrategy"), v.RoutingStrategy, limits.Enum("RoutingStrategy"))
	image := at.Key("inferenceAmiVersion")
	checkOneOf(image, v.InferenceAMIVersion, limits.Enum("ProductionVariantInferenceAmiVersion"))
	checkProvider(image, "ProductionVariantInferenceAmiVersion", v.InferenceAMIVersion)
	if v.InstanceType.IsHosting() && !v.InstanceType.Boots(v.InferenceAMIVersion) {
		image.Addf("%s has drivers for other accelerators than those of %s, if it has any", v.InferenceAMIVersion,
			v.InstanceType)
	}
}

func (v *VariantSpec) checkInstanceType(at check.At) {
	if !at.Required(string(v.InstanceType)) {
		return
	}
	if !v.InstanceType.IsHosting() {
		at.Addf("%q is not a SageMaker hosting instance type%s", v.InstanceType,
			check.DidYouMean(string(v.InstanceType), limits.DeployableInstanceTypes()))
	}
	checkProvider(at, "ProductionVariantInstanceType", string(v.InstanceType))
}

// checkProvider reports a value that the AWS provider does not know.
func checkProvider(at check.At, shape, value string) {
	if problem := limits.ProviderLimit(shape, value); problem != "" {
		at.Addf("%q %s", value, problem)
	}
}

// checkNoInstances reports options of instances where there are none.
func (v *VariantSpec) checkNoInstances(at check.At) {
	for key, given := range map[string]bool{
		"instanceType":                       v.InstanceType != "",
		"initialInstanceCount":               v.InitialInstanceCount != nil,
		"containerStartupHealthCheckTimeout": v.ContainerStartupHealthCheckTimeout != nil,
		"modelDataDownloadTimeout":           v.ModelDataDownloadTimeout != nil,
		"volumeSizeGb":                       v.VolumeSizeGB != nil,
		"routingStrategy":                    v.RoutingStrategy != "",
		"inferenceAmiVersion":                v.InferenceAMIVersion != "",
	} {
		if given {
			at.Key(key).Addf("contradicts serverless, which has no instances; remove one of the two")
		}
	}
}

// serverlessMemorySizes are what ProductionVariantServerlessConfig takes, in MB.
var serverlessMemorySizes = []int{1024, 2048, 3072, 4096, 5120, 6144}

func (s *Serverless) check(at check.At) {
	if !slices.Contains(serverlessMemorySizes, s.MemorySizeMB) {
		at.Key("memorySizeMb").Addf("%d is not one of 1024, 2048, 3072, 4096, 5120, 6144", s.MemorySizeMB)
	}
	low, high, _ := limits.Range("ServerlessMaxConcurrency")
	check.Between(at.Key("maxConcurrency"), s.MaxConcurrency, int(low), int(high))
	if n := s.ProvisionedConcurrency; n != nil && (*n < 1 || *n > s.MaxConcurrency) && s.MaxConcurrency > 0 {
		at.Key("provisionedConcurrency").Addf("%d is not between 1 and maxConcurrency (%d)", *n, s.MaxConcurrency)
	}
}

// checkOneOf reports a value that is not in a list; the empty value is unset.
func checkOneOf(at check.At, value string, allowed []string) {
	if value != "" && !slices.Contains(allowed, value) {
		at.Addf("%q is not one of %s", value, strings.Join(allowed, ", "))
	}
}
