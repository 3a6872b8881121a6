package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
)

// fleetOf is a variant "main" of so many instances.
func fleetOf(count int) []endpoint.Variant {
	return []endpoint.Variant{{VariantSpec: endpoint.VariantSpec{
		Name: "main", InstanceType: "ml.m5.large", InitialInstanceCount: &count,
	}}}
}

// canary moves a quarter of the traffic first and watches it for so long. The latency is the most that is accepted.
func canary(wait, latency time.Duration) *endpoint.Update {
	return &endpoint.Update{
		Strategy: endpoint.Canary, CanarySize: &endpoint.Size{Percent: aws.Int(25)}, Wait: &wait,
		RollbackThresholds: endpoint.RollbackThresholds{ModelLatency: &latency},
	}
}

// TestACanaryIsRolledBackByItsAlarm follows an endpoint through an update that an alarm on the new instances ends, and
// one that works. The steps build on each other.
func TestACanaryIsRolledBackByItsAlarm(t *testing.T) {
	t.Parallel()
	const patient = 50 * time.Second
	h := newHosted(t)
	at := func(wait, latency time.Duration) endpoint.Args {
		return endpoint.Args{Variants: fleetOf(4), Spec: endpoint.Spec{Update: canary(wait, latency)}}
	}
	// Two components, model, configuration, two alarms, fleets, log group, endpoint, and the stack itself.
	require.Equal(t, map[string]int{"create": 10}, h.deploy(t, "1.0.0", at(time.Minute, patient)))
	require.Equal(t, map[string]int{"same": 10}, h.deploy(t, "1.0.0", at(time.Minute, patient)))
	refreshed, err := h.openProgram(h.file, h.program("1.0.0", at(time.Minute, patient))).Refresh(t.Context())
	require.NoError(t, err, h.out.String())
	require.Equal(t, map[string]int{"same": 10}, refreshed)
	first := h.clients.endpoint(t, testEndpoint)
	h.requireServes(t)

	t.Run("another threshold changes the alarm and nothing of the endpoint", func(t *testing.T) {
		require.Equal(t, map[string]int{"same": 9, "update": 1}, h.deploy(t, "1.0.0", at(time.Minute, patient-time.Second)))
		now := h.clients.endpoint(t, testEndpoint)
		require.Equal(t, first.LastModifiedTime, now.LastModifiedTime)
		alarms, err := h.clients.cloudwatch.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{
			AlarmNames: []string{testEndpoint + ".main.rollback-model-latency"},
		})
		require.NoError(t, err)
		require.Len(t, alarms.MetricAlarms, 1)
		require.InDelta(t, 49e6, *alarms.MetricAlarms[0].Threshold, 0)
	})
	t.Run("to remove the policy would replace the endpoint, and to silence it would not", func(t *testing.T) {
		removed := endpoint.Args{Variants: fleetOf(4)}
		changes, err := h.openProgram(h.file, h.program("1.0.0", removed)).Preview(t.Context())
		require.NoError(t, err, h.out.String())
		require.Equal(t, map[string]int{"same": 7, "delete": 2, "replace": 1}, changes)
		silent := at(time.Minute, patient)
		silent.Update.Rollback = aws.Bool(false)
		changes, err = h.openProgram(h.file, h.program("1.0.0", silent)).Preview(t.Context())
		require.NoError(t, err, h.out.String())
		require.Equal(t, map[string]int{"same": 8, "update": 2}, changes)
	})
	t.Run("a canary that is too slow is taken back", func(t *testing.T) {
		h.speed(t, 100)
		stop := h.busy(t)
		h.out.Reset()
		// No container answers within the least that the alarm takes, by a clock that is this fast.
		slow := h.program("1.1.0", at(25*time.Minute, 100*time.Microsecond))
		_, _, err := h.openProgram(h.file, slow).Up(t.Context())
		asked, failed := stop()
		require.Error(t, err)
		require.Contains(t, h.out.String(), `endpoint "flowers-test" was rolled back: it serves the configuration "`+
			*first.EndpointConfigName+`", not "flowers-`)
		require.Contains(t, h.out.String(), "the alarms that end an update are flowers-test.main.rollback-5xx, "+
			"flowers-test.main.rollback-model-latency")
		now := h.clients.endpoint(t, testEndpoint)
		require.Equal(t, *first.EndpointConfigName, *now.EndpointConfigName)
		require.Equal(t, "The following CloudWatch alarms went into the ALARM state during the deployment: "+
			"flowers-test.main.rollback-model-latency.", aws.ToString(now.FailureReason))
		require.Positive(t, asked)
		require.Zero(t, failed)
		require.Equal(t, map[string]int{"models": 2, "configurations": 2, "endpoints": 1, "alarms": 2, "buckets": 1},
			h.clients.count(t), "what serves, and what failed")
	})
	t.Run("a canary that works comes into service and cleans up", func(t *testing.T) {
		h.speed(t, 1000)
		stop := h.busy(t)
		h.deploy(t, "1.2.0", at(25*time.Minute, patient))
		_, failed := stop()
		h.speed(t, 1)
		require.Zero(t, failed)
		now := h.clients.endpoint(t, testEndpoint)
		require.Equal(t, first.CreationTime, now.CreationTime, "it is the same endpoint")
		require.NotEqual(t, *first.EndpointConfigName, *now.EndpointConfigName)
		require.Empty(t, aws.ToString(now.FailureReason))
		require.Equal(t, map[string]int{"models": 1, "configurations": 1, "endpoints": 1, "alarms": 2, "buckets": 1},
			h.clients.count(t))
		h.requireServes(t)
	})
	require.NoError(t, h.openProgram(h.file, h.program("1.2.0", at(time.Minute, patient))).Destroy(t.Context()))
	require.Equal(t, map[string]int{"buckets": 1}, h.clients.count(t))
}

func TestAServerlessEndpointLives(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	args := endpoint.Args{Variants: []endpoint.Variant{{VariantSpec: endpoint.VariantSpec{
		Name: "main", Serverless: &endpoint.Serverless{MemorySizeMB: 2048, MaxConcurrency: 1},
	}}}}
	h.deploy(t, "1.0.0", args)
	variant := h.clients.endpoint(t, testEndpoint).ProductionVariants[0]
	require.Equal(t, int32(2048), *variant.CurrentServerlessConfig.MemorySizeInMB)
	require.Equal(t, int32(1), *variant.CurrentServerlessConfig.MaxConcurrency)
	h.requireServes(t)

	answered, throttled := h.crowd(t, 16)
	require.Positive(t, answered, "one request at a time is answered")
	require.Positive(t, throttled, "and others that come meanwhile are refused")
	require.Equal(t, 16, answered+throttled)
	h.requireUpdatesAndEnds(t, args)
}

func TestAnAsynchronousEndpointAnswersThroughS3(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	args := endpoint.Args{
		Variants: fleetOf(1),
		Spec:     endpoint.Spec{Async: &endpoint.Async{MaxConcurrentInvocationsPerInstance: aws.Int(4)}},
	}
	h.deploy(t, "1.0.0", args)
	h.store(t, "in/flower.csv", []byte(testFlower))
	h.store(t, "in/nonsense.csv", []byte("nonsense"))
	answered, failed := h.submit(t, "in/flower.csv"), h.submit(t, "in/nonsense.csv")
	require.Regexp(t, `^s3://models/flowers-test/async-output/[0-9a-f-]+\.out$`, *answered.OutputLocation)
	require.Regexp(t, `^s3://models/flowers-test/async-output/failures/[0-9a-f-]+-error\.out$`, *failed.FailureLocation)
	require.Equal(t, testAnswer, h.awaitObject(t, *answered.OutputLocation))
	require.NotEmpty(t, h.awaitObject(t, *failed.FailureLocation))
	h.requireUpdatesAndEnds(t, args)
}

func TestAShadowGetsCopiesAndWhatIsAskedIsCaptured(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	args := endpoint.Args{
		Variants: fleetOf(1),
		Shadow: &endpoint.Variant{VariantSpec: endpoint.VariantSpec{
			Name: "next", InstanceType: "ml.c5.large", VolumeSizeGB: aws.Int(10), RoutingStrategy: "RANDOM",
		}},
		Spec: endpoint.Spec{DataCapture: &endpoint.DataCapture{}},
	}
	h.deploy(t, "1.0.0", args)
	described := h.clients.endpoint(t, testEndpoint)
	require.Len(t, described.ShadowProductionVariants, 1)
	require.Equal(t, "next", *described.ShadowProductionVariants[0].VariantName)
	require.True(t, *described.DataCaptureConfig.EnableCapture)
	for range 3 {
		h.requireServes(t)
	}
	h.speed(t, 600)
	require.Eventually(t, func() bool { return h.invocations(t, "next") == 3 }, time.Minute, 100*time.Millisecond)
	require.InDelta(t, 3, h.invocations(t, "main"), 0)
	require.Eventually(t, func() bool { return h.captured(t) > 0 }, time.Minute, 100*time.Millisecond)
	h.requireUpdatesAndEnds(t, args)
}
