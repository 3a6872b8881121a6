package scaling

import (
	"slices"
	"time"

	"sagehost/kit/check"
)

// Defaults of scaling policies.
const (
	// DefaultCooldown is that of Application Auto Scaling.
	DefaultCooldown     = 300 * time.Second
	DefaultSafetyFactor = 0.5
	// DefaultBacklogPerInstance and DefaultBacklogScaleInCooldown are those of the example in the SageMaker developer
	// guide, "Autoscale an asynchronous endpoint".
	DefaultBacklogPerInstance     = 5.0
	DefaultBacklogScaleInCooldown = 600 * time.Second
)

// maxCooldown is a day: a longer one never lets the policy act twice under the same load.
const maxCooldown = 24 * time.Hour

// Spec is what a user decides about the scaling of a variant's instances. Of an endpoint in real time, exactly one of
// InvocationsPerInstance, LoadTest and ConcurrentRequestsPerModel is required: it says what the variant is held at. An
// asynchronous endpoint publishes none of them, and is held at BacklogPerInstance.
type Spec struct {
	// Min is the least number of instances. An asynchronous endpoint with 0 runs none while no request waits, and takes
	// some minutes for the first request after that. Range: 1 and above; on asynchronous endpoints 0 and above; at
	// most max. Required.
	Min int `json:"min" required:"true"`
	// Max is the greatest number of instances. Range: min and above, in 32 bits. Required.
	Max int `json:"max" required:"true"`

	// InvocationsPerInstance is the number of invocations per instance and minute to hold, the metric
	// SageMakerVariantInvocationsPerInstance. Range: above 0. Default: unset.
	InvocationsPerInstance *float64 `json:"invocationsPerInstance"`

	// LoadTest derives invocationsPerInstance from a measured maximum. Default: unset.
	LoadTest *LoadTest `json:"loadTest"`

	// ConcurrentRequestsPerModel is the number of requests under way per instance to hold, the metric
	// SageMakerVariantConcurrentRequestsPerModelHighResolution, which reacts within seconds. Range: above 0.
	// Default: unset.
	ConcurrentRequestsPerModel *float64 `json:"concurrentRequestsPerModel"`

	// BacklogPerInstance is the number of requests per instance to hold that wait or are worked on, the metric
	// ApproximateBacklogSizePerInstance, on asynchronous endpoints only. Range: above 0. Default: 5 on asynchronous
	// endpoints.
	BacklogPerInstance *float64 `json:"backlogPerInstance"`

	// ScaleInCooldown is the wait after a scale-in before the next. Range: 0s to 24h. Default: 5m; on asynchronous
	// endpoints 10m.
	ScaleInCooldown *time.Duration `json:"scaleInCooldown"`
	// ScaleOutCooldown is the wait after a scale-out before the next. Range: 0s to 24h. Default: 5m.
	ScaleOutCooldown *time.Duration `json:"scaleOutCooldown"`

	// Schedules change min and max at set times. Default: none.
	Schedules []Schedule `json:"schedules"`
}

// LoadTest is what a load test of one instance showed.
type LoadTest struct {
	// MaxRequestsPerSecond is the highest rate that one instance served within the latency you accept. Range: above 0.
	// Required.
	MaxRequestsPerSecond float64 `json:"maxRequestsPerSecond" required:"true"`
	// SafetyFactor is the share of that rate to hold, so that there is room while new instances start (SageMaker
	// developer guide, load testing). Range: above 0, at most 1. Default: 0.5.
	SafetyFactor *float64 `json:"safetyFactor"`
}

// Target is the number of invocations per instance and minute: rate × safety factor × 60.
func (l *LoadTest) Target() float64 {
	factor := DefaultSafetyFactor
	if l.SafetyFactor != nil {
		factor = *l.SafetyFactor
	}
	return l.MaxRequestsPerSecond * factor * 60
}

// LargestMax is the greatest number of instances that Max or a schedule allows.
func (s *Spec) LargestMax() int {
	largest := s.Max
	for _, schedule := range s.Schedules {
		largest = max(largest, schedule.Max)
	}
	return largest
}

// leavesZero reports whether the variant may be without instances.
func (s *Spec) leavesZero(variant Variant) bool {
	none := func(schedule Schedule) bool { return schedule.Min == 0 }
	return variant.Asynchronous && (s.Min == 0 || slices.ContainsFunc(s.Schedules, none))
}

// Variant is what scaling must know of the variant whose instances it scales.
type Variant struct {
	// InitialInstanceCount is the count to which every deployment returns the variant.
	InitialInstanceCount int
	// CountByDefault says that nobody has set that count.
	CountByDefault bool
	// Burstable says that the instance type earns CPU credits.
	Burstable bool
	// MinInstances is the least that Min may be: 2 where the endpoint must span availability zones, else 1, or 0 where it
	// is asynchronous.
	MinInstances int
	// Asynchronous says that the endpoint answers later.
	Asynchronous bool
}

func (v Variant) bounds() bounds {
	b := bounds{least: v.MinInstances, start: v.InitialInstanceCount, startKey: "initialInstanceCount"}
	b.byDefault = v.CountByDefault
	if v.MinInstances > 1 {
		b.because = ", which highAvailability needs to span availability zones"
	}
	if !v.Asynchronous {
		b.least = max(b.least, 1)
	}
	return b
}

// Check reports what is wrong with the scaling of this variant.
func (s *Spec) Check(at check.At, variant Variant) {
	if variant.Burstable {
		at.Addf("is not possible for burstable instance types (ml.t2, ml.t3); choose another instanceType")
	}
	variant.bounds().check(at, s.Min, s.Max, s.Schedules)
	if variant.Asynchronous {
		s.checkBacklog(at)
	} else {
		s.checkTarget(at)
	}
	checkCooldowns(at, s.ScaleInCooldown, s.ScaleOutCooldown)
}
