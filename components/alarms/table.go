package alarms

import (
	"time"

	"sagehost/internal/limits"
)

// The namespaces in which SageMaker publishes: what happens to invocations, and what happens on instances.
const (
	invocationMetrics = "AWS/SageMaker"
	instanceMetrics   = "/aws/sagemaker/Endpoints"
)

// period is the interval at which SageMaker publishes its metrics.
const period = time.Minute

// row is one alarm on one metric.
type row struct {
	key         string // ends the alarm's name
	says        string // begins its description
	namespace   string
	metric      string
	statistic   string
	threshold   float64 // in the metric's unit
	datapoints  int     // minutes above the threshold …
	evaluations int     // … out of so many
}

// rows are the alarms of a variant. Latencies are published in microseconds. Error metrics are 0 or 1 for each
// invocation, so that their average is a rate.
func rows(s *Spec, instanceType limits.InstanceType) []row {
	cpu := or(s.CPUUtilization, DefaultCPUUtilization) * float64(instanceType.VCPUs())
	microseconds := func(span time.Duration) float64 { return float64(span / time.Microsecond) }
	return []row{
		{
			"5xx", "Invocations fail with a server error", invocationMetrics, "Invocation5XXErrors", "Average",
			or(s.ErrorRate5XX, DefaultErrorRate5XX), 2, 3,
		},
		{
			"4xx", "Invocations fail with a client error", invocationMetrics, "Invocation4XXErrors", "Average",
			or(s.ErrorRate4XX, DefaultErrorRate4XX), 3, 5,
		},
		{
			"model-latency", "The container is slow", invocationMetrics, "ModelLatency", "Average",
			microseconds(or(s.ModelLatency, DefaultModelLatency)), 3, 5,
		},
		{
			"overhead-latency", "SageMaker adds much time", invocationMetrics, "OverheadLatency", "Average",
			microseconds(or(s.OverheadLatency, DefaultOverheadLatency)), 3, 5,
		},
		{
			"cpu", "The virtual CPUs are busy", instanceMetrics, "CPUUtilization", "Average", cpu, 10, 15,
		},
		{
			"memory", "Memory runs out", instanceMetrics, "MemoryUtilization", "Maximum",
			or(s.MemoryUtilization, DefaultMemoryUtilization), 3, 5,
		},
		{
			"disk", "The disk fills up", instanceMetrics, "DiskUtilization", "Maximum",
			or(s.DiskUtilization, DefaultDiskUtilization), 3, 5,
		},
	}
}
