package alarms

import "sagehost/kit/check"

// Serverless is what the alarms must know of a variant without instances.
type Serverless struct {
	// ProvisionedConcurrency says that some of its concurrency is provisioned.
	ProvisionedConcurrency bool
}

// serverlessRows watch a variant without instances. SageMaker documents no sum of the metrics of concurrency, only
// average, minimum and maximum ("Alarms and logs for tracking metrics from serverless endpoints").
func serverlessRows(s *Spec, serverless *Serverless) []row {
	list := []row{
		memory(s),
		{
			key: "concurrency", setting: "concurrencyUtilization", says: "Nearly all concurrency is in use",
			namespace: invocationMetrics, metric: "ServerlessConcurrentExecutionsUtilization", statistic: maximum,
			threshold: check.ValueOr(s.ConcurrencyUtilization, DefaultConcurrencyUtilization), datapoints: 3, evaluations: 5,
		},
	}
	if !serverless.ProvisionedConcurrency {
		return list
	}
	spillover := periods(check.ValueOr(s.Spillover, DefaultSpillover), period)
	return append(list,
		row{
			key: "provisioned-concurrency", setting: "provisionedConcurrencyUtilization",
			says:      "Nearly all provisioned concurrency is in use",
			namespace: invocationMetrics, metric: "ServerlessProvisionedConcurrencyUtilization", statistic: average,
			threshold:  check.ValueOr(s.ProvisionedConcurrencyUtilization, DefaultProvisionedConcurrencyUtilization),
			datapoints: 10, evaluations: 15,
		},
		row{
			key: "spillover", setting: "spillover", says: "Requests find all provisioned concurrency in use",
			namespace: invocationMetrics, metric: "ServerlessProvisionedConcurrencySpilloverInvocations", statistic: maximum,
			threshold: 0, datapoints: spillover, evaluations: spillover,
		},
	)
}
