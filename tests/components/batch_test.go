package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/batch"
	"sagehost/tests/harness"
)

const (
	machineType    = "aws:sfn/stateMachine:StateMachine"
	starterType    = "aws:scheduler/schedule:Schedule"
	groupOfType    = "aws:scheduler/scheduleGroup:ScheduleGroup"
	eventRuleType  = "aws:cloudwatch/eventRule:EventRule"
	targetRuleType = "aws:cloudwatch/eventTarget:EventTarget"
	machineARN     = "arn:aws-cn:test:cn-north-1:123456789012:flowers-statemachine"
	batchAccount   = "cn-north-1:123456789012:"
)

// nightly is a batch on a schedule.
var nightly = batch.Spec{InstanceType: "ml.m5.large", Schedule: "cron(30 1 * * ? *)", Timezone: "Europe/Berlin"}

func newBatch(spec batch.Spec, changes ...func(*batch.Args)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		args := &batch.Args{
			Spec: spec, Name: "flowers-test", ModelName: pulumi.String("flowers-0123abc"), Bucket: pulumi.String("batch"),
			TopicARN: pulumi.String(topicARN), Tags: tags,
		}
		for _, change := range changes {
			change(args)
		}
		_, err := batch.New(ctx, "flowers", args)
		return err
	}
}

func underKey(args *batch.Args) { args.KMSKeyARN = pulumi.String(stackKey) }

// trusting is a trust policy for a service that acts for one thing of this account.
func trusting(service, source string) string {
	return `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": "` + service + `.amazonaws.com"},
		"Condition": {
			"StringEquals": {"aws:SourceAccount": "123456789012"},
			"ArnLike": {"aws:SourceArn": "arn:aws-cn:` + source + `"}
		}
	}]}`
}

// counting is an alarm on something that happens to executions.
func counting(name, metric, says string) string {
	return `{
		"name": "flowers-test.` + name + `", "alarmDescription": "` + says + `", "namespace": "AWS/States",
		"metricName": "` + metric + `", "dimensions": {"StateMachineArn": "` + machineARN + `"}, "statistic": "Sum",
		"period": 60, "comparisonOperator": "GreaterThanThreshold", "threshold": 0, "datapointsToAlarm": 1,
		"evaluationPeriods": 1, "treatMissingData": "notBreaching", "alarmActions": ["` + topicARN + `"], ` + wantTags + `
	}`
}

// machine is the inputs of the state machine, but its definition, which components/batch holds against a file.
const machine = `{
	"name": "flowers-test", "roleArn": "arn:aws-cn:test:cn-north-1:123456789012:flowers.run-role",
	"loggingConfiguration": {
		"includeExecutionData": true, "level": "ALL",
		"logDestination": "arn:aws-cn:test:cn-north-1:123456789012:flowers-loggroup:*"
	},
	"tracingConfiguration": {"enabled": true}, ` + wantTags + `
}`

// withoutDefinition takes the definition out of a graph's state machine.
func withoutDefinition(t *testing.T, graph *harness.Graph) *harness.Graph {
	t.Helper()
	definition := graph.One(t, machineType)
	require.NotEmpty(t, definition.JSON(t, "definition")["States"])
	delete(definition.Inputs, "definition")
	return graph
}

const marks = `"arn:aws-cn:s3:::batch/flowers-test/runs/*/`

// doing is the policy of the state machine's role, with these statements more.
func doing(more string) string {
	return `{"role": "flowers.run-role", "policy": {"Version": "2012-10-17", "Statement": [
		{
			"Sid": "RunJobs", "Effect": "Allow",
			"Action": [
				"sagemaker:AddTags", "sagemaker:CreateTransformJob", "sagemaker:DescribeTransformJob",
				"sagemaker:ListTags", "sagemaker:StopTransformJob"
			],
			"Resource": [
				"arn:aws-cn:sagemaker:` + batchAccount + `transform-job/flowers-test-????????????????????????????????-*"
			]
		}, {
			"Sid": "ReadItself", "Effect": "Allow", "Action": ["states:DescribeStateMachine"],
			"Resource": ["arn:aws-cn:states:` + batchAccount + `stateMachine:flowers-test"]
		}, {
			"Sid": "HearOfJobs", "Effect": "Allow",
			"Action": ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
			"Resource": [
				"arn:aws-cn:events:` + batchAccount + `rule/StepFunctionsGetEventsForSageMakerTransformJobsRule"
			]
		}, {
			"Sid": "FindRuns", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::batch"],
			"Condition": {"StringLike": {"s3:prefix": "flowers-test/*"}}
		}, {
			"Sid": "MarkRuns", "Effect": "Allow", "Action": ["s3:PutObject"],
			"Resource": [` + marks + `_INCOMPLETE", ` + marks + `_SUCCESS", ` + marks + `manifest.json"]
		}, {
			"Sid": "RemoveMark", "Effect": "Allow", "Action": ["s3:DeleteObject"],
			"Resource": [` + marks + `_INCOMPLETE"]
		}, {
			"Sid": "DeliverLogs", "Effect": "Allow", "Resource": ["*"],
			"Action": [
				"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
				"logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
				"logs:PutResourcePolicy", "logs:UpdateLogDelivery"
			]
		}, {
			"Sid": "Trace", "Effect": "Allow", "Resource": ["*"],
			"Action": [
				"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"
			]
		}` + more + `
	]}}`
}

func TestABatchOnDemandIsAStateMachineThatIsWatched(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{InstanceType: "ml.m5.large"}))
	requireUnder(t, graph, batch.Type)
	requireDeclares(t, withoutDefinition(t, graph), declaration{
		batch.Type + " flowers": `{"name": "flowers-test"}`,
		logGroupType + " flowers": `{
			"name": "/aws/vendedlogs/states/flowers-test", "retentionInDays": 365, ` + wantTags + `
		}`,
		machineType + " flowers": machine,
		roleType + " flowers.run": `{
			"description": "Runs the batch transform flowers-test", ` + wantTags + `,
			"assumeRolePolicy": ` + trusting("states", "states:"+batchAccount+"stateMachine:flowers-test") + `
		}`,
		rolePolicyType + " flowers.run": doing(""),
		alarmType + " flowers.failed": counting("failed", "ExecutionsFailed",
			"A run failed; its execution has the reason."),
		alarmType + " flowers.timed-out": counting("timed-out", "ExecutionsTimedOut",
			"A run was ended because it took too long."),
	})
}

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

func TestAKeyEncryptsLogsAndSchedulesAndIsUsedByServicesOnly(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(nightly, underKey))
	assert.Equal(t, stackKey, graph.One(t, logGroupType).Inputs["kmsKeyId"])
	assert.Equal(t, stackKey, graph.One(t, starterType).Inputs["kmsKeyArn"])
	const via = `"StringLike": {"kms:ViaService": "`
	assert.JSONEq(t, doing(`, {
		"Sid": "EncryptObjects", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
		"Resource": ["`+stackKey+`"], "Condition": {`+via+`s3.cn-north-1.amazonaws.com*"}}
	}, {
		"Sid": "EncryptJobs", "Effect": "Allow", "Action": ["kms:DescribeKey"],
		"Resource": ["`+stackKey+`"], "Condition": {`+via+`sagemaker.cn-north-1.amazonaws.com*"}}
	}, {
		"Sid": "EncryptVolumes", "Effect": "Allow", "Action": ["kms:CreateGrant"], "Resource": ["`+stackKey+`"],
		"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}, `+via+`sagemaker.cn-north-1.amazonaws.com*"}}
	}`), readable(t, graph.Named(t, rolePolicyType, "flowers.run")))
	assert.JSONEq(t, `{"role": "flowers.start-role", "policy": {"Version": "2012-10-17", "Statement": [{
		"Sid": "Start", "Effect": "Allow", "Action": ["states:StartExecution"], "Resource": ["`+machineARN+`"]
	}, {
		"Sid": "ReadSchedule", "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["`+stackKey+`"],
		"Condition": {"ArnLike": {
			"kms:EncryptionContext:aws:scheduler:schedule:arn": "arn:aws-cn:scheduler:`+batchAccount+
		`schedule/flowers-test/flowers-test"
		}}
	}]}}`, readable(t, graph.Named(t, rolePolicyType, "flowers.start")))
}

func TestInputOfAnotherBucketMayBeListedThere(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{InstanceType: "ml.m5.large", Input: "s3://lake/flowers/"}))
	assert.JSONEq(t, doing(`, {
		"Sid": "FindInput", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::lake"],
		"Condition": {"StringLike": {"s3:prefix": "flowers/*"}}
	}`), readable(t, graph.Named(t, rolePolicyType, "flowers.run")))
}

func TestABatchThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newBatch(batch.Spec{InstanceType: "ml.r5.large"}),
		`batch "flowers": instanceType: "ml.r5.large" is for endpoints only; transform jobs do not run on it`)
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := batch.New(ctx, "flowers", &batch.Args{Spec: nightly})
		return err
	}, `batch "flowers": bucket: is required`, "modelName: is required", "name: is required", "topicArn: is required")
}

func TestThePreviewOfABatchDeclaresTheSame(t *testing.T) {
	t.Parallel()
	for _, spec := range []batch.Spec{nightly, {InstanceType: "ml.m5.large", Arrivals: true}} {
		assert.Equal(t, harness.Run(t, newBatch(spec)).Counts(), harness.Run(t, newBatch(spec), harness.Preview()).Counts())
	}
}
