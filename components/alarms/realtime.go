package alarms

import (
	"time"

	"sagehost/kit/check"
)

// errorRows watch what every variant publishes. Error metrics are 0 or 1 for each invocation, so that their average is
// a rate.
func errorRows(s *Spec) []row {
	return []row{
		{
			key: "5xx", setting: "errorRate5xx", says: "Invocations fail with a server error",
			namespace: invocationMetrics, metric: "Invocation5XXErrors", statistic: average,
			threshold: check.ValueOr(s.ErrorRate5XX, DefaultErrorRate5XX), datapoints: 2, evaluations: 3,
		},
		{
			key: "4xx", setting: "errorRate4xx", says: "Invocations fail with a client error",
			namespace: invocationMetrics, metric: "Invocation4XXErrors", statistic: average,
			threshold: check.ValueOr(s.ErrorRate4XX, DefaultErrorRate4XX), datapoints: 3, evaluations: 5,
		},
	}
}

// latencyRows watch the time that somebody waits for. Latencies are published in microseconds.
func latencyRows(s *Spec, overhead time.Duration) []row {
	return []row{
		modelLatency(check.ValueOr(s.ModelLatency, DefaultModelLatency)),
		{
			key: "overhead-latency", setting: "overheadLatency", says: "SageMaker adds much time",
			namespace: invocationMetrics, metric: "OverheadLatency", statistic: average,
			threshold: microseconds(check.ValueOr(s.OverheadLatency, overhead)), datapoints: 3, evaluations: 5,
		},
	}
}

func modelLatency(longest time.Duration) row {
	return row{
		key: "model-latency", setting: "modelLatency", says: "The container is slow",
		namespace: invocationMetrics, metric: "ModelLatency", statistic: average,
		threshold: microseconds(longest), datapoints: 3, evaluations: 5,
	}
}

// containerRows watch each container of a pipeline, which publishes its latency under its hostname.
func containerRows(s *Spec, v *Variant) []row {
	list := make([]row, len(v.Containers))
	for i, hostname := range v.Containers {
		list[i] = row{
			key: "container-latency." + hostname, setting: "containerLatency", says: "A container of the pipeline is slow",
			namespace: invocationMetrics, metric: "ContainerLatency", statistic: average, container: hostname,
			threshold: microseconds(check.ValueOr(s.ContainerLatency, DefaultContainerLatency)), datapoints: 3, evaluations: 5,
		}
	}
	return list
}

// instanceRows watch the instances.
func instanceRows(s *Spec, v *Variant) []row {
	return []row{
		{
			key: "cpu", setting: "cpuUtilization", says: "The virtual CPUs are busy",
			namespace: instanceMetrics, metric: "CPUUtilization", statistic: average,
			threshold:  check.ValueOr(s.CPUUtilization, DefaultCPUUtilization) * float64(v.InstanceType.VCPUs()),
			datapoints: 10, evaluations: 15,
		},
		memory(s),
		{
			key: "disk", setting: "diskUtilization", says: "The disk fills up",
			namespace: instanceMetrics, metric: "DiskUtilization", statistic: maximum,
			threshold: check.ValueOr(s.DiskUtilization, DefaultDiskUtilization), datapoints: 3, evaluations: 5,
		},
	}
}

func memory(s *Spec) row {
	return row{
		key: "memory", setting: "memoryUtilization", says: "Memory runs out",
		namespace: instanceMetrics, metric: "MemoryUtilization", statistic: maximum,
		threshold: check.ValueOr(s.MemoryUtilization, DefaultMemoryUtilization), datapoints: 3, evaluations: 5,
	}
}
