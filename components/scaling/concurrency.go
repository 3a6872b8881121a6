package scaling

import (
	"time"

	"sagehost/kit/check"
)

// DefaultUtilization leaves room for the requests that come while more concurrency is being provisioned.
const DefaultUtilization = 0.7

const (
	// maxConcurrency is SageMaker's limit for the concurrency of a serverless variant.
	maxConcurrency = 200
	// Application Auto Scaling takes no other targets for a utilization (SageMaker developer guide, "Automatically scale
	// Provisioned Concurrency for a serverless endpoint").
	minUtilization, maxUtilization = 0.1, 0.9
)

// ConcurrencySpec is what a user decides about the scaling of a serverless variant's provisioned concurrency: how many
// requests at a time are answered without a cold start.
type ConcurrencySpec struct {
	// Min is the least provisioned concurrency. Range: 1 to 200, at most max. Required.
	Min int `json:"min" required:"true"`
	// Max is the greatest provisioned concurrency. Range: min to 200, at most maxConcurrency. Required.
	Max int `json:"max" required:"true"`

	// Utilization is the share of the provisioned concurrency in use to hold, the metric
	// SageMakerVariantProvisionedConcurrencyUtilization. Range: 0.1 to 0.9. Default: 0.7.
	Utilization *float64 `json:"utilization"`

	// ScaleInCooldown is the wait after a scale-in before the next. Range: 0s to 24h. Default: 5m.
	ScaleInCooldown *time.Duration `json:"scaleInCooldown"`
	// ScaleOutCooldown is the wait after a scale-out before the next. Range: 0s to 24h. Default: 5m.
	ScaleOutCooldown *time.Duration `json:"scaleOutCooldown"`

	// Schedules change min and max at set times. Default: none.
	Schedules []Schedule `json:"schedules"`
}

// ServerlessVariant is what scaling must know of the serverless variant that it scales.
type ServerlessVariant struct {
	// ProvisionedConcurrency is that to which every deployment returns the variant. 0 stands for none, which cannot be
	// scaled.
	ProvisionedConcurrency int
	// MaxConcurrency is how many requests at a time the variant answers.
	MaxConcurrency int
}

func (v ServerlessVariant) bounds() bounds {
	b := bounds{
		least: 1, most: maxConcurrency, mostIs: "SageMaker's limit",
		start: v.ProvisionedConcurrency, startKey: "provisionedConcurrency",
	}
	if v.MaxConcurrency > 0 && v.MaxConcurrency < maxConcurrency {
		b.most, b.mostIs = v.MaxConcurrency, "maxConcurrency"
	}
	return b
}

// Check reports what is wrong with the scaling of this variant.
func (s *ConcurrencySpec) Check(at check.At, variant ServerlessVariant) {
	variant.bounds().check(at, s.Min, s.Max, s.Schedules)
	if s.Utilization != nil {
		check.Between(at.Key("utilization"), *s.Utilization, minUtilization, maxUtilization)
	}
	checkCooldowns(at, s.ScaleInCooldown, s.ScaleOutCooldown)
}
