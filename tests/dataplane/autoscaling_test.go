package dataplane_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// desired is how many instances the variant "main" of an endpoint is to have.
func (w *world) desired(endpoint string) int32 {
	w.tb.Helper()
	return *w.describe(endpoint).ProductionVariants[0].DesiredInstanceCount
}

// track holds a number of invocations per instance and minute, with cooldowns of five minutes.
func (w *world) track(endpoint string, target float64) {
	w.tb.Helper()
	_, err := w.scaling.PutScalingPolicy(w.tb.Context(), &applicationautoscaling.PutScalingPolicyInput{
		PolicyName: aws.String("load"), PolicyType: scalingtypes.PolicyTypeTargetTrackingScaling,
		ResourceId: aws.String(resource(endpoint)), ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		TargetTrackingScalingPolicyConfiguration: &scalingtypes.TargetTrackingScalingPolicyConfiguration{
			TargetValue: &target, ScaleInCooldown: aws.Int32(300), ScaleOutCooldown: aws.Int32(300),
			PredefinedMetricSpecification: &scalingtypes.PredefinedMetricSpecification{
				PredefinedMetricType: scalingtypes.MetricTypeSageMakerVariantInvocationsPerInstance,
			},
		},
	})
	require.NoError(w.tb, err)
}

func TestInstancesFollowTheLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.register("v1", 1, 4)
	w.track("v1", 0.5)

	// At 600 a minute takes a tenth of a second, in which the client asks far more often than four instances are for.
	w.speed(600)
	stop := w.client("v1")
	require.Eventually(t, func() bool { return w.desired("v1") == 4 }, soon, often)
	_, failures := stop()
	assert.Empty(t, failures)
	require.Eventually(t, func() bool { return w.desired("v1") == 1 }, soon, often)
	w.speed(1)
	w.settled("v1")

	activities := w.activities("v1")
	require.GreaterOrEqual(t, len(activities), 2)
	var changes []string
	for i, activity := range activities {
		changes = append(changes, *activity.Description)
		assert.Equal(t, scalingtypes.ScalingActivityStatusCodeSuccessful, activity.StatusCode)
		assert.Regexp(t, "^monitor alarm TargetTracking-endpoint/v1/variant/main-Alarm(High|Low)-[0-9a-f-]{36} "+
			"in state ALARM triggered policy load$", *activity.Cause)
		if i == 0 {
			assert.Equal(t, "Setting desired instance count to 1.", *activity.Description)
			// The metric has to be low for 15 minutes after the last scale out.
			apart := activity.StartTime.Sub(*activities[1].StartTime)
			assert.GreaterOrEqual(t, apart, 5*time.Minute)
		}
	}
	// On a busy machine the client begins slowly, and there is a step between.
	assert.Contains(t, changes, "Setting desired instance count to 4.")
}

func TestACooldownHoldsTheNextScaleInBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.register("v1", 1, 4)
	w.resize("v1", 4)
	policy, err := w.scaling.PutScalingPolicy(t.Context(), &applicationautoscaling.PutScalingPolicyInput{
		PolicyName: aws.String("shrink"), PolicyType: scalingtypes.PolicyTypeStepScaling,
		ResourceId: aws.String(resource("v1")), ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		StepScalingPolicyConfiguration: &scalingtypes.StepScalingPolicyConfiguration{
			AdjustmentType: scalingtypes.AdjustmentTypeChangeInCapacity, Cooldown: aws.Int32(600),
			StepAdjustments: []scalingtypes.StepAdjustment{{
				MetricIntervalUpperBound: aws.Float64(0), ScalingAdjustment: aws.Int32(-1),
			}},
		},
	})
	require.NoError(t, err)
	w.idleAlarm("idle", "v1", *policy.PolicyARN)
	w.speed(600)
	require.Eventually(t, func() bool { return w.desired("v1") == 1 }, soon, often)
	w.speed(1)
	activities := w.activities("v1")
	require.Len(t, activities, 3)
	for i := range 2 {
		apart := activities[i].StartTime.Sub(*activities[i+1].StartTime)
		assert.GreaterOrEqual(t, apart, 10*time.Minute)
	}
}

func TestAScheduledActionSetsTheBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.register("v1", 1, 4)
	w.schedule("v1", w.clock.Now().Add(time.Hour), 3, 5)
	w.pass(minutes(20))
	assert.Equal(t, int32(1), w.desired("v1"))
	assert.Empty(t, w.activities("v1"))
	w.pass(minutes(41))
	require.Eventually(t, func() bool { return w.desired("v1") == 3 }, soon, often)
	w.settled("v1")
	var told []string
	for _, activity := range w.activities("v1") {
		told = append(told, *activity.Description)
	}
	assert.Equal(t,
		[]string{"Setting desired instance count to 3.", "Setting min capacity to 3 and max capacity to 5"}, told)
}
