// Package metrics gathers what the fakes measure and publishes it to the local CloudWatch, a data point per minute.
package metrics

// Namespaces of metrics.
const (
	// Invocations is the namespace of metrics of requests.
	Invocations = "AWS/SageMaker"
	// Instances is the namespace of metrics of instances behind endpoints.
	Instances = "/aws/sagemaker/Endpoints"
	// TransformJobs is the namespace of metrics of instances that run batch transforms.
	TransformJobs = "/aws/sagemaker/TransformJobs"
	// Schedules is the namespace of metrics of EventBridge Scheduler.
	Schedules = "AWS/Scheduler"
	// Rules is the namespace of metrics of EventBridge's rules.
	Rules = "AWS/Events"
	// Workflows is the namespace of metrics of executions of state machines.
	Workflows = "AWS/States"
)

// Unit is a unit as CloudWatch writes it.
type Unit string

// Units of the metrics.
const (
	None         Unit = "None"
	Count        Unit = "Count"
	Percent      Unit = "Percent"
	Seconds      Unit = "Seconds"
	Milliseconds Unit = "Milliseconds"
	Microseconds Unit = "Microseconds"
)

// Dimension tells the series of a metric apart.
type Dimension struct{ Name, Value string }

// Dimensions are up to four; unused ones are empty.
type Dimensions [4]Dimension

// By makes dimensions of names and values that take turns.
func By(namesAndValues ...string) Dimensions {
	var d Dimensions
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		d[i/2] = Dimension{namesAndValues[i], namesAndValues[i+1]}
	}
	return d
}

// Metric is one series of values.
type Metric struct {
	Region     string
	Namespace  string
	Name       string
	Unit       Unit
	Dimensions Dimensions
}

// Sink takes values. It must not block and may be called by many goroutines at once.
type Sink interface {
	// Add notes a value that was measured now.
	Add(metric Metric, value float64)
}
