package alarms

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// TestTheAlarmsOfThisProjectAreEvaluated goes through the alarms that components/alarms makes of an ml.m5.large.
func TestTheAlarmsOfThisProjectAreEvaluated(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		namespace, metric, statistic string
		threshold                    float64
		m, n                         int
		bad                          float64
	}{
		{metrics.Invocations, "Invocation5XXErrors", "Average", 0.01, 2, 3, 0.011},
		{metrics.Invocations, "Invocation4XXErrors", "Average", 0.05, 3, 5, 0.051},
		{metrics.Invocations, "ModelLatency", "Average", 1_000_000, 3, 5, 1_000_001},
		{metrics.Invocations, "OverheadLatency", "Average", 200_000, 3, 5, 200_001},
		{metrics.Instances, "CPUUtilization", "Average", 170, 10, 15, 171},
		{metrics.Instances, "MemoryUtilization", "Maximum", 85, 3, 5, 85.5},
		{metrics.Instances, "DiskUtilization", "Maximum", 75, 3, 5, 75.5},
	} {
		c := newCloud(t, latency(func(a *storedAlarm) {
			a.Namespace, a.MetricName, a.Statistic, a.Threshold = test.namespace, test.metric, test.statistic, &test.threshold
			a.DatapointsToAlarm, a.EvaluationPeriods, a.TreatMissingData = test.m, test.n, "notBreaching"
		}))
		e := c.evaluator()
		assertState(t, "OK", c.evaluate(t, e))
		values := []float64{}
		for len(values) < test.n {
			values = append(values, test.threshold)
		}
		c.measure(test.metric, values...)
		assertState(t, "OK", c.evaluate(t, e))
		for i := range test.m {
			assertState(t, "OK", c.alarms[0])
			values[test.n-1-i] = test.bad
			c.measure(test.metric, values...)
			c.evaluate(t, e)
		}
		assertState(t, "ALARM", c.alarms[0])
		c.measure(test.metric)
		assertState(t, "OK", c.evaluate(t, e))
	}
}

// maxCapacity is the alarm of components/alarms on a variant of at most 3 instances.
func maxCapacity(expression string) *storedAlarm {
	sum := func(id, metric string) storedQuery {
		return storedQuery{ID: id, MetricStat: &storedStat{Period: 60, Stat: "Sum", Metric: storedMetric{
			Namespace: metrics.Invocations, MetricName: metric,
			Dimensions: []storedDimension{{"EndpointName", "flowers"}, {"VariantName", "main"}},
		}}}
	}
	return latency(func(a *storedAlarm) {
		a.Namespace, a.MetricName, a.Statistic, a.Period, a.Threshold = "", "", "", 0, new(3.0)
		a.DatapointsToAlarm, a.EvaluationPeriods, a.TreatMissingData = 15, 15, "notBreaching"
		a.ComparisonOperator = "GreaterThanOrEqualToThreshold"
		a.Metrics = []storedQuery{
			sum("invocations", "Invocations"), sum("perInstance", "InvocationsPerInstance"),
			{ID: "instances", Expression: expression, ReturnData: true},
		}
	})
}

func TestAVariantAtItsMaximumOfInstancesSetsTheAlarmOff(t *testing.T) {
	t.Parallel()
	c := newCloud(t, maxCapacity("CEIL(invocations / perInstance - 0.5)"))
	e := c.evaluator()
	assertState(t, "OK", c.evaluate(t, e))
	var all, each []float64
	for range 15 {
		// A third of 300 is no number of a computer, so that the quotient is beside 3.
		all, each = append(all, 300), append(each, 100.0000001)
	}
	c.measure("Invocations", all...)
	c.measure("InvocationsPerInstance", append([]float64{150}, each[1:]...)...)
	assertState(t, "OK", c.evaluate(t, e))
	c.measure("InvocationsPerInstance", each...)
	assertState(t, "ALARM", c.evaluate(t, e))
	assert.InDelta(t, 3, c.events[len(c.events)-1].Value, 0)
	c.measure("InvocationsPerInstance", append(each[1:], 0)...)
	assertState(t, "OK", c.evaluate(t, e))
	assert.Contains(t, c.alarms[0].StateReason, "1 missing datapoint was treated as [NonBreaching]")
}

func TestAnExpressionThatCannotBeEvaluatedHasInsufficientData(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		"RATE(invocations)": "Unsupported: function RATE",
		"SUM(invocations)":  "Unsupported: the expression is a number, not a series of data points",
	} {
		c := newCloud(t, maxCapacity(expression))
		alarm := c.evaluate(t, c.evaluator())
		assertState(t, "INSUFFICIENT_DATA", alarm)
		assert.Equal(t, want, alarm.StateReason)
	}
	c := newCloud(t, maxCapacity("invocations"))
	c.alarms[0].Metrics[0].ReturnData = true
	assert.Equal(t, "Unsupported: 2 queries return data instead of 1", c.evaluate(t, c.evaluator()).StateReason)
}
