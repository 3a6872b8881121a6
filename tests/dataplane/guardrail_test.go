package dataplane_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// guarded is an endpoint of four instances that answers "v1", and a configuration "next" to update it to, with an alarm
// that rings when the new fleet fails.
func (w *world) guarded(next types.ContainerDefinition) {
	w.tb.Helper()
	four := func(v *types.ProductionVariant) { v.InitialInstanceCount = aws.Int32(4) }
	w.model("v1", told("v1"))
	w.config("v1", variant("main", "v1", four))
	w.model("next", next)
	w.config("next", variant("main", "next", four))
	w.endpoint("guarded", "v1")
	w.alarm("next-fails", "Invocation5XXErrors",
		dimensions("EndpointName", "guarded", "VariantName", "main", "EndpointConfigName", "next"))
}

// shifting takes the new fleet into service by a quarter first, or by quarters, and waits after each.
func shifting(routing types.TrafficRoutingConfigType, wait time.Duration) *types.DeploymentConfig {
	config := &types.TrafficRoutingConfig{Type: routing, WaitIntervalInSeconds: aws.Int32(int32(wait.Seconds()))}
	quarter := &types.CapacitySize{Type: types.CapacitySizeTypeCapacityPercent, Value: aws.Int32(25)}
	if routing == types.TrafficRoutingConfigTypeCanary {
		config.CanarySize = quarter
	} else {
		config.LinearStepSize = quarter
	}
	return &types.DeploymentConfig{
		BlueGreenUpdatePolicy: &types.BlueGreenUpdatePolicy{TrafficRoutingConfiguration: config},
		AutoRollbackConfiguration: &types.AutoRollbackConfig{
			Alarms: []types.Alarm{{AlarmName: aws.String("next-fails")}},
		},
	}
}

func TestACanaryThatFailsIsRolledBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad := told("v2")
	bad.Environment["STATUS"] = "500"
	w.guarded(bad)
	w.speed(100)
	stop := w.client("guarded")
	w.update("guarded", "next", shifting(types.TrafficRoutingConfigTypeCanary, time.Hour))
	settled := w.settled("guarded")
	answers, failures := stop()
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "v1", *settled.EndpointConfigName)
	assert.Equal(t, "The following CloudWatch alarms went into the ALARM state during the deployment: next-fails.",
		aws.ToString(settled.FailureReason))
	assert.Len(t, answers, 1)
	assert.NotEmpty(t, failures)
	// A quarter of the traffic, and none before the canary came.
	assert.Less(t, len(failures), answers["v1"])
	for range 50 {
		w.assertAnswer("v1", "guarded", "anything")
	}
}

func TestACanaryThatWorksTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guarded(told("v2"))
	w.speed(100)
	stop := w.client("guarded")
	w.update("guarded", "next", shifting(types.TrafficRoutingConfigTypeCanary, 2*time.Minute))
	settled := w.settled("guarded")
	answers, failures := stop()
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "next", *settled.EndpointConfigName)
	assert.Empty(t, aws.ToString(settled.FailureReason))
	assert.Empty(t, failures)
	assert.NotZero(t, answers["v1"])
	for range 50 {
		w.assertAnswer("v2", "guarded", "anything")
	}
}

func TestALinearUpdateShiftsTheTrafficInSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guarded(told("v2"))
	w.update("guarded", "next", shifting(types.TrafficRoutingConfigTypeLinear, 30*time.Minute))
	share := func() float64 {
		const asked = 200
		next := 0.0
		for range asked {
			answer, err := w.invoke(t.Context(), "guarded", "anything")
			require.NoError(t, err)
			if string(answer.Body) == "v2" {
				next++
			}
		}
		return next / asked
	}
	require.Eventually(t, func() bool { return share() > 0 }, soon, often)
	for _, want := range []float64{0.25, 0.5, 0.75} {
		assert.InDelta(t, want, share(), 5*0.0354)
		w.pass(minutes(30))
	}
	assert.Equal(t, 1.0, share())
	assert.Equal(t, types.EndpointStatusUpdating, w.describe("guarded").EndpointStatus)
	w.pass(minutes(30))
	settled := w.settled("guarded")
	assert.Equal(t, "next", *settled.EndpointConfigName)
	assert.Empty(t, aws.ToString(settled.FailureReason))
}
