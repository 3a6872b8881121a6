package alarms

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/check"
	"sagehost/internal/limits"
)

//go:fix inline
func TestTheAlarmsOfAVariantByDefault(t *testing.T) {
	t.Parallel()
	const endpoint, instance = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
	assert.Equal(t, []row{
		{"5xx", "Invocations fail with a server error", endpoint, "Invocation5XXErrors", "Average", 0.01, 2, 3},
		{"4xx", "Invocations fail with a client error", endpoint, "Invocation4XXErrors", "Average", 0.05, 3, 5},
		{"model-latency", "The container is slow", endpoint, "ModelLatency", "Average", 1_000_000, 3, 5},
		{"overhead-latency", "SageMaker adds much time", endpoint, "OverheadLatency", "Average", 200_000, 3, 5},
		{"cpu", "The virtual CPUs are busy", instance, "CPUUtilization", "Average", 170, 10, 15},
		{"memory", "Memory runs out", instance, "MemoryUtilization", "Maximum", 85, 3, 5},
		{"disk", "The disk fills up", instance, "DiskUtilization", "Maximum", 75, 3, 5},
	}, rows(&Spec{}, "ml.m5.large"))
}

func TestThresholdsAreInTheMetricsUnit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, key    string
		spec         Spec
		instanceType limits.InstanceType
		want         float64
	}{
		{"an error rate stays a rate", "5xx", Spec{ErrorRate5XX: new(0.005)}, "ml.m5.large", 0.005},
		{"so does the other", "4xx", Spec{ErrorRate4XX: new(0.2)}, "ml.m5.large", 0.2},
		{
			"milliseconds become microseconds", "model-latency",
			Spec{ModelLatency: new(250 * time.Millisecond)},
			"ml.m5.large", 250_000,
		},
		{
			"seconds become microseconds", "overhead-latency",
			Spec{OverheadLatency: new(2 * time.Second)},
			"ml.m5.large", 2_000_000,
		},
		{"two virtual CPUs count 200 %", "cpu", Spec{CPUUtilization: new(50.0)}, "ml.m5.large", 100},
		{"eight virtual CPUs count 800 %", "cpu", Spec{CPUUtilization: new(50.0)}, "ml.m5.2xlarge", 400},
		{"one virtual CPU counts 100 %", "cpu", Spec{CPUUtilization: new(50.0)}, "ml.c8g.medium", 50},
		{"36 virtual CPUs count 3600 %", "cpu", Spec{}, "ml.c4.8xlarge", 3060},
		{"memory is in percent of all", "memory", Spec{MemoryUtilization: new(90.0)}, "ml.m5.2xlarge", 90},
		{"disk is in percent of all", "disk", Spec{DiskUtilization: new(60.0)}, "ml.m5.2xlarge", 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			thresholds := map[string]float64{}
			for _, r := range rows(&test.spec, test.instanceType) {
				thresholds[r.key] = r.threshold
			}
			assert.InDelta(t, test.want, thresholds[test.key], 1e-9)
		})
	}
}

func TestAThresholdIsInsideItsRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		spec Spec
		want string
	}{
		{"all defaults", Spec{}, ""},
		{"just above zero", Spec{ErrorRate5XX: new(1e-9), ModelLatency: new(time.Nanosecond)}, ""},
		{"just below the limit", Spec{ErrorRate4XX: new(0.999), OverheadLatency: new(maxLatency - 1)}, ""},
		{"zero", Spec{ErrorRate5XX: new(0.0)}, "errorRate5xx: 0 is not above 0 and below 1"},
		{"the limit", Spec{DiskUtilization: new(100.0)}, "diskUtilization: 100 is not above 0 and below 100"},
		{"the limit of a span", Spec{ModelLatency: new(maxLatency)}, "modelLatency: 1m is not above 0s and below 60s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at)
			if test.want == "" {
				assert.NoError(t, at.Err())
			} else {
				assert.EqualError(t, at.Err(), test.want)
			}
		})
	}
}
