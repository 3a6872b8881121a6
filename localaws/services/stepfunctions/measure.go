package stepfunctions

import (
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// ends are the metrics that count executions by how they end.
var ends = map[string]string{
	"SUCCEEDED": "ExecutionsSucceeded", "FAILED": "ExecutionsFailed", "TIMED_OUT": "ExecutionsTimedOut",
	aborted: "ExecutionsAborted",
}

func (f *Fake) measureStart(e *execution) { f.measure(e, "ExecutionsStarted", metrics.Count, 1) }

// measureEnd counts an execution that has ended, and tells how long it took.
func (f *Fake) measureEnd(e *execution) {
	f.measure(e, ends[e.Status], metrics.Count, 1)
	took := float64(e.Stopped.Sub(e.Started)) / float64(time.Millisecond)
	f.measure(e, "ExecutionTime", metrics.Milliseconds, took)
}

func (f *Fake) measure(e *execution, name string, unit metrics.Unit, value float64) {
	f.options.Metrics.Add(metrics.Metric{
		Region: e.Region, Namespace: metrics.Workflows, Name: name, Unit: unit,
		Dimensions: metrics.By("StateMachineArn", arnOfMachine(e.Region, e.Machine)),
	}, value)
}
