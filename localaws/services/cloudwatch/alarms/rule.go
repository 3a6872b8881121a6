package alarms

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/services/cloudwatch/metrics"
)

const (
	// longest is the longest time that an alarm may look back (PutMetricAlarm).
	longest = 7 * 24 * time.Hour
	// standard is the period of an alarm on expressions without metrics.
	standard = time.Minute
)

// unsupported is why an alarm cannot be evaluated.
type unsupported struct{ reason string }

// Error is the reason.
func (u *unsupported) Error() string { return u.reason }

func unsupportedf(format string, args ...any) error {
	return &unsupported{reason: "Unsupported: " + fmt.Sprintf(format, args...)}
}

// comparison is how a data point breaches a threshold.
type comparison struct {
	words    string
	breaches func(value, threshold float64) bool
}

var comparisons = map[types.ComparisonOperator]comparison{
	types.ComparisonOperatorGreaterThanThreshold: {
		"greater than", func(value, threshold float64) bool { return value > threshold },
	},
	types.ComparisonOperatorGreaterThanOrEqualToThreshold: {
		"greater than or equal to", func(value, threshold float64) bool { return value >= threshold },
	},
	types.ComparisonOperatorLessThanThreshold: {
		"less than", func(value, threshold float64) bool { return value < threshold },
	},
	types.ComparisonOperatorLessThanOrEqualToThreshold: {
		"less than or equal to", func(value, threshold float64) bool { return value <= threshold },
	},
}

// rule is when an alarm goes off.
type rule struct {
	comparison

	threshold float64
	period    time.Duration
	// breaching out of evaluated data points must breach the threshold.
	breaching, evaluated int
	// outOf says that the alarm gives the number of breaching data points, which changes how reasons are worded.
	outOf     bool
	missing   treatment
	statistic string
	// samples is how many values a data point needs to change the state; 0 where any number will do.
	samples float64
	unit    string
}

func ruleOf(alarm types.MetricAlarm) (rule, error) {
	compare, ok := comparisons[alarm.ComparisonOperator]
	if !ok {
		return rule{}, unsupportedf("comparison operator %q", alarm.ComparisonOperator)
	}
	if alarm.Threshold == nil {
		return rule{}, unsupportedf("an alarm without a threshold")
	}
	r := rule{
		comparison: compare, threshold: *alarm.Threshold, period: periodOf(alarm),
		evaluated: int(aws.ToInt32(alarm.EvaluationPeriods)), breaching: int(aws.ToInt32(alarm.DatapointsToAlarm)),
		outOf: alarm.DatapointsToAlarm != nil, missing: treatment(aws.ToString(alarm.TreatMissingData)),
		statistic: statisticOf(alarm), unit: string(alarm.Unit),
	}
	if extended, ok := metrics.ParseExtended(r.statistic); ok &&
		aws.ToString(alarm.EvaluateLowSampleCountPercentile) == "ignore" {
		r.samples = extended.LowSamples()
	}
	if !r.outOf {
		r.breaching = r.evaluated
	}
	if r.breaching < 1 || r.breaching > r.evaluated {
		return rule{}, unsupportedf("%d out of %d data points", r.breaching, r.evaluated)
	}
	if r.period <= 0 || r.period > longest || r.evaluated > int(longest/r.period) {
		return rule{}, unsupportedf("%d periods of %v", r.evaluated, r.period)
	}
	return r, nil
}

// statisticOf is the name of the alarm's statistic; empty for one on expressions.
func statisticOf(alarm types.MetricAlarm) string {
	return cmp.Or(string(alarm.Statistic), aws.ToString(alarm.ExtendedStatistic))
}

// periodOf is the alarm's period, or the longest of those of its metrics.
func periodOf(alarm types.MetricAlarm) time.Duration {
	if len(alarm.Metrics) == 0 {
		return time.Duration(aws.ToInt32(alarm.Period)) * time.Second
	}
	var seconds int32
	for _, query := range alarm.Metrics {
		seconds = max(seconds, aws.ToInt32(query.Period))
		if query.MetricStat != nil {
			seconds = max(seconds, aws.ToInt32(query.MetricStat.Period))
		}
	}
	if seconds == 0 {
		return standard
	}
	return time.Duration(seconds) * time.Second
}

// apply finds the state for the data points of the evaluation range, oldest first.
func (r rule) apply(data []datum, now time.Time) outcome {
	newest := slices.Clone(data)
	slices.Reverse(newest)
	marks := make([]mark, len(newest))
	for i, d := range newest {
		switch {
		case d.missing():
			marks[i] = missing
		case r.breaches(d.value, r.threshold):
			marks[i] = breaching
		default:
			marks[i] = within
		}
	}
	verdict := decide(marks, r.evaluated, r.breaching, r.missing)
	if slices.ContainsFunc(verdict.used, func(i int) bool { return newest[i].samples < r.samples }) {
		verdict.state = ""
	}
	found := outcome{state: verdict.state, value: math.NaN()}
	if len(verdict.used) > 0 {
		found.value = newest[verdict.used[0]].value
	}
	if verdict.state != "" {
		e := explanation{rule: r, verdict: verdict, newest: newest, marks: marks}
		found.reason, found.data = e.words(), e.data(now)
	}
	return found
}
