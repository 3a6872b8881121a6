package runtime

import "sagehost/localaws/services/cloudwatch/metrics"

// errThrottled is the failure of requests above the concurrency of a serverless variant.
var errThrottled error = throttled()

// enter notes that a request is under way. It refuses what is above the concurrency of a serverless variant.
func (r *Runtime) enter(endpoint *Endpoint, variant *Variant) (leave func(), err error) {
	now := variant.Load.enter()
	m := r.meter(endpoint, variant)
	if variant.Serverless == nil {
		// The models of a variant share its requests, as the instances do that they are on.
		m.add("ConcurrentRequestsPerModel", metrics.Count, float64(now)/float64(max(variant.Instances, 1)))
		return variant.Load.leave, nil
	}
	if now > variant.Serverless.MaxConcurrency {
		variant.Load.leave()
		m.add("Invocation4XXErrors", metrics.None, 1)
		return nil, errThrottled
	}
	concurrency(&m, variant.Serverless, now)
	if provisioned := variant.Serverless.ProvisionedConcurrency; provisioned > 0 {
		name := "ServerlessProvisionedConcurrencyInvocations"
		if now > provisioned {
			name = "ServerlessProvisionedConcurrencySpilloverInvocations"
		}
		m.add(name, metrics.Count, 1)
	}
	return variant.Load.leave, nil
}

// concurrency publishes how much of the concurrency of a serverless variant is in use.
func concurrency(m *meter, config *Serverless, now int) {
	m.add("ServerlessConcurrentExecutionsUtilization", metrics.None, float64(now)/float64(config.MaxConcurrency))
	if config.ProvisionedConcurrency > 0 {
		warm := float64(min(now, config.ProvisionedConcurrency))
		m.add("ServerlessProvisionedConcurrencyExecutions", metrics.Count, warm)
		m.add("ServerlessProvisionedConcurrencyUtilization", metrics.None,
			warm/float64(config.ProvisionedConcurrency))
	}
}
