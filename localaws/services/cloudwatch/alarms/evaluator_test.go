package alarms

import (
	"context"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

func TestAnAlarmGoesOffAndIsOver(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	e := c.evaluator()
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, e))
	c.measure("ModelLatency", 100)
	assertState(t, "OK", c.evaluate(t, e))
	assertState(t, "OK", c.evaluate(t, e))
	assert.Equal(t, []string{"alarm: INSUFFICIENT_DATA -> ALARM at 101", "ok: ALARM -> OK at 100"}, c.acted())
	assert.Len(t, c.of("SetAlarmState"), 2)
}

func TestOnlyFullMinutesAreEvaluated(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	c.measure("ModelLatency", 1)
	c.points["ModelLatency"][0].Start = minute(-1)
	assertState(t, "INSUFFICIENT_DATA", c.evaluate(t, c.evaluator()))
}

func TestAStateSetByHandActsAndLastsUntilTheNextEvaluation(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	e := c.evaluator()
	c.measure("ModelLatency", 1)
	assertState(t, "OK", c.evaluate(t, e))
	c.alarms[0].StateValue, c.alarms[0].StateReason = "ALARM", "a drill"
	state, err := e.State(t.Context(), region, "slow")
	require.NoError(t, err)
	assert.Equal(t, "ALARM", state)
	assertState(t, "OK", c.evaluate(t, e))
	assert.Equal(t, []string{
		"ok: INSUFFICIENT_DATA -> OK at 1", "alarm: OK -> ALARM at NaN", "ok: ALARM -> OK at 1",
	}, c.acted())
	assert.Equal(t, "a drill", c.events[1].Reason)
}

func TestAChangedAlarmKeepsItsStateUntilItIsEvaluated(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	e := c.evaluator()
	state, err := e.State(t.Context(), region, "slow")
	require.NoError(t, err)
	assert.Equal(t, "INSUFFICIENT_DATA", state, "nobody has evaluated it")
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, e))
	// moto forgets the state when an alarm is put again.
	c.alarms[0].StateValue, c.alarms[0].StateReason = "OK", initial
	state, err = e.State(t.Context(), region, "slow")
	require.NoError(t, err)
	assert.Equal(t, "ALARM", state)
	assertState(t, "ALARM", c.evaluate(t, e))
	assert.Len(t, c.events, 1, "it has been in this state all the time")
}

func TestMissingDataThatIsIgnoredKeepsTheState(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.TreatMissingData = "ignore" }))
	e := c.evaluator()
	assertState(t, "INSUFFICIENT_DATA", c.evaluate(t, e))
	assert.Equal(t, initial, c.alarms[0].StateReason)
	assertState(t, "INSUFFICIENT_DATA", c.evaluate(t, e))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, e))
	c.measure("ModelLatency")
	assertState(t, "ALARM", c.evaluate(t, e))
	assert.Len(t, c.of("SetAlarmState"), 2)
}

func TestAutoScalingIsToldEachMinuteThatAnAlarmLasts(t *testing.T) {
	t.Parallel()
	scale := "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0:policy/out"
	c := newCloud(t, latency(func(a *storedAlarm) { a.AlarmActions = append(a.AlarmActions, scale) }))
	e := c.evaluator()
	c.measure("ModelLatency", 101)
	for _, after := range []time.Duration{0, 50 * time.Second, 61 * time.Second, 62 * time.Second} {
		e.options.Clock = clock.New(start.Add(after))
		c.points["ModelLatency"][0].Start = e.options.Clock.Now().Truncate(time.Minute).Add(-time.Minute)
		assertState(t, "ALARM", c.evaluate(t, e))
	}
	assert.Equal(t, []string{
		"alarm: INSUFFICIENT_DATA -> ALARM at 101", "policy/out: INSUFFICIENT_DATA -> ALARM at 101",
		"policy/out: ALARM -> ALARM at 101",
	}, c.acted())
}

func TestDisabledActionsDoNotRun(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.ActionsEnabled = false }))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.Empty(t, c.events)
}

func TestAnActionThatNobodyRunsIsLogged(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.AlarmActions = []string{"arn:aws:lambda:eu-west-1:1:f", "what"} }))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.Contains(t, c.log.String(), `"slow" in eu-west-1: nothing runs the action arn:aws:lambda:eu-west-1:1:f`)
	assert.Contains(t, c.log.String(), `"slow" in eu-west-1: nothing runs the action what`)
}

func TestAnAlarmThatCannotBeEvaluatedDoesNotKeepOthersBack(t *testing.T) {
	t.Parallel()
	foreign := latency(func(a *storedAlarm) { a.AlarmName, a.Namespace = "foreign", "Mine" })
	c := newCloud(t, foreign, latency(nil), latency(func(a *storedAlarm) { a.AlarmName = "third" }))
	c.broken["GetMetricStatistics"] = true
	c.measure("ModelLatency", 101)
	err := c.evaluator().Evaluate(t.Context(), region)
	assert.ErrorContains(t, err, `alarm "foreign" in eu-west-1: metric ModelLatency:`)
	assertState(t, "OK", c.alarms[0])
	assertState(t, "ALARM", c.alarms[1])
	assertState(t, "ALARM", c.alarms[2])
	assert.Len(t, c.of("DescribeAlarms"), 2, "a page holds two alarms")
}

func TestTheStateOfNoAlarmIsAnError(t *testing.T) {
	t.Parallel()
	_, err := newCloud(t).evaluator().State(t.Context(), region, "slow")
	assert.EqualError(t, err, `alarm "slow" in eu-west-1: there is none of this name`)
}

func TestRunEvaluatesUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	e := c.evaluator()
	require.NoError(t, e.options.Clock.SetSpeed(clock.MaxSpeed))
	ctx, cancel := context.WithCancel(t.Context())
	done, began := make(chan struct{}), time.Now()
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	assert.Eventually(t, func() bool { return len(c.of("DescribeAlarms")) >= 3 }, time.Minute, time.Millisecond)
	assert.GreaterOrEqual(t, time.Since(began), 2*pause, "a fast clock does not make it hurry")
	cancel()
	<-done
}

// noon is 2026-01-01T12:00:00Z.
const noon = 1767268800

func TestMetricsOfOthersAreReadFromCloudWatch(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) {
		a.Namespace, a.Statistic, a.Period, a.Threshold = "Mine", "Average", 120, new(3.0)
		a.Unit, a.Dimensions = "Seconds", []storedDimension{{"B", "2"}, {"A", "1"}}
	}))
	point := func(secondsBefore int, count, sum float64) storedPoint {
		return storedPoint{
			Timestamp: noon - int64(secondsBefore), SampleCount: count, Sum: sum, Minimum: 1, Maximum: 9,
		}
	}
	// Unordered, as moto may answer. The period is the 2 minutes before 12:00.
	c.answers = []storedPoint{point(1, 1, 7), point(120, 3, 6), point(121, 1, 100)}
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.InDelta(t, 13.0/4, c.events[0].Value, 0)
	call := c.of("GetMetricStatistics")[0]
	for name, want := range map[string]string{
		"Namespace": "Mine", "MetricName": "ModelLatency", "Unit": "Seconds", "Period": "1",
		"StartTime": strconv.Itoa(noon - 6*60), "EndTime": strconv.Itoa(noon),
		"Dimensions.1.Name": "B", "Dimensions.2.Value": "1",
	} {
		assert.Equal(t, want, call.Get(name), name)
	}
}

func TestWhatIsTooOldForMemoryIsReadFromCloudWatch(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.Period = 3600 }))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.Empty(t, c.of("GetMetricStatistics"))
	c.alarms[0].EvaluationPeriods = 2
	assertState(t, "INSUFFICIENT_DATA", c.evaluate(t, c.evaluator()))
	assert.Equal(t, "60", c.of("GetMetricStatistics")[0].Get("Period"))
}

func TestAnAlarmOnAPercentileGoesOff(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.Statistic, a.ExtendedStatistic = "", "p99" }))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.InDelta(t, 101, c.events[0].Value, 0)
}

func TestAPercentileOfOthersIsReadFromCloudWatch(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) {
		a.Namespace, a.Statistic, a.ExtendedStatistic, a.Period = "Mine", "", "p99.9", 120
	}))
	c.answers = []storedPoint{{
		Timestamp: noon - 100, SampleCount: 9, ExtendedStatistics: map[string]float64{"p99.9": 102},
	}}
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.InDelta(t, 102, c.events[0].Value, 0)
	last := c.of("GetMetricStatistics")[2]
	for name, want := range map[string]string{
		"ExtendedStatistics.1": "p99.9", "Period": "120",
		"StartTime": strconv.Itoa(noon - 120), "EndTime": strconv.Itoa(noon),
	} {
		assert.Equal(t, want, last.Get(name), name)
	}
}

// Two values are too few for a 99th percentile, which needs 1000, and enough without the choice to ignore it.
func TestAPercentileOfFewValuesMayKeepTheState(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]string{"ignore": "OK", "evaluate": "ALARM", "": "ALARM"} {
		c := newCloud(t, latency(func(a *storedAlarm) {
			a.Statistic, a.ExtendedStatistic, a.LowSampleCount, a.StateReason = "", "p99", choice, "checked"
		}))
		c.measure("ModelLatency", 101)
		assertState(t, want, c.evaluate(t, c.evaluator()))
	}
}

func TestWhatIsNotSupportedHasInsufficientData(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change func(*storedAlarm)
		want   string
	}{
		{
			func(a *storedAlarm) { a.Statistic, a.ExtendedStatistic = "", "p101" },
			`Unsupported: statistic "p101"`,
		},
		{
			func(a *storedAlarm) { a.ComparisonOperator = "LessThanLowerOrGreaterThanUpperThreshold" },
			`Unsupported: comparison operator "LessThanLowerOrGreaterThanUpperThreshold"`,
		},
		{func(a *storedAlarm) { a.Threshold = nil }, "Unsupported: an alarm without a threshold"},
		{func(a *storedAlarm) { a.DatapointsToAlarm = 2 }, "Unsupported: 2 out of 1 data points"},
		{func(a *storedAlarm) { a.Period = 0 }, "Unsupported: 1 periods of 0s"},
		{func(a *storedAlarm) { a.Period, a.EvaluationPeriods = 86400, 8 }, "Unsupported: 8 periods of 24h0m0s"},
	} {
		c := newCloud(t, latency(test.change))
		c.measure("ModelLatency", 101)
		alarm := c.evaluate(t, c.evaluator())
		assertState(t, "INSUFFICIENT_DATA", alarm)
		assert.Equal(t, test.want, alarm.StateReason)
	}
}

var none = math.NaN()

func TestAStateSetByHandBeforeTheFirstLookActs(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) {
		a.StateValue, a.StateReason, a.TreatMissingData = "ALARM", "a drill", "ignore"
	}))
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.Equal(t, []string{"alarm: INSUFFICIENT_DATA -> ALARM at NaN"}, c.acted())
}

func TestWhatHappenedBetweenTwoLooksIsNotMissed(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(nil))
	e := c.evaluator()
	c.measure("ModelLatency", 1)
	assertState(t, "OK", c.evaluate(t, e))
	for back := -10; back < 0; back++ {
		point := c.points["ModelLatency"][0]
		point.Start = minute(back)
		if back == -4 {
			point.Sum, point.Min, point.Max = 202, 101, 101
		}
		c.points["ModelLatency"] = append(c.points["ModelLatency"], point)
	}
	slices.SortFunc(c.points["ModelLatency"], func(a, b metrics.Point) int { return a.Start.Compare(b.Start) })
	e.options.Clock = clock.New(start.Add(10 * time.Minute))
	assertState(t, "OK", c.evaluate(t, e))
	assert.Equal(t, []string{
		"ok: INSUFFICIENT_DATA -> OK at 1", "alarm: OK -> ALARM at 101", "ok: ALARM -> OK at 1",
	}, c.acted())
}
