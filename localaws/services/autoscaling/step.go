package autoscaling

import (
	"math"

	"sagehost/localaws/protocol/awsjson"
)

// Ways to read an adjustment.
const (
	changeInCapacity        = "ChangeInCapacity"
	percentChangeInCapacity = "PercentChangeInCapacity"
	exactCapacity           = "ExactCapacity"
)

func checkSteps(config awsjson.Object) error {
	steps := config.Objects("StepAdjustments")
	if len(steps) == 0 {
		return awsjson.Invalid("At least one step adjustment must be specified.")
	}
	if !config.Has("AdjustmentType") {
		return awsjson.Invalid("AdjustmentType must be specified.")
	}
	for _, s := range steps {
		if s.Has(lowerBound) && s.Has(upperBound) && float(s, lowerBound) >= float(s, upperBound) {
			return awsjson.Invalid("The upper bound of a step adjustment must be greater than its lower bound.")
		}
	}
	return nil
}

// The bounds of a step, as distances from the alarm's threshold; one that is missing is infinite.
const (
	lowerBound = "MetricIntervalLowerBound"
	upperBound = "MetricIntervalUpperBound"
)

// stepWants is what a step scaling policy wants.
func stepWants(policy awsjson.Object, e Event) (want func(int64) float64, ok bool) {
	config := policy.Object("StepScalingPolicyConfiguration")
	distance := e.Value - e.Threshold
	for _, s := range config.Objects("StepAdjustments") {
		if holds(s, distance) {
			return func(base int64) float64 { return adjusted(config, base, s.Number("ScalingAdjustment")) }, true
		}
	}
	return nil, false
}

// holds reports whether a step is for a distance. Above the threshold its lower bound belongs to it and its upper bound
// does not; below, it is the other way round (API reference, StepAdjustment). At the threshold either may: alarms that
// ring there compare with or-equal, and look up or down.
func holds(step awsjson.Object, distance float64) bool {
	low, high := math.Inf(-1), math.Inf(1)
	if step.Has(lowerBound) {
		low = float(step, lowerBound)
	}
	if step.Has(upperBound) {
		high = float(step, upperBound)
	}
	above := distance >= 0 && low <= distance && distance < high
	below := distance <= 0 && low < distance && distance <= high
	return above || below
}

// adjusted is a capacity after an adjustment.
func adjusted(config awsjson.Object, base, adjustment int64) float64 {
	switch config.Text("AdjustmentType") {
	case exactCapacity:
		return float64(adjustment)
	case percentChangeInCapacity:
		return float64(base) + percent(base, adjustment, config.Number("MinAdjustmentMagnitude"))
	default: // changeInCapacity
		return float64(base + adjustment)
	}
}

// percent is the change by a percentage. Its part beyond a whole number is dropped, but no change is less than one, or
// than the magnitude that the policy asks for ("How step scaling works", Scaling adjustment types). Of nothing, only
// the magnitude makes something.
func percent(base, adjustment, magnitude int64) float64 {
	exact := float64(base) * float64(adjustment) / 100
	size := math.Trunc(math.Abs(exact) + slack)
	switch {
	case adjustment == 0:
		return 0
	case exact != 0:
		size = max(size, 1)
	}
	return math.Copysign(max(size, float64(magnitude)), float64(adjustment))
}
