package alarms

import "time"

// idleRows watch for requests that do not come. An asynchronous variant publishes no invocations, but a value for the
// time that each request has waited.
func idleRows(s *Spec, v *Variant) []row {
	if s.Idle == nil {
		return nil
	}
	metric, statistic := "Invocations", sum
	if v.Asynchronous {
		metric, statistic = "TimeInBacklog", sampleCount
	}
	hours := periods(*s.Idle, time.Hour)
	return []row{{
		key: "idle", setting: "idle", says: "Nobody uses it",
		namespace: invocationMetrics, metric: metric, statistic: statistic, below: true, silent: true, hourly: true,
		threshold: 1, datapoints: hours, evaluations: hours,
	}}
}
