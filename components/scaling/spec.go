package scaling

import (
	"time"

	"sagehost/internal/check"
)

// Defaults of a scaling policy, those of Application Auto Scaling.
const (
	DefaultCooldown     = 300 * time.Second
	DefaultSafetyFactor = 0.5
)

// maxCooldown is a day: a longer one never lets the policy act twice under the same load.
const maxCooldown = 24 * time.Hour

// Spec is what a user decides about the scaling of one variant. Exactly one of InvocationsPerInstance, LoadTest and
// ConcurrentRequestsPerModel is required: it says what the variant is held at.
type Spec struct {
	// Min is the least number of instances. Range: 1 and above. Required.
	Min int `json:"min" required:"true"`
	// Max is the greatest number of instances. Range: min and above. Required.
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

	// ScaleInCooldown is the wait after a scale-in before the next. Range: 0s to 24h. Default: 5m.
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

// Variant is what scaling must know of the variant it scales.
type Variant struct {
	// InitialInstanceCount is the count to which every deployment returns the variant.
	InitialInstanceCount int
	// Burstable says that the instance type earns CPU credits.
	Burstable bool
	// MinInstances is the least that Min may be: 2 where the endpoint must span availability zones, else 1.
	MinInstances int
}

// Check reports what is wrong with the scaling of this variant.
func (s *Spec) Check(at check.At, variant Variant) {
	if variant.Burstable {
		at.Addf("is not possible for burstable instance types (ml.t2, ml.t3); choose another instanceType")
	}
	if s.Min < variant.MinInstances {
		at.Key("min").Addf("%d is less than %d%s", s.Min, variant.MinInstances, reason(variant))
	}
	if s.Max < s.Min {
		at.Key("max").Addf("%d is less than min (%d)", s.Max, s.Min)
	} else if n := variant.InitialInstanceCount; n < s.Min || n > s.Max {
		at.Addf("initialInstanceCount (%d) is not between min (%d) and max (%d)", n, s.Min, s.Max)
	}
	s.checkTarget(at)
	for key, cooldown := range map[string]*time.Duration{
		"scaleInCooldown": s.ScaleInCooldown, "scaleOutCooldown": s.ScaleOutCooldown,
	} {
		if cooldown != nil {
			at.Key(key).Seconds(*cooldown, 0, maxCooldown)
		}
	}
	checkSchedules(at.Key("schedules"), s.Schedules, variant)
}

func reason(variant Variant) string {
	if variant.MinInstances > 1 {
		return ", which highAvailability needs to span availability zones"
	}
	return ""
}

func (s *Spec) checkTarget(at check.At) {
	given := 0
	for key, value := range map[string]*float64{
		"invocationsPerInstance": s.InvocationsPerInstance, "concurrentRequestsPerModel": s.ConcurrentRequestsPerModel,
	} {
		if value != nil {
			given++
			checkPositive(at.Key(key), *value)
		}
	}
	if s.LoadTest != nil {
		given++
		checkPositive(at.Key("loadTest").Key("maxRequestsPerSecond"), s.LoadTest.MaxRequestsPerSecond)
		if f := s.LoadTest.SafetyFactor; f != nil && (*f <= 0 || *f > 1) {
			at.Key("loadTest").Key("safetyFactor").Addf("%v is not above 0 and at most 1", *f)
		}
	}
	if given != 1 {
		at.Addf("has %d targets; give exactly one of invocationsPerInstance, loadTest, concurrentRequestsPerModel", given)
	}
}

func checkPositive(at check.At, value float64) {
	if value <= 0 {
		at.Addf("%v is not above 0", value)
	}
}
