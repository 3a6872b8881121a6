package autoscaling_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func step(
	kind types.AdjustmentType, magnitude *int32, steps ...types.StepAdjustment,
) func(*sdk.PutScalingPolicyInput) {
	return func(in *sdk.PutScalingPolicyInput) {
		in.PolicyType = types.PolicyTypeStepScaling
		in.StepScalingPolicyConfiguration = &types.StepScalingPolicyConfiguration{
			AdjustmentType: kind, MinAdjustmentMagnitude: magnitude, StepAdjustments: steps,
		}
	}
}

func adjust(low, high *float64, by int32) types.StepAdjustment {
	return types.StepAdjustment{
		MetricIntervalLowerBound: low, MetricIntervalUpperBound: high, ScalingAdjustment: aws.Int32(by),
	}
}

func TestStepScalingAddsWhatItsStepSays(t *testing.T) {
	t.Parallel()
	const (
		change  = types.AdjustmentTypeChangeInCapacity
		percent = types.AdjustmentTypePercentChangeInCapacity
		exact   = types.AdjustmentTypeExactCapacity
	)
	f := aws.Float64
	up := []types.StepAdjustment{adjust(f(0), f(10), 1), adjust(f(10), f(20), 2), adjust(f(20), nil, 4)}
	down := []types.StepAdjustment{adjust(f(-10), f(0), -1), adjust(nil, f(-10), -3)}
	all := func(by int32) []types.StepAdjustment { return []types.StepAdjustment{adjust(nil, nil, by)} }
	tests := []struct {
		name      string
		kind      types.AdjustmentType
		magnitude *int32
		steps     []types.StepAdjustment
		current   int64
		value     float64
		want      []int64
	}{
		{"at the threshold", change, nil, up, 3, 50, []int64{4}},
		{"below an upper bound", change, nil, up, 3, 59.9, []int64{4}},
		{"at an upper bound", change, nil, up, 3, 60, []int64{5}},
		{"without upper bound", change, nil, up, 3, 1000, []int64{7}},
		{"no step", change, nil, up, 3, 49, nil},
		{"down at the threshold", change, nil, down, 6, 50, []int64{5}},
		{"down above a lower bound", change, nil, down, 6, 40.1, []int64{5}},
		{"down at a lower bound", change, nil, down, 6, 40, []int64{3}},
		{"down without lower bound", change, nil, down, 6, -9, []int64{3}},
		{"exact, up", exact, nil, all(5), 2, 50, []int64{5}},
		{"exact, down", exact, nil, all(1), 2, 50, []int64{1}},
		{"exact, there already", exact, nil, all(2), 2, 50, nil},
		{"exact from zero", exact, nil, all(1), 0, 1, []int64{1}},
		{"change from zero", change, nil, all(1), 0, 1, []int64{1}},
		{"below zero", change, nil, all(-5), 2, 1, []int64{0}},
		{"percent", percent, nil, all(50), 4, 50, []int64{6}},
		{"percent above one is rounded down", percent, nil, all(25), 7, 50, []int64{8}},
		{"percent below one is rounded up", percent, nil, all(10), 2, 50, []int64{3}},
		{"negative percent below minus one is rounded up", percent, nil, all(-40), 9, 50, []int64{6}},
		{"negative percent above minus one is rounded down", percent, nil, all(-10), 4, 50, []int64{3}},
		{"percent with a magnitude", percent, aws.Int32(2), all(25), 4, 50, []int64{6}},
		{"negative percent with a magnitude", percent, aws.Int32(3), all(-25), 4, 50, []int64{1}},
		{"percent of zero", percent, nil, all(100), 0, 50, nil},
		{"percent of zero with a magnitude", percent, aws.Int32(2), all(100), 0, 50, []int64{2}},
		{"no percent", percent, aws.Int32(2), all(0), 4, 50, nil},
		{"to the maximum", change, nil, all(100), 4, 50, []int64{10}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, s := scaling(t, 0, 10, test.current)
			w.policy("p", step(test.kind, test.magnitude, test.steps...))
			require.NoError(t, w.ring("p", "", test.value, 50))
			assert.Equal(t, test.want, s.scaled)
		})
	}
}
