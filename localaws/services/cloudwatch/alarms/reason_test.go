package alarms

import (
	"math"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestReasonsAreInCloudWatchsWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n, m   int
		treat  string
		values []float64
		want   string
	}{
		{
			1, 1, "",
			[]float64{105},
			"Threshold Crossed: 1 out of the last 1 datapoints [105.0 (01/01/26 11:59:00)] was greater than the " +
				"threshold (100.0) (minimum 1 datapoint for OK -> ALARM transition).",
		},
		{
			3, 2, "",
			[]float64{101, 5, 102},
			"Threshold Crossed: 2 out of the last 3 datapoints [102.0 (01/01/26 11:59:00), 101.0 (01/01/26 11:57:00)] " +
				"were greater than the threshold (100.0) (minimum 2 datapoints for OK -> ALARM transition).",
		},
		{
			5, 3, "",
			[]float64{101, 3, 102, 1, 2},
			"Threshold Crossed: 3 out of the last 5 datapoints [2.0 (01/01/26 11:59:00), 1.0 (01/01/26 11:58:00), " +
				"3.0 (01/01/26 11:56:00)] were not greater than the threshold (100.0) (minimum 3 datapoints for " +
				"ALARM -> OK transition).",
		},
		{
			20, 1, "notBreaching",
			[]float64{613},
			"Threshold Crossed: 1 out of the last 20 datapoints [613.0 (01/01/26 11:59:00)] was greater than the " +
				"threshold (100.0) and 19 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for " +
				"OK -> ALARM transition).",
		},
		{
			1, 0, "",
			[]float64{105},
			"Threshold Crossed: 1 datapoint [105.0 (01/01/26 11:59:00)] was greater than the threshold (100.0).",
		},
		{
			3, 0, "",
			[]float64{101, 103, 102},
			"Threshold Crossed: 3 datapoints [102.0 (01/01/26 11:59:00), 103.0 (01/01/26 11:58:00), " +
				"101.0 (01/01/26 11:57:00)] were greater than the threshold (100.0).",
		},
		{
			8, 0, "breaching",
			[]float64{2},
			"Threshold Crossed: 1 datapoint [2.0 (01/01/26 11:59:00)] was not greater than the threshold (100.0) and " +
				"7 missing datapoints were treated as [Breaching].",
		},
		{
			3, 2, "breaching",
			[]float64{2},
			"Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as " +
				"[Breaching].",
		},
		{
			1, 0, "notBreaching", nil,
			"Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as " +
				"[NonBreaching].",
		},
		{
			2, 2, "breaching", nil,
			"Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as " +
				"[Breaching].",
		},
		{1, 1, "", nil, "Insufficient Data: 1 datapoint was unknown."},
		{5, 1, "missing", nil, "Insufficient Data: 5 datapoints were unknown."},
	} {
		c := newCloud(t, latency(func(a *storedAlarm) {
			a.EvaluationPeriods, a.DatapointsToAlarm, a.TreatMissingData = test.n, test.m, test.treat
		}))
		c.measure("ModelLatency", test.values...)
		assert.Equal(t, test.want, c.evaluate(t, c.evaluator()).StateReason)
	}
}

func TestReasonsSayHowThresholdsAreCompared(t *testing.T) {
	t.Parallel()
	for operator, want := range map[string]string{
		"GreaterThanThreshold":          "not greater than",
		"GreaterThanOrEqualToThreshold": "greater than or equal to",
		"LessThanThreshold":             "not less than",
		"LessThanOrEqualToThreshold":    "less than or equal to",
	} {
		c := newCloud(t, latency(func(a *storedAlarm) { a.ComparisonOperator = operator }))
		c.measure("ModelLatency", 100)
		assert.Equal(t, "Threshold Crossed: 1 datapoint [100.0 (01/01/26 11:59:00)] was "+want+" the threshold (100.0).",
			c.evaluate(t, c.evaluator()).StateReason)
	}
}

func TestTheReasonIsAlsoJSON(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.EvaluationPeriods, a.Unit = 2, "Microseconds" }))
	e := c.evaluator()
	at := regexp.MustCompile(`2026-01-01T12:00:[0-9.]+\+0000`)
	c.measure("ModelLatency", 101, none, 102.5)
	c.evaluate(t, e)
	c.measure("ModelLatency")
	c.evaluate(t, e)
	calls := c.of("SetAlarmState")
	assert.JSONEq(t, `{"version":"1.0","queryDate":"NOW","startDate":"2026-01-01T11:57:00.000+0000",`+
		`"unit":"Microseconds","statistic":"Average","period":60,"recentDatapoints":[101.0,102.5],"threshold":100.0,`+
		`"evaluatedDatapoints":[{"timestamp":"2026-01-01T11:59:00.000+0000","sampleCount":2.0,"value":102.5},`+
		`{"timestamp":"2026-01-01T11:57:00.000+0000","sampleCount":2.0,"value":101.0}]}`,
		at.ReplaceAllString(calls[0].Get("StateReasonData"), "NOW"))
	assert.JSONEq(t, `{"version":"1.0","queryDate":"NOW","unit":"Microseconds","statistic":"Average","period":60,`+
		`"recentDatapoints":[],"threshold":100.0,"evaluatedDatapoints":[{"timestamp":"2026-01-01T11:59:00.000+0000"},`+
		`{"timestamp":"2026-01-01T11:58:00.000+0000"}]}`, at.ReplaceAllString(calls[1].Get("StateReasonData"), "NOW"))
}

func TestNumbersAreWrittenAsInJava(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{
		0: "0.0", 5: "5.0", -2.5: "-2.5", 0.46522264287069004: "0.46522264287069004", 0.001: "0.001",
		0.0001: "1.0E-4", 9999999: "9999999.0", 1e7: "1.0E7", 1.50785441792e10: "1.50785441792E10",
		-math.MaxFloat64: "-1.7976931348623157E308",
	} {
		assert.Equal(t, want, javaNumber(value).String())
	}
}

func TestSeveralPointsOfAPeriodAreSummedUp(t *testing.T) {
	t.Parallel()
	for statistic, want := range map[string]float64{
		"Sum": 6 + 20, "Average": 26.0 / 4, "Minimum": 3, "Maximum": 10, "SampleCount": 4,
	} {
		c := newCloud(t, latency(func(a *storedAlarm) { a.Period, a.Statistic, a.Threshold = 120, statistic, new(2.0) }))
		c.measure("ModelLatency", 3, 10)
		assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
		assert.InDelta(t, want, c.events[0].Value, 0, statistic)
		assert.Equal(t, time.UTC, c.events[0].At.Location())
	}
}
