package runtime

import (
	"sagehost/localaws/services/cloudwatch/metrics"
)

// gauge publishes what is told of an endpoint every minute, whether or not there are requests.
func (r *Runtime) gauge(endpoint *Endpoint) {
	if endpoint.Async != nil {
		r.gaugeBacklog(endpoint)
		return
	}
	for _, variant := range endpoint.Variants {
		r.gaugeVariant(endpoint, variant)
	}
	if endpoint.Shadow != nil {
		r.gaugeVariant(endpoint, endpoint.Shadow)
	}
}

// gaugeVariant publishes zeros for a variant on instances, without which an idle one would never scale in, and the
// concurrency of a serverless one.
func (r *Runtime) gaugeVariant(endpoint *Endpoint, variant *Variant) {
	m := r.meter(endpoint, variant)
	if variant.Serverless != nil {
		concurrency(&m, variant.Serverless, variant.Load.InFlight())
		return
	}
	m.add("Invocations", metrics.None, 0)
	m.add("InvocationsPerInstance", metrics.None, 0)
	if variant.Load != nil {
		running := float64(variant.Load.InFlight()) / float64(max(variant.Instances, 1))
		m.add("ConcurrentRequestsPerModel", metrics.Count, running)
	}
}

// gaugeBacklog publishes how much waits at an asynchronous endpoint. These metrics have no variant.
func (r *Runtime) gaugeBacklog(endpoint *Endpoint) {
	waiting, running, oldest := r.backlog.size(queueKey{endpoint.Region, endpoint.Name})
	instances, age := endpoint.instances(), 0.0
	if !oldest.IsZero() {
		age = r.Clock.Now().Sub(oldest).Seconds()
	}
	add := func(name string, unit metrics.Unit, value float64) {
		r.Metrics.Add(metrics.Metric{
			Region: endpoint.Region, Namespace: metrics.Invocations, Name: name, Unit: unit,
			Dimensions: metrics.By("EndpointName", endpoint.Name),
		}, value)
	}
	size := float64(waiting + running)
	add("ApproximateBacklogSize", metrics.Count, size)
	if instances > 0 {
		add("ApproximateBacklogSizePerInstance", metrics.Count, size/float64(instances))
	}
	add("ApproximateAgeOfOldestRequest", metrics.Seconds, age)
	add("HasBacklogWithoutCapacity", metrics.Count, one(waiting > 0 && instances == 0))
}
