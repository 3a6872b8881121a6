package alarms

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/limits"
)

// figures are what decides when an alarm goes off.
type figures struct {
	namespace, metric, statistic string
	threshold                    float64
	datapoints, evaluations      int
}

func figuresOf(list []row) map[string]figures {
	found := map[string]figures{}
	for _, r := range list {
		found[r.key] = figures{r.namespace, r.metric, r.statistic, r.threshold, r.datapoints, r.evaluations}
	}
	return found
}

const (
	onEndpoint = "AWS/SageMaker"
	onInstance = "/aws/sagemaker/Endpoints"
)

func TestTheAlarmsOfAVariantByDefault(t *testing.T) {
	t.Parallel()
	errors := map[string]figures{
		"5xx": {onEndpoint, "Invocation5XXErrors", "Average", 0.01, 2, 3},
		"4xx": {onEndpoint, "Invocation4XXErrors", "Average", 0.05, 3, 5},
	}
	latencies := map[string]figures{
		"model-latency":    {onEndpoint, "ModelLatency", "Average", 1_000_000, 3, 5},
		"overhead-latency": {onEndpoint, "OverheadLatency", "Average", 200_000, 3, 5},
	}
	hosts := map[string]figures{
		"cpu":    {onInstance, "CPUUtilization", "Average", 170, 10, 15},
		"memory": {onInstance, "MemoryUtilization", "Maximum", 85, 3, 5},
		"disk":   {onInstance, "DiskUtilization", "Maximum", 75, 3, 5},
	}
	serverless := map[string]figures{
		"model-latency":    {onEndpoint, "ModelLatency", "Average", 1_000_000, 3, 5},
		"overhead-latency": {onEndpoint, "OverheadLatency", "Average", 5_000_000, 3, 5},
		"memory":           {onInstance, "MemoryUtilization", "Maximum", 85, 3, 5},
		"concurrency":      {onEndpoint, "ServerlessConcurrentExecutionsUtilization", "Maximum", 0.9, 3, 5},
	}
	for name, test := range map[string]struct {
		variant Variant
		want    []map[string]figures
	}{
		"in real time": {Variant{InstanceType: "ml.m5.large"}, []map[string]figures{errors, latencies, hosts}},
		"a pipeline": {
			Variant{InstanceType: "ml.m5.large", Containers: []string{"prepare", "score"}},
			[]map[string]figures{errors, latencies, hosts, {
				"container-latency.prepare": {onEndpoint, "ContainerLatency", "Average", 500_000, 3, 5},
				"container-latency.score":   {onEndpoint, "ContainerLatency", "Average", 500_000, 3, 5},
			}},
		},
		"many models": {
			Variant{InstanceType: "ml.m5.large", MultiModel: true}, []map[string]figures{errors, latencies, hosts, {
				"model-cache-hit":    {onEndpoint, "ModelCacheHit", "Average", 0.5, 10, 15},
				"model-loading-wait": {onEndpoint, "ModelLoadingWaitTime", "Average", 5_000_000, 10, 15},
				"model-unloads":      {onEndpoint, "ModelUnloadingTime", "SampleCount", 10, 10, 15},
			}},
		},
		"serverless": {Variant{Serverless: &Serverless{}}, []map[string]figures{errors, serverless}},
		"provisioned": {
			Variant{Serverless: &Serverless{ProvisionedConcurrency: true}}, []map[string]figures{errors, serverless, {
				"provisioned-concurrency": {onEndpoint, "ServerlessProvisionedConcurrencyUtilization", "Average", 0.95, 10, 15},
				"spillover": {
					onEndpoint, "ServerlessProvisionedConcurrencySpilloverInvocations", "Maximum", 0, 10, 10,
				},
			}},
		},
		"asynchronous": {
			Variant{InstanceType: "ml.m5.large", Asynchronous: true}, []map[string]figures{errors, hosts, {
				"expired-requests": {onEndpoint, "ExpiredRequests", "Sum", 0, 1, 1},
				"failed-requests":  {onEndpoint, "InvocationFailures", "Sum", 0, 1, 1},
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := map[string]figures{}
			for _, part := range test.want {
				maps.Copy(want, part)
			}
			assert.Equal(t, want, figuresOf(rows(&Spec{}, &test.variant)))
		})
	}
}

func TestTheAlarmsOfABacklogByDefault(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]figures{
		"oldest-request":           {onEndpoint, "ApproximateAgeOfOldestRequest", "Maximum", 1800, 3, 5},
		"backlog-without-capacity": {onEndpoint, "HasBacklogWithoutCapacity", "Maximum", 0, 15, 15},
	}, figuresOf(endpointRows(&Spec{}, []Variant{{Asynchronous: true}})))
	assert.Empty(t, endpointRows(&Spec{}, []Variant{{}}))
}

//go:fix inline
func TestThresholdsAreInTheMetricsUnit(t *testing.T) {
	t.Parallel()
	on := func(instanceType limits.InstanceType) Variant { return Variant{InstanceType: instanceType} }
	many := Variant{InstanceType: "ml.m5.large", MultiModel: true}
	steps := Variant{InstanceType: "ml.m5.large", Containers: []string{"prepare"}}
	warm := Variant{Serverless: &Serverless{ProvisionedConcurrency: true}}
	later := Variant{InstanceType: "ml.m5.large", Asynchronous: true}
	for _, test := range []struct {
		name, key string
		spec      Spec
		variant   Variant
		want      float64
	}{
		{"an error rate stays a rate", "5xx", Spec{ErrorRate5XX: new(0.005)}, on("ml.m5.large"), 0.005},
		{"so does the other", "4xx", Spec{ErrorRate4XX: new(0.2)}, on("ml.m5.large"), 0.2},
		{
			"milliseconds become microseconds", "model-latency",
			Spec{ModelLatency: new(250 * time.Millisecond)},
			on("ml.m5.large"), 250_000,
		},
		{
			"seconds become microseconds", "overhead-latency",
			Spec{OverheadLatency: new(2 * time.Second)},
			on("ml.m5.large"), 2_000_000,
		},
		{
			"those of serverless variants too", "overhead-latency",
			Spec{OverheadLatency: new(2 * time.Second)},
			warm, 2_000_000,
		},
		{"minutes too", "model-latency", Spec{ModelLatency: new(10 * time.Minute)}, later, 600_000_000},
		{
			"a container's too", "container-latency.prepare",
			Spec{ContainerLatency: new(20 * time.Millisecond)},
			steps, 20_000,
		},
		{"a wait too", "model-loading-wait", Spec{ModelLoadingWait: new(3 * time.Second)}, many, 3_000_000},
		{"an age becomes seconds", "oldest-request", Spec{OldestRequest: new(time.Hour)}, later, 3600},
		{"two virtual CPUs count 200 %", "cpu", Spec{CPUUtilization: new(50.0)}, on("ml.m5.large"), 100},
		{"eight virtual CPUs count 800 %", "cpu", Spec{CPUUtilization: new(50.0)}, on("ml.m5.2xlarge"), 400},
		{"one virtual CPU counts 100 %", "cpu", Spec{CPUUtilization: new(50.0)}, on("ml.c8g.medium"), 50},
		{"36 virtual CPUs count 3600 %", "cpu", Spec{}, on("ml.c4.8xlarge"), 3060},
		{"memory is in percent of all", "memory", Spec{MemoryUtilization: new(90.0)}, warm, 90},
		{"disk is in percent of all", "disk", Spec{DiskUtilization: new(60.0)}, on("ml.m5.2xlarge"), 60},
		{"cache hits stay a share", "model-cache-hit", Spec{ModelCacheHit: new(0.8)}, many, 0.8},
		{"unloads stay a number", "model-unloads", Spec{ModelUnloads: new(3)}, many, 3},
		{"concurrency stays a share", "concurrency", Spec{ConcurrencyUtilization: new(0.5)}, warm, 0.5},
		{
			"provisioned concurrency too", "provisioned-concurrency",
			Spec{ProvisionedConcurrencyUtilization: new(0.5)},
			warm, 0.5,
		},
		{"expiries stay a number", "expired-requests", Spec{ExpiredRequests: new(4)}, later, 4},
		{"failures stay a number", "failed-requests", Spec{FailedRequests: new(5)}, later, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			thresholds := map[string]float64{}
			for _, r := range append(rows(&test.spec, &test.variant), endpointRows(&test.spec, []Variant{test.variant})...) {
				thresholds[r.key] = r.threshold
			}
			assert.Contains(t, thresholds, test.key)
			assert.InDelta(t, test.want, thresholds[test.key], 1e-9)
		})
	}
}

func TestASpanIsSoManyPeriods(t *testing.T) {
	t.Parallel()
	s := Spec{
		Spillover: new(3 * time.Minute), BacklogWithoutCapacity: new(24 * time.Hour), Idle: new(7 * 24 * time.Hour),
	}
	warm := figuresOf(rows(&s, &Variant{Serverless: &Serverless{ProvisionedConcurrency: true}}))
	assert.Equal(t, 3, warm["spillover"].datapoints)
	assert.Equal(t, 3, warm["spillover"].evaluations)
	assert.Equal(t, figures{onEndpoint, "Invocations", "Sum", 1, 168, 168}, warm["idle"])
	later := Variant{InstanceType: "ml.m5.large", Asynchronous: true}
	assert.Equal(t, figures{onEndpoint, "TimeInBacklog", "SampleCount", 1, 168, 168}, figuresOf(rows(&s, &later))["idle"])
	backlog := figuresOf(endpointRows(&s, []Variant{later}))["backlog-without-capacity"]
	assert.Equal(t, 1440, backlog.datapoints)
	assert.Equal(t, 1440, backlog.evaluations)
}
