package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/components/batch"
	"sagehost/tests/harness"
)

func TestAScheduleStartsRunsAndAnAlarmMissesThem(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(nightly))
	assert.Equal(t, map[string]int{
		batch.Type: 1, logGroupType: 1, machineType: 1, roleType: 2, rolePolicyType: 2, alarmType: 4, starterType: 1,
		groupOfType: 1,
	}, graph.Counts())
	assert.JSONEq(t, `{"name": "flowers-test", `+wantTags+`}`, readable(t, graph.One(t, groupOfType)))
	assert.JSONEq(t, `{
		"name": "flowers-test", "groupName": "flowers-test", "description": "Starts the batch transform flowers-test",
		"scheduleExpression": "cron(30 1 * * ? *)", "scheduleExpressionTimezone": "Europe/Berlin", "state": "ENABLED",
		"flexibleTimeWindow": {"mode": "OFF"},
		"target": {
			"arn": "`+machineARN+`", "roleArn": "arn:aws-cn:test:cn-north-1:123456789012:flowers.start-role",
			"input": "{}", "retryPolicy": {"maximumEventAgeInSeconds": 3600}
		}
	}`, readable(t, graph.One(t, starterType)))
	assert.JSONEq(t, `{
		"description": "Starts the batch transform flowers-test", `+wantTags+`,
		"assumeRolePolicy": `+trusting("scheduler", "scheduler:"+batchAccount+"schedule-group/flowers-test")+`
	}`, readable(t, graph.Named(t, roleType, "flowers.start")))
	assert.JSONEq(t, `{"role": "flowers.start-role", "policy": {"Version": "2012-10-17", "Statement": [{
		"Sid": "Start", "Effect": "Allow", "Action": ["states:StartExecution"], "Resource": ["`+machineARN+`"]
	}]}}`, readable(t, graph.Named(t, rolePolicyType, "flowers.start")))
	assert.JSONEq(t, `{
		"name": "flowers-test.missed", "alarmDescription": "The schedule is dead: no run was due in 26h.",
		"namespace": "AWS/Scheduler", "metricName": "InvocationAttemptCount",
		"dimensions": {"ScheduleGroup": "flowers-test"}, "statistic": "Sum", "period": 3600,
		"comparisonOperator": "LessThanThreshold", "threshold": 1, "datapointsToAlarm": 26, "evaluationPeriods": 26,
		"treatMissingData": "breaching", "alarmActions": ["`+topicARN+`"], "okActions": ["`+topicARN+`"], `+wantTags+`
	}`, readable(t, graph.Named(t, alarmType, "flowers.missed")))
	requireTellsOfStarts(t, graph, "AWS/Scheduler", "InvocationDroppedCount", "ScheduleGroup")
}

// requireTellsOfStarts expects an alarm that goes off within minutes of when a start is given up.
func requireTellsOfStarts(t *testing.T, graph *harness.Graph, namespace, metric, dimension string) {
	t.Helper()
	alarm := graph.Named(t, alarmType, "flowers.not-started")
	for key, want := range map[string]any{
		"namespace": namespace, "metricName": metric, "dimensions": map[string]any{dimension: "flowers-test"},
		"comparisonOperator": "GreaterThanThreshold", "treatMissingData": "notBreaching", "threshold": 0.0, "period": 60.0,
	} {
		assert.Equal(t, want, alarm.Inputs[key], key)
	}
}

func TestFilesThatArriveStartARunEach(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{InstanceType: "ml.m5.large", Arrivals: true}))
	assert.Equal(t, map[string]int{
		batch.Type: 1, logGroupType: 1, machineType: 1, roleType: 2, rolePolicyType: 2, alarmType: 3, eventRuleType: 1,
		targetRuleType: 1,
	}, graph.Counts())
	rule := graph.One(t, eventRuleType)
	assert.JSONEq(t, `{
		"source": ["aws.s3"], "detail-type": ["Object Created"],
		"detail": {
			"bucket": {"name": ["batch"]},
			"object": {"key": [{"prefix": "flowers-test/input/"}], "size": [{"numeric": [">", 0]}]}
		}
	}`, rule.Inputs["eventPattern"].(string))
	assert.Equal(t, "flowers-test", rule.Inputs["name"])
	assert.Equal(t, "ENABLED", rule.Inputs["state"])
	assert.JSONEq(t, `{
		"rule": "flowers-test", "arn": "`+machineARN+`",
		"roleArn": "arn:aws-cn:test:cn-north-1:123456789012:flowers.start-role",
		"inputTransformer": {
			"inputPaths": {"bucket": "$.detail.bucket.name", "key": "$.detail.object.key"},
			"inputTemplate": "{\"input\": {\"bucket\": <bucket>, \"key\": <key>}}"
		},
		"retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 185}
	}`, readable(t, graph.One(t, targetRuleType)))
	assert.JSONEq(t, `{
		"description": "Starts the batch transform flowers-test", `+wantTags+`,
		"assumeRolePolicy": `+trusting("events", "events:"+batchAccount+"rule/flowers-test")+`
	}`, readable(t, graph.Named(t, roleType, "flowers.start")))
	requireTellsOfStarts(t, graph, "AWS/Events", "FailedInvocations", "RuleName")
}

func TestOnlyFilesWithTheSuffixStartARun(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{
		InstanceType: "ml.m5.large", Arrivals: true, ArrivalSuffix: ".csv", Input: "s3://lake/flowers/",
	}))
	assert.JSONEq(t, `{
		"source": ["aws.s3"], "detail-type": ["Object Created"],
		"detail": {
			"bucket": {"name": ["lake"]},
			"object": {"key": [{"wildcard": "flowers/*.csv"}], "size": [{"numeric": [">", 0]}]}
		}
	}`, graph.One(t, eventRuleType).Inputs["eventPattern"].(string))
}

func TestNothingStartsAPausedBatchAndNobodyMissesIt(t *testing.T) {
	t.Parallel()
	paused := nightly
	paused.Paused = true
	graph := harness.Run(t, newBatch(paused))
	assert.Equal(t, "DISABLED", graph.One(t, starterType).Inputs["state"])
	assert.Equal(t, 3, graph.Counts()[alarmType], "a start that is given up before the pause is told of")
	graph = harness.Run(t, newBatch(batch.Spec{InstanceType: "ml.m5.large", Arrivals: true, Paused: true}))
	assert.Equal(t, "DISABLED", graph.One(t, eventRuleType).Inputs["state"])
}

// Where the gap is more than CloudWatch looks back, an alarm still tells of a run that could not be started.
func TestAWeeklyBatchHasNoAlarmOnADeadSchedule(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{InstanceType: "ml.m5.large", Schedule: "cron(0 0 ? * SUN *)"}))
	assert.Equal(t, 3, graph.Counts()[alarmType])
	requireTellsOfStarts(t, graph, "AWS/Scheduler", "InvocationDroppedCount", "ScheduleGroup")
	assert.Equal(t, "UTC", graph.One(t, starterType).Inputs["scheduleExpressionTimezone"])
}
