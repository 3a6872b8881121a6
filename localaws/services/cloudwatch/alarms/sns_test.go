package alarms

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const topic = "arn:aws:sns:eu-west-1:123456789012:ops"

func TestATopicIsTold(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) {
		a.AlarmActions, a.DatapointsToAlarm, a.Dimensions = []string{topic}, 1, []storedDimension{{"VariantName", "main"}}
	}))
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	require.Len(t, c.of("Publish"), 1)
	call := c.of("Publish")[0]
	assert.Equal(t, topic, call.Get("TopicArn"))
	assert.Equal(t, `ALARM: "slow" in EU (Ireland)`, call.Get("Subject"))
	message := call.Get("Message")
	assert.Contains(t, message, "OK -> ALARM", "it is for people, too")
	begin := strings.Index(message, `"StateChangeTime":"`) + len(`"StateChangeTime":"`)
	assert.True(t, strings.HasPrefix(message[begin:], "2026-01-01T12:00:"), message)
	assert.JSONEq(t, `{"AlarmName": "slow", "AlarmDescription": null, "AWSAccountId": "123456789012",
		"NewStateValue": "ALARM", "NewStateReason": "Threshold Crossed: 1 out of the last 1 datapoints `+
		`[101.0 (01/01/26 11:59:00)] was `+
		`greater than the threshold (100.0) (minimum 1 datapoint for OK -> ALARM transition).",
		"StateChangeTime": "NOW", "Region": "EU (Ireland)",
		"AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:slow", "OldStateValue": "INSUFFICIENT_DATA",
		"OKActions": ["arn:aws:test:eu-west-1:123456789012:ok"], "AlarmActions": ["`+topic+`"],
		"InsufficientDataActions": [], "Trigger": {"MetricName": "ModelLatency", "Namespace": "AWS/SageMaker",
		"StatisticType": "Statistic", "Statistic": "AVERAGE", "Unit": null,
		"Dimensions": [{"value": "main", "name": "VariantName"}], "Period": 60, "EvaluationPeriods": 1,
		"DatapointsToAlarm": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 100.0,
		"TreatMissingData": "missing", "EvaluateLowSampleCountPercentile": ""}}`,
		message[:begin]+"NOW"+message[begin+len("2026-01-01T12:00:05.000+0000"):])
}

func TestATopicIsToldTheExpressionThatTriggered(t *testing.T) {
	t.Parallel()
	alarm := maxCapacity("invocations")
	alarm.OKActions, alarm.Metrics = []string{topic}, append(alarm.Metrics[:1], alarm.Metrics[2])
	c := newCloud(t, alarm)
	assertState(t, "OK", c.evaluate(t, c.evaluator()))
	require.Len(t, c.of("Publish"), 1)
	_, trigger, _ := strings.Cut(c.of("Publish")[0].Get("Message"), `"Trigger":`)
	assert.JSONEq(t, `{"Period": 60, "EvaluationPeriods": 15, "DatapointsToAlarm": 15,
		"ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 3.0, "TreatMissingData": "notBreaching",
		"EvaluateLowSampleCountPercentile": "", "Metrics": [
			{"Id": "invocations", "ReturnData": false, "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
				"Dimensions": [{"value": "flowers", "name": "EndpointName"}, {"value": "main", "name": "VariantName"}],
				"MetricName": "Invocations", "Namespace": "AWS/SageMaker"}}},
			{"Expression": "invocations", "Id": "instances", "ReturnData": true}]}`, strings.TrimSuffix(trigger, "}"))
}

func TestATopicThatDoesNotAnswerIsLogged(t *testing.T) {
	t.Parallel()
	c := newCloud(t, latency(func(a *storedAlarm) { a.AlarmActions = []string{topic} }))
	c.broken["Publish"] = true
	c.measure("ModelLatency", 101)
	assertState(t, "ALARM", c.evaluate(t, c.evaluator()))
	assert.Contains(t, c.log.String(), `"slow" in eu-west-1: action `+topic+": ")
}

func TestASubjectHoldsAHundredCharacters(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": `INSUFFICIENT_DATA: "` + strings.Repeat("é", 60) + `..." in EU (Ireland)`,
		"xx-new-9":  `INSUFFICIENT_DATA: "` + strings.Repeat("é", 64) + `..." in xx-new-9`,
	} {
		got := subject(Event{Region: region, AlarmName: strings.Repeat("é", 255), NewState: "INSUFFICIENT_DATA"})
		assert.Equal(t, want, got)
		assert.Len(t, []rune(got), 100)
	}
}

func TestATopicMayBeInAnotherRegion(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"arn:aws:sns:us-east-1:123456789012:ops": "us-east-1", "arn:aws:sns::123456789012:ops": "eu-west-1", "": "eu-west-1",
	} {
		assert.Equal(t, want, topicRegion(Event{Region: region, ActionARN: action}), action)
	}
}
