package bake

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

var noon = time.Date(2026, 1, 1, 12, 0, 10, 0, time.UTC)

// cloud is a fake that lives by a clock of its own, which only sleepers move.
type cloud struct {
	now    time.Time
	alarms []types.MetricAlarm
	// at changes the cloud when its time comes, counted from noon.
	at map[time.Duration]func(*cloud)
	// history are the times at which the alarm went off and calmed down between two looks, by its name.
	history map[string]time.Time
	config  string
	status  smtypes.EndpointStatus
	async   bool
	// requests are those a minute.
	requests float64
	asked    *cloudwatch.GetMetricStatisticsInput
}

func newCloud(alarms ...types.MetricAlarm) *cloud {
	return &cloud{now: noon, alarms: alarms, config: "flowers-1", status: smtypes.EndpointStatusInService, requests: 10}
}

// alarm is one of the endpoint's.
func alarm(name string, state types.StateValue, missing string) types.MetricAlarm {
	return types.MetricAlarm{AlarmName: &name, StateValue: state, TreatMissingData: &missing}
}

func (c *cloud) Now(context.Context) (time.Time, error) { return c.now, nil }

func (c *cloud) Sleep(_ context.Context, span time.Duration) error {
	c.now = c.now.Add(span)
	for after, change := range c.at {
		if c.now.Sub(noon) >= after {
			change(c)
			delete(c.at, after)
		}
	}
	return nil
}

func (c *cloud) DescribeAlarms(
	context.Context, *cloudwatch.DescribeAlarmsInput, ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAlarmsOutput, error) {
	return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: c.alarms}, nil
}

func (c *cloud) DescribeAlarmHistory(
	_ context.Context, in *cloudwatch.DescribeAlarmHistoryInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	out := &cloudwatch.DescribeAlarmHistoryOutput{}
	if at, ok := c.history[*in.AlarmName]; ok && !at.Before(*in.StartDate) && !at.After(*in.EndDate) {
		out.AlarmHistoryItems = []types.AlarmHistoryItem{
			{HistoryData: aws.String(`{"newState": {"stateValue": "OK"}}`)},
			{HistoryData: aws.String(`{"newState": {"stateValue": "ALARM"}}`)},
		}
	}
	return out, nil
}

func (c *cloud) GetMetricStatistics(
	_ context.Context, in *cloudwatch.GetMetricStatisticsInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.GetMetricStatisticsOutput, error) {
	c.asked = in
	if !in.StartTime.Before(*in.EndTime) {
		return nil, errors.New("InvalidParameterValue: The parameter StartTime must be less than the parameter EndTime")
	}
	out := &cloudwatch.GetMetricStatisticsOutput{}
	for at := *in.StartTime; at.Before(*in.EndTime); at = at.Add(time.Minute) {
		out.Datapoints = append(out.Datapoints, types.Datapoint{Sum: &c.requests})
	}
	return out, nil
}

func (c *cloud) DescribeEndpoint(
	context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	return &sagemaker.DescribeEndpointOutput{EndpointConfigName: &c.config, EndpointStatus: c.status}, nil
}

func (c *cloud) DescribeEndpointConfig(
	context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointConfigOutput, error) {
	out := &sagemaker.DescribeEndpointConfigOutput{
		ProductionVariants: []smtypes.ProductionVariant{{VariantName: aws.String("main")}},
	}
	if c.async {
		out.AsyncInferenceConfig = &smtypes.AsyncInferenceConfig{OutputConfig: &smtypes.AsyncInferenceOutputConfig{}}
	}
	return out, nil
}

func (c *cloud) watch(t *testing.T) *Report {
	t.Helper()
	var out strings.Builder
	w := Watch{Endpoint: "flowers-dev", For: 30 * time.Minute, CloudWatch: c, SageMaker: c, Clock: c, Out: &out}
	report, err := w.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(out.String(), "watching"))
	return report
}

// judged is the report under the default gate.
func judged(r *Report) gates.Verdict { return (&gates.Bake{}).Judge(r.Measurements()) }

func TestQuietAlarmsAndTrafficPass(t *testing.T) {
	t.Parallel()
	c := newCloud(
		alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"),
		alarm("flowers-dev.main.rollback-5xx", types.StateValueInsufficientData, "notBreaching"),
	)
	report := c.watch(t)
	assert.Equal(t, map[string]float64{
		"forSeconds": 1800, "alarms": 2, "alarmsRaised": 0, "alarmsUnclear": 0, "configurationChanged": 0, "samples": 300,
	}, report.Measurements(), "the 30 minutes that begin after 12:00:10")
	assert.Equal(t, gates.Verdict{Result: release.Pass}, judged(report))
	assert.Equal(t, "Invocations", *c.asked.MetricName)
	assert.Equal(t, time.Date(2026, 1, 1, 12, 1, 0, 0, time.UTC), *c.asked.StartTime)
}

func TestWhatIsWatchedIsWhatIsAboutTheEndpoint(t *testing.T) {
	t.Parallel()
	of := func(alarm types.MetricAlarm, endpoint string) types.MetricAlarm {
		alarm.Dimensions = []types.Dimension{{Name: aws.String("EndpointName"), Value: &endpoint}}
		return alarm
	}
	acting := func(alarm types.MetricAlarm, arn string) types.MetricAlarm {
		alarm.AlarmActions = []string{arn}
		return alarm
	}
	computed := alarm("computed", types.StateValueOk, "missing")
	computed.Metrics = []types.MetricDataQuery{
		{Expression: aws.String("a / b")},
		{MetricStat: &types.MetricStat{Metric: &types.Metric{
			Dimensions: []types.Dimension{{Name: aws.String("EndpointName"), Value: aws.String("flowers-dev")}},
		}}},
	}
	policy := "arn:aws-cn:autoscaling:cn-north-1:123456789012:scalingPolicy:x"
	c := newCloud(
		alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"),
		alarm("flowers-dev2.main.5xx", types.StateValueAlarm, "notBreaching"),
		of(alarm("mine", types.StateValueOk, "missing"), "flowers-dev"),
		of(alarm("another's", types.StateValueAlarm, "missing"), "flowers-prod"),
		computed,
		acting(of(alarm("TargetTracking-AlarmLow", types.StateValueAlarm, "missing"), "flowers-dev"), policy),
		acting(alarm("flowers-dev.main.backlog", types.StateValueAlarm, "missing"), policy),
		acting(alarm("flowers-dev.main.4xx", types.StateValueOk, "missing"), "arn:aws-cn:sns:cn-north-1:123456789012:alerts"),
	)
	report := c.watch(t)
	assert.Equal(t, 4, report.Alarms)
	assert.Empty(t, report.Raised)
}

func TestAnAlarmEndsTheWatch(t *testing.T) {
	t.Parallel()
	c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"))
	c.at = map[time.Duration]func(*cloud){
		5 * time.Minute: func(c *cloud) { c.alarms[0].StateValue = types.StateValueAlarm },
	}
	report := c.watch(t)
	assert.Equal(t, []string{"flowers-dev.main.5xx"}, report.Raised)
	assert.Equal(t, 5*time.Minute, report.For)
	assert.Equal(t, release.Fail, judged(report).Result)
}

func TestAnAlarmBetweenTwoLooksIsFoundInItsHistory(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration][]string{
		-time.Second: nil, 0: {"flowers-dev.main.5xx"}, 30 * time.Minute: {"flowers-dev.main.5xx"},
		30*time.Minute + time.Second: nil,
	} {
		c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"))
		c.history = map[string]time.Time{"flowers-dev.main.5xx": noon.Add(after)}
		assert.Equal(t, want, c.watch(t).Raised, after)
	}
}

func TestAnAlarmThatSawTooLittleMakesItInconclusive(t *testing.T) {
	t.Parallel()
	for missing, want := range map[string][]string{
		"notBreaching": nil, "missing": {"a"}, "ignore": {"a"}, "breaching": {"a"}, "": {"a"},
	} {
		silent := alarm("a", types.StateValueInsufficientData, missing)
		silent.Dimensions = []types.Dimension{{Name: aws.String("EndpointName"), Value: aws.String("flowers-dev")}}
		report := newCloud(silent).watch(t)
		assert.Equal(t, want, report.Unclear, missing)
		assert.Equal(t, want != nil, judged(report).Result == release.Inconclusive, missing)
	}
}

func TestNoTrafficIsNoPass(t *testing.T) {
	t.Parallel()
	c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"))
	c.requests = 0
	assert.Equal(t, gates.Verdict{Result: release.Inconclusive, Reasons: []string{
		"the variant with the least traffic answered 0 requests; 100 are needed",
	}}, judged(c.watch(t)))
}

func TestRequestsThatWaitCountWhereThereAreNoInvocations(t *testing.T) {
	t.Parallel()
	c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"))
	c.async = true
	c.watch(t)
	assert.Equal(t, "TimeInBacklog", *c.asked.MetricName)
	assert.Equal(t, []types.Statistic{types.StatisticSampleCount}, c.asked.Statistics)
}

func TestAnotherConfigurationFails(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*cloud){
		"the configuration was flowers-1 and is flowers-2":      func(c *cloud) { c.config = "flowers-2" },
		`endpoint "flowers-dev" is not in service but Updating`: func(c *cloud) { c.status = smtypes.EndpointStatusUpdating },
	} {
		c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueOk, "notBreaching"))
		c.at = map[time.Duration]func(*cloud){10 * time.Minute: change}
		report := c.watch(t)
		assert.Equal(t, want, report.Changed)
		assert.Equal(t, 10*time.Minute, report.For)
		assert.Equal(t, release.Fail, judged(report).Result)
		var out strings.Builder
		report.Write(&out)
		assert.Contains(t, out.String(), want)
	}
}

func TestWhatCannotBeWatchedIsRefused(t *testing.T) {
	t.Parallel()
	c := newCloud()
	c.status = smtypes.EndpointStatusCreating
	w := Watch{Endpoint: "flowers-dev", For: time.Hour, CloudWatch: c, SageMaker: c, Clock: c}
	_, err := w.Run(t.Context())
	require.EqualError(t, err, `endpoint "flowers-dev" is not in service but Creating`)
	w.For = time.Minute
	_, err = w.Run(t.Context())
	assert.EqualError(t, err, "the span to watch, 1m, is not between 2m and 24h")
}

func TestAReportNamesWhatWentOff(t *testing.T) {
	t.Parallel()
	r := Report{
		Endpoint: "flowers-dev", Config: "flowers-1", For: 90 * time.Second, Alarms: 3, Raised: []string{"a", "b"},
		Unclear: []string{"c"}, Samples: map[string]float64{"main": 7, "next": 2},
	}
	var out strings.Builder
	r.Write(&out)
	assert.Equal(t, `flowers-dev: configuration flowers-1, 3 alarms watched for 1m30s
  variant main answered 7 requests
  variant next answered 2 requests
  went off: a, b
  too little data to tell: c
`, out.String())
	assert.Equal(t, 2.0, r.Measurements()["samples"])
}

func TestAnAlarmThatIsOnFromTheBeginningFailsAtOnce(t *testing.T) {
	t.Parallel()
	c := newCloud(alarm("flowers-dev.main.5xx", types.StateValueAlarm, "notBreaching"))
	c.now = noon.Add(time.Second)
	report := c.watch(t)
	assert.Equal(t, []string{"flowers-dev.main.5xx"}, report.Raised)
	assert.Less(t, report.For, time.Minute, "there is no full minute in which requests could be counted")
}
