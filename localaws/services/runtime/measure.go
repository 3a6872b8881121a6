package runtime

import (
	"time"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/metrics"
)

// meter publishes the metrics of one variant, with all sets of dimensions that it has.
type meter struct {
	sink     metrics.Sink
	region   string
	by, more metrics.Dimensions
	twice    bool
}

func (r *Runtime) meter(endpoint *Endpoint, variant *Variant) meter {
	return newMeter(r.Metrics, endpoint, variant, "")
}

// newMeter adds the dimension ContainerName unless it is empty.
func newMeter(sink metrics.Sink, endpoint *Endpoint, variant *Variant, container string) meter {
	m := meter{
		sink: sink, region: endpoint.Region,
		by: metrics.By("EndpointName", endpoint.Name, "VariantName", variant.Name),
	}
	used := 2
	if container != "" {
		m.by[used] = metrics.Dimension{Name: "ContainerName", Value: container}
		used++
	}
	if variant.Config != "" {
		m.more, m.twice = m.by, true
		m.more[used] = metrics.Dimension{Name: "EndpointConfigName", Value: variant.Config}
	}
	return m
}

func (m *meter) add(name string, unit metrics.Unit, value float64) {
	metric := metrics.Metric{
		Region: m.region, Namespace: metrics.Invocations, Name: name, Unit: unit, Dimensions: m.by,
	}
	m.sink.Add(metric, value)
	if m.twice {
		metric.Dimensions = m.more
		m.sink.Add(metric, value)
	}
}

func (m *meter) took(name string, span time.Duration) {
	m.add(name, metrics.Microseconds, float64(span)/float64(time.Microsecond))
}

// outcome is what became of a request that reached a variant.
type outcome struct {
	// model is how long the containers took; answered says that one was asked.
	model    time.Duration
	answered bool
	// status is what the client is told: 200 and above, or 0 when it has left.
	status int
	// failed says that the model gave no good answer.
	failed bool
	// latencies are those of the containers that answered.
	latencies []serving.Latency
}

// outcomeOf classifies the end of an invocation, which took a span.
func outcomeOf(response *serving.Response, err error, span time.Duration) outcome {
	if err == nil {
		o := outcome{model: span, answered: true, status: 200, latencies: response.Latencies}
		if len(o.latencies) > 0 {
			o.model = 0
			for _, latency := range o.latencies {
				o.model += latency.Took
			}
		}
		return o
	}
	if said, ok := asModelError(err); ok {
		o := outcome{model: span, answered: true, status: 500, failed: true}
		if clientsFault(said) {
			o.status = 400
		}
		return o
	}
	return outcome{status: toFailure(err).status()}
}

// errors publishes the rates that are 0 or 1 for each request.
func (o *outcome) errors(m *meter) {
	m.add("Invocation4XXErrors", metrics.None, one(o.status >= 400 && o.status < 500))
	m.add("Invocation5XXErrors", metrics.None, one(o.status >= 500))
}

// publish publishes the metrics of a request, which took a span in all. The container is the one that a request with
// direct invocation names.
func (r *Runtime) publish(
	endpoint *Endpoint, variant *Variant, container string, o *outcome, total time.Duration,
) {
	m := r.meter(endpoint, variant)
	m.add("Invocations", metrics.None, 1)
	o.errors(&m)
	if variant.Serverless == nil {
		m.add("InvocationsPerInstance", metrics.None, 1/float64(max(variant.Instances, 1)))
		m.add("InvocationModelErrors", metrics.None, one(o.failed))
	}
	if o.answered {
		m.took("ModelLatency", o.model)
		m.took("OverheadLatency", max(total-o.model, 0))
	}
	if len(o.latencies) > 1 || endpoint.Direct {
		for _, latency := range o.latencies {
			c := newMeter(r.Metrics, endpoint, variant, latency.Hostname)
			c.took("ContainerLatency", latency.Took)
		}
	}
	if endpoint.Direct {
		c := newMeter(r.Metrics, endpoint, variant, container)
		c.add("Invocations", metrics.None, 1)
		o.errors(&c)
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
