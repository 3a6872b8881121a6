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

func TestOnlyTheOneObjectOfAnInputMayBeListedAndStartsRuns(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(batch.Spec{
		InstanceType: "ml.m5.large", Input: "https://lake.s3.cn-north-1.amazonaws.com.cn/flowers/rows.csv", Arrivals: true,
	}))
	assert.JSONEq(t, doing(`, {
		"Sid": "FindInput", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::lake"],
		"Condition": {"StringLike": {"s3:prefix": "flowers/rows.csv"}}
	}`), readable(t, graph.Named(t, rolePolicyType, "flowers.run")))
	assert.JSONEq(t, `{
		"source": ["aws.s3"], "detail-type": ["Object Created"],
		"detail": {
			"bucket": {"name": ["lake"]},
			"object": {"key": ["flowers/rows.csv"], "size": [{"numeric": [">", 0]}]}
		}
	}`, graph.One(t, eventRuleType).Inputs["eventPattern"].(string))
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
