package alarms

import "sagehost/kit/check"

// asynchronousRows watch a variant that answers later. How long its container may take is the user's to say: the answer
// is worth a wait, or the endpoint would not be asynchronous.
func asynchronousRows(s *Spec) []row {
	list := []row{
		{
			key: "expired-requests", setting: "expiredRequests", says: "Requests are lost because they waited too long",
			namespace: invocationMetrics, metric: "ExpiredRequests", statistic: sum,
			threshold: float64(check.ValueOr(s.ExpiredRequests, DefaultExpiredRequests)), datapoints: 1, evaluations: 1,
		},
		{
			key: "failed-requests", setting: "failedRequests", says: "Requests fail",
			namespace: invocationMetrics, metric: "InvocationFailures", statistic: sum,
			threshold: float64(check.ValueOr(s.FailedRequests, DefaultFailedRequests)), datapoints: 1, evaluations: 1,
		},
	}
	if s.ModelLatency != nil {
		list = append(list, modelLatency(*s.ModelLatency))
	}
	return list
}

// backlogRows watch what waits at an asynchronous endpoint.
func backlogRows(s *Spec) []row {
	unserved := periods(check.ValueOr(s.BacklogWithoutCapacity, DefaultBacklogWithoutCapacity), period)
	return []row{
		{
			key: "oldest-request", setting: "oldestRequest", says: "Requests wait for long",
			namespace: invocationMetrics, metric: "ApproximateAgeOfOldestRequest", statistic: maximum, endpointWide: true,
			threshold: check.ValueOr(s.OldestRequest, DefaultOldestRequest).Seconds(), datapoints: 3, evaluations: 5,
		},
		{
			key: "backlog-without-capacity", setting: "backlogWithoutCapacity", says: "Requests wait and no instance comes",
			namespace: invocationMetrics, metric: "HasBacklogWithoutCapacity", statistic: maximum, endpointWide: true,
			threshold: 0, datapoints: unserved, evaluations: unserved,
		},
	}
}
