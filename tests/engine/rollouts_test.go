package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
)

func TestVariantsShareTheTrafficByTheirWeights(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	args := endpoint.Args{Variants: []endpoint.Variant{
		{VariantSpec: endpoint.VariantSpec{Name: "dark", InstanceType: "ml.m5.large", Weight: aws.Float64(0)}},
		{VariantSpec: endpoint.VariantSpec{Name: "next", InstanceType: "ml.m5.large", Weight: aws.Float64(0.5)}},
		{VariantSpec: endpoint.VariantSpec{Name: "main", InstanceType: "ml.c5.large", Weight: aws.Float64(9)}},
	}}
	// Two components, model, configuration, fleets, log group, endpoint, and the stack itself.
	require.Equal(t, map[string]int{"create": 8}, h.deploy(t, "1.0.0", args))
	require.Equal(t, map[string]int{"same": 8}, h.deploy(t, "1.0.0", args))
	refreshed, err := h.openProgram(h.file, h.program("1.0.0", args)).Refresh(t.Context())
	require.NoError(t, err, h.out.String())
	require.Equal(t, map[string]int{"same": 8}, refreshed, "weights come back as they were given")

	weights := map[string]float32{}
	for _, v := range h.clients.endpoint(t, testEndpoint).ProductionVariants {
		weights[*v.VariantName] = *v.CurrentWeight
	}
	require.Equal(t, map[string]float32{"dark": 0, "next": 0.5, "main": 9}, weights)
	ask := func(target *string) string {
		answer, err := h.runtime.InvokeEndpoint(t.Context(), &sagemakerruntime.InvokeEndpointInput{
			EndpointName: aws.String(testEndpoint), ContentType: aws.String("text/csv"), Body: []byte(testFlower),
			TargetVariant: target,
		})
		require.NoError(t, err)
		require.Equal(t, testAnswer, string(answer.Body))
		return *answer.InvokedProductionVariant
	}
	answered := map[string]int{}
	for range 400 {
		answered[ask(nil)]++
	}
	// One of 19 goes to next: that none of 400 does comes once in two billion runs.
	require.Zero(t, answered["dark"])
	require.Positive(t, answered["next"])
	require.Greater(t, answered["main"], answered["next"])
	require.Equal(t, "dark", ask(aws.String("dark")), "without a share, it answers who asks for it")
	h.requireUpdatesAndEnds(t, args)
}

// TestUpdatesInStepsComeThrough follows an endpoint through a linear update and, with another policy, a rolling one.
// The steps build on each other.
func TestUpdatesInStepsComeThrough(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	size := &endpoint.Size{Percent: aws.Int(25)}
	by := func(update endpoint.Update) endpoint.Args {
		update.Wait = aws.Duration(time.Minute)
		return endpoint.Args{Variants: fleetOf(4), Spec: endpoint.Spec{Update: &update}}
	}
	linear := by(endpoint.Update{Strategy: endpoint.Linear, StepSize: size})
	rolling := by(endpoint.Update{Strategy: endpoint.Rolling, BatchSize: size, RollbackBatchSize: size})
	h.deploy(t, "1.0.0", linear)
	first := h.clients.endpoint(t, testEndpoint)
	h.speed(t, 300)
	for _, update := range []struct {
		version string
		args    endpoint.Args
		// policy is of the endpoint's last deployment.
		policy func(*types.DeploymentConfig) *types.CapacitySize
	}{
		{"1.1.0", linear, func(c *types.DeploymentConfig) *types.CapacitySize {
			require.Equal(t, types.TrafficRoutingConfigTypeLinear, c.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.Type)
			return c.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.LinearStepSize
		}},
		{"1.2.0", rolling, func(c *types.DeploymentConfig) *types.CapacitySize {
			require.Nil(t, c.BlueGreenUpdatePolicy)
			return c.RollingUpdatePolicy.MaximumBatchSize
		}},
	} {
		before := h.clients.endpoint(t, testEndpoint)
		stop := h.busy(t)
		h.deploy(t, update.version, update.args)
		asked, failed := stop()
		require.Positive(t, asked)
		require.Zero(t, failed, "%s: the endpoint answers throughout", update.version)
		now := h.clients.endpoint(t, testEndpoint)
		require.Equal(t, first.CreationTime, now.CreationTime, "it is the same endpoint")
		require.NotEqual(t, *before.EndpointConfigName, *now.EndpointConfigName)
		require.Empty(t, aws.ToString(now.FailureReason))
		require.Equal(t, &types.CapacitySize{Type: types.CapacitySizeTypeCapacityPercent, Value: aws.Int32(25)},
			update.policy(now.LastDeploymentConfig))
		require.Equal(t, map[string]int{"models": 1, "configurations": 1, "endpoints": 1, "alarms": 2, "buckets": 1},
			h.clients.count(t))
		require.Equal(t, map[string]int{"same": 10}, h.deploy(t, update.version, update.args))
	}
	h.speed(t, 1)
	h.requireServes(t)
	require.NoError(t, h.openProgram(h.file, h.program("1.2.0", rolling)).Destroy(t.Context()), h.out.String())
	require.Equal(t, map[string]int{"buckets": 1}, h.clients.count(t))
}
