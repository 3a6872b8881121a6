package autoscaling_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/localaws/services/autoscaling"
)

// hundred is a policy of 100 invocations a minute with the usual cooldowns.
func hundred(c *types.TargetTrackingScalingPolicyConfiguration) {
	c.TargetValue, c.ScaleInCooldown, c.ScaleOutCooldown = aws.Float64(100), nil, nil
}

// scaling is a world that scales between bounds, from a capacity on.
func scaling(t *testing.T, low, high int32, current int64) (*world, *scaler) {
	t.Helper()
	s, watch := &scaler{initial: current}, &watch{}
	w := newWorld(t, s.with, watch.with)
	require.NoError(t, w.register("endpoint/a/variant/v", bounds(low, high)))
	return w, s
}

func bounds(low, high int32) func(*sdk.RegisterScalableTargetInput) {
	return func(in *sdk.RegisterScalableTargetInput) { in.MinCapacity, in.MaxCapacity = &low, &high }
}

// policy puts a policy of the variant v of the asynchronous endpoint a.
func (w *world) policy(name string, change func(*sdk.PutScalingPolicyInput)) {
	w.t.Helper()
	require.NoError(w.t, w.putPolicy(name, func(in *sdk.PutScalingPolicyInput) {
		in.ResourceId = aws.String("endpoint/a/variant/v")
		change(in)
	}))
}

// ring lets an alarm of a policy ring now: the "high" one or the "low" one. Step policies have alarms of others.
func (w *world) ring(name, kind string, value, threshold float64) error {
	w.t.Helper()
	out, err := w.DescribeScalingPolicies(w.t.Context(), &sdk.DescribeScalingPoliciesInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, PolicyNames: []string{name},
	})
	require.NoError(w.t, err)
	require.Len(w.t, out.ScalingPolicies, 1)
	policy := out.ScalingPolicies[0]
	e := autoscaling.Event{
		Region: "eu-central-1", PolicyARN: *policy.PolicyARN, AlarmName: "mine",
		Value: value, Threshold: threshold, At: w.clock(),
	}
	for _, alarm := range policy.Alarms {
		if strings.Contains(strings.ToLower(*alarm.AlarmName), "-alarm"+kind+"-") {
			e.AlarmName = *alarm.AlarmName
		}
	}
	return w.fake.RunPolicy(w.t.Context(), e)
}

func TestAHandSetCapacityBeyondABoundIsNotScaledTheWrongWay(t *testing.T) {
	t.Parallel()
	w, s := scaling(t, 2, 4, 3)
	w.policy("p", tracking(hundred))
	s.initial = 9
	require.NoError(t, w.ring("p", "high", 200, 100))
	s.initial = 1
	require.NoError(t, w.ring("p", "low", 10, 90))
	assert.Empty(t, s.scaled)
	s.initial = 9
	require.NoError(t, w.ring("p", "low", 80, 90))
	assert.Equal(t, []int64{4}, s.scaled)
}

func TestSuspendedDirectionsStandStill(t *testing.T) {
	t.Parallel()
	suspend := func(in, out bool) func(*sdk.RegisterScalableTargetInput) {
		return func(r *sdk.RegisterScalableTargetInput) {
			r.SuspendedState = &types.SuspendedState{DynamicScalingInSuspended: &in, DynamicScalingOutSuspended: &out}
		}
	}
	w, s := scaling(t, 1, 10, 4)
	w.policy("p", tracking(hundred))
	require.NoError(t, w.register("endpoint/a/variant/v", bounds(1, 10), suspend(true, false)))
	require.NoError(t, w.ring("p", "low", 25, 90))
	assert.Empty(t, s.scaled)
	require.NoError(t, w.register("endpoint/a/variant/v", bounds(1, 10), suspend(false, true)))
	require.NoError(t, w.ring("p", "high", 200, 100))
	assert.Empty(t, s.scaled)
	require.NoError(t, w.ring("p", "low", 25, 90))
	assert.Equal(t, []int64{1}, s.scaled)
}

func TestRunPolicyTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	w, s := scaling(t, 1, 10, 4)
	w.policy("p", tracking(hundred))
	require.ErrorContains(t, w.fake.RunPolicy(t.Context(), autoscaling.Event{PolicyARN: "x"}),
		"policy x: there is no such policy")
	require.ErrorContains(t, w.ring("p", "none", 1, 1), "is not one of its own")
	require.ErrorContains(t, w.ring("p", "high", math.NaN(), 1), "the value is not a number")
	s.refusal = errors.New("no more instances")
	require.ErrorIs(t, w.ring("p", "high", 200, 100), s.refusal)
	s.refusal = nil
	require.NoError(t, w.ring("p", "high", 150, 100))
	assert.Equal(t, []int64{6}, s.scaled, "what failed begins no cooldown")
}

func TestTheScalerMayCallBack(t *testing.T) {
	t.Parallel()
	w, s := scaling(t, 1, 10, 4)
	w.policy("p", tracking(hundred))
	calls := 0
	s.called = func() {
		calls++
		assert.True(t, w.fake.Registered("eu-central-1", "a", "v"))
	}
	require.NoError(t, w.ring("p", "high", 150, 100))
	w.pass(0)
	require.NoError(t, w.register("endpoint/a/variant/v", bounds(1, 10)))
	assert.Equal(t, 2, calls)
}

func TestTheCapacityStaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	w, s := scaling(t, 1, 10, 4)
	w.policy("p", tracking(hundred))
	w.policy("q", step(types.AdjustmentTypePercentChangeInCapacity, aws.Int32(2),
		adjust(aws.Float64(0), nil, 70), adjust(nil, aws.Float64(0), -70)))
	low, high := int32(1), int32(10)
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			w.pass(time.Duration(rapid.IntRange(0, 600).Draw(r, "seconds")) * time.Second)
			value := rapid.Float64Range(-10, 1e6).Draw(r, "value")
			switch rapid.SampledFrom([]string{"high", "low", "step", "register"}).Draw(r, "what") {
			case "high":
				require.NoError(r, w.ring("p", "high", value, 100))
			case "low":
				require.NoError(r, w.ring("p", "low", value, 90))
			case "step":
				require.NoError(r, w.ring("q", "", value, 100))
			default:
				low = rapid.Int32Range(0, 20).Draw(r, "min")
				high = rapid.Int32Range(low, 30).Draw(r, "max")
				require.NoError(r, w.register("endpoint/a/variant/v", bounds(low, high)))
			}
			got, _ := s.Capacity("eu-central-1", "a", "v", string(count))
			require.GreaterOrEqual(r, got, int64(low))
			require.LessOrEqual(r, got, int64(high))
		}
	})
}
