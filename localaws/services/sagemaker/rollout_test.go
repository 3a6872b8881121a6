package sagemaker_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// alarm is a CloudWatch with one alarm, "errors".
type alarm struct {
	mu    sync.Mutex
	state string
	// missing are alarms that do not exist.
	missing []string
}

func (a *alarm) Missing(_ context.Context, _ string, names []string) ([]string, error) {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(a.missing, name) }), nil
}

func (a *alarm) State(_ context.Context, region, name string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if region != "eu-central-1" || name != "errors" {
		return "", nil
	}
	return a.state, nil
}

func (a *alarm) ring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = "ALARM"
}

func size(kind types.CapacitySizeType, value int32) *types.CapacitySize {
	return &types.CapacitySize{Type: kind, Value: aws.Int32(value)}
}

// shifting is a blue/green deployment with waits of a minute.
func shifting(kind types.TrafficRoutingConfigType, alarms ...string) *types.DeploymentConfig {
	guard := &types.DeploymentConfig{BlueGreenUpdatePolicy: &types.BlueGreenUpdatePolicy{
		TrafficRoutingConfiguration: &types.TrafficRoutingConfig{Type: kind, WaitIntervalInSeconds: aws.Int32(60)},
	}}
	routing := guard.BlueGreenUpdatePolicy.TrafficRoutingConfiguration
	switch kind {
	case types.TrafficRoutingConfigTypeCanary:
		routing.CanarySize = size(types.CapacitySizeTypeCapacityPercent, 50)
	case types.TrafficRoutingConfigTypeAllAtOnce:
	case types.TrafficRoutingConfigTypeLinear:
		routing.LinearStepSize = size(types.CapacitySizeTypeInstanceCount, 1)
	}
	for _, name := range alarms {
		if guard.AutoRollbackConfiguration == nil {
			guard.AutoRollbackConfiguration = &types.AutoRollbackConfig{}
		}
		guard.AutoRollbackConfiguration.Alarms = append(guard.AutoRollbackConfiguration.Alarms,
			types.Alarm{AlarmName: aws.String(name)})
	}
	return guard
}

func rolling(batch *types.CapacitySize) *types.DeploymentConfig {
	return &types.DeploymentConfig{RollingUpdatePolicy: &types.RollingUpdatePolicy{
		MaximumBatchSize: batch, WaitIntervalInSeconds: aws.Int32(60),
	}}
}

// fourOfM2 is four instances of the model "m2".
func fourOfM2(v *types.ProductionVariant) {
	v.ModelName, v.InitialInstanceCount = aws.String("m2"), aws.Int32(4)
}

func TestTrafficShiftsAsTheDeploymentSays(t *testing.T) {
	t.Parallel()
	const old, fresh = "v c1 " + repo + "m:1", "v c2 " + repo + "m:2"
	for name, row := range map[string]struct {
		guard *types.DeploymentConfig
		// minutes are the weights in each minute after the new fleet was provisioned, until the update is over.
		minutes []map[string]float64
	}{
		"all at once": {shifting(types.TrafficRoutingConfigTypeAllAtOnce), nil},
		"all at once, watched": {
			shifting(types.TrafficRoutingConfigTypeAllAtOnce, "errors"), []map[string]float64{{fresh: 1}},
		},
		"canary": {
			shifting(types.TrafficRoutingConfigTypeCanary), []map[string]float64{{old: 0.5, fresh: 0.5}},
		},
		"canary, watched": {
			shifting(types.TrafficRoutingConfigTypeCanary, "errors"),
			[]map[string]float64{{old: 0.5, fresh: 0.5}, {fresh: 1}},
		},
		"linear": {
			shifting(types.TrafficRoutingConfigTypeLinear),
			[]map[string]float64{{old: 0.75, fresh: 0.25}, {old: 0.5, fresh: 0.5}, {old: 0.25, fresh: 0.75}},
		},
		"rolling": {
			rolling(size(types.CapacitySizeTypeCapacityPercent, 50)), []map[string]float64{{old: 0.5, fresh: 0.5}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newServingWorld(t)
			w.fake.SetAlarms(&alarm{})
			w.serving(variant("v"))
			w.becomes(types.EndpointStatusInService)
			w.model("m2", repo+"m:2")
			w.config("c2", variant("v", fourOfM2))
			require.NoError(t, w.update("c2", func(in *sdk.UpdateEndpointInput) { in.DeploymentConfig = row.guard }))
			require.Eventually(t, func() bool { return len(w.fleets.all()) == 2 }, 10*time.Second, time.Millisecond)
			assert.Equal(t, map[string]float64{old: 1}, w.answers(), "while the new fleet is provisioned")
			w.pass(10 * time.Minute)
			for _, want := range row.minutes {
				w.pass(time.Second)
				require.Eventually(t, func() bool { return assert.ObjectsAreEqual(want, w.answers()) },
					10*time.Second, time.Millisecond, "%v", want)
				w.pass(59 * time.Second)
			}
			out := w.becomes(types.EndpointStatusInService)
			assert.Equal(t, "c2", *out.EndpointConfigName)
			assert.Equal(t, map[string]float64{"v  " + repo + "m:2": 1}, w.answers())
		})
	}
}

func TestAnAlarmThatGoesOffRollsTheUpdateBack(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	errors := &alarm{state: "OK"}
	w.fake.SetAlarms(errors)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	require.NoError(t, w.next(repo+"m:2", shifting(types.TrafficRoutingConfigTypeCanary, "latency", "errors")))
	errors.ring()
	assert.Equal(t, types.EndpointStatusUpdating, w.describe("e").EndpointStatus, "nothing is watched yet")
	w.pass(10*time.Minute + time.Second)
	w.becomes(types.EndpointStatusRollingBack)
	w.pass(4 * time.Minute)
	out := w.becomes(types.EndpointStatusInService)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, "The following CloudWatch alarms went into the ALARM state during the deployment: errors.",
		*out.FailureReason)
	assert.Equal(t, map[string]float64{"v  " + repo + "m:1": 1}, w.answers())
	<-w.fleets.all()[1].closed
}

func TestAnUpdateThatTakesTooLongIsRolledBack(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	guard := shifting(types.TrafficRoutingConfigTypeCanary)
	guard.BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds = aws.Int32(600)
	require.NoError(t, w.next(repo+"m:2", guard))
	w.pass(14 * time.Minute)
	out := w.becomes(types.EndpointStatusInService)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, "The update exceeded its MaximumExecutionTimeoutInSeconds.", *out.FailureReason)
}

func TestTheOldFleetStaysForTheTerminationWait(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	guard := shifting(types.TrafficRoutingConfigTypeAllAtOnce)
	guard.BlueGreenUpdatePolicy.TerminationWaitInSeconds = aws.Int32(120)
	require.NoError(t, w.next(repo+"m:2", guard))
	require.Eventually(t, func() bool { return len(w.fleets.all()) == 2 }, 10*time.Second, time.Millisecond)
	w.pass(12*time.Minute - time.Second)
	require.Eventually(t, func() bool {
		return assert.ObjectsAreEqual(map[string]float64{"v c2 " + repo + "m:2": 1}, w.answers())
	}, 10*time.Second, time.Millisecond)
	assert.Equal(t, types.EndpointStatusUpdating, w.describe("e").EndpointStatus)
	w.pass(time.Second)
	w.becomes(types.EndpointStatusInService)
}

func TestDeploymentsThatSageMakerCannotCarryOutAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.model("m2", repo+"m:2")
	w.config("four", variant("v", fourOfM2))
	w.config("renamed", variant("w"))
	w.config("serverless", variant("v", func(v *types.ProductionVariant) {
		v.InstanceType, v.InitialInstanceCount = "", nil
		v.ServerlessConfig = &types.ProductionVariantServerlessConfig{
			MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(1),
		}
	}))
	canary := func(s *types.CapacitySize) *types.DeploymentConfig {
		guard := shifting(types.TrafficRoutingConfigTypeCanary)
		guard.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize = s
		return guard
	}
	linear := shifting(types.TrafficRoutingConfigTypeLinear)
	linear.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.LinearStepSize = size("CAPACITY_PERCENT", 9)
	both := shifting(types.TrafficRoutingConfigTypeAllAtOnce)
	both.RollingUpdatePolicy = rolling(size("INSTANCE_COUNT", 1)).RollingUpdatePolicy
	hasty := shifting(types.TrafficRoutingConfigTypeLinear)
	hasty.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.WaitIntervalInSeconds = aws.Int32(150)
	hasty.BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds = aws.Int32(600)
	for _, row := range []struct {
		config string
		guard  *types.DeploymentConfig
		want   string
	}{
		{"four", canary(nil), "CanarySize must be specified for the traffic routing type CANARY, and only for it."},
		{"four", canary(size("CAPACITY_PERCENT", 51)), "CanarySize must be from 1% to 50% of the 4 instances."},
		{"four", canary(size("INSTANCE_COUNT", 3)), "CanarySize must be from 1% to 50% of the 4 instances."},
		{"four", linear, "LinearStepSize must be from 10% to 50% of the 4 instances."},
		{"four", rolling(size("INSTANCE_COUNT", 3)), "MaximumBatchSize must be from 5% to 50% of the 4 instances."},
		{"four", both, "Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified."},
		{
			"four", hasty,
			"MaximumExecutionTimeoutInSeconds must be greater than all waits together, which are 600 seconds.",
		},
		{
			"renamed", shifting(types.TrafficRoutingConfigTypeAllAtOnce),
			"The new endpoint configuration must have the same variants as the old one for a deployment with guardrails: " +
				"[w] instead of [v].",
		},
		{
			"serverless", shifting(types.TrafficRoutingConfigTypeAllAtOnce),
			"DeploymentConfig is not supported for endpoints with serverless variants.",
		},
	} {
		err := w.update(row.config, func(in *sdk.UpdateEndpointInput) { in.DeploymentConfig = row.guard })
		requireError(t, err, "ValidationException", row.want)
	}
	assert.NoError(t, w.update("four", func(in *sdk.UpdateEndpointInput) {
		in.DeploymentConfig = canary(size("INSTANCE_COUNT", 2))
	}))
}
