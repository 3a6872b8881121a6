package dataplane_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

// TestEachServiceNamesThingsInThePartitionOfTheirRegion makes one thing by each service.
func TestEachServiceNamesThingsInThePartitionOfTheirRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withoutContainers)
	for region, p := range map[string]struct{ id, registry string }{
		"us-gov-west-1": {"aws-us-gov", "amazonaws.com"},
		"cn-north-1":    {"aws-cn", "amazonaws.com.cn"},
	} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			there := &partition{t: t, clients: newClientsIn(w.url, region)}
			arn := func(service, rest string) string {
				return "arn:" + p.id + ":" + service + ":" + region + ":123456789012:" + rest
			}
			there.role = "arn:" + p.id + ":iam::123456789012:role/runner"
			model, config, endpoint := there.host("123456789012.dkr.ecr." + region + "." + p.registry + "/scoring:1")
			assert.Equal(t, arn("sagemaker", "model/m"), model)
			assert.Equal(t, arn("sagemaker", "endpoint-config/c"), config)
			assert.Equal(t, arn("sagemaker", "endpoint/e"), endpoint)
			assert.Equal(t, arn("cloudwatch", "alarm:a"), there.alarm())
			machine := there.machine()
			assert.Equal(t, arn("states", "stateMachine:s"), machine)
			assert.Equal(t, arn("scheduler", "schedule/default/n"), there.schedule(machine))
			assert.Equal(t, arn("events", "rule/r"), there.rule())
			assert.Regexp(t, "^"+arn("application-autoscaling", "scalable-target/[0-9a-z-]+$"), there.target())
		})
	}
}

// partition is a region of another partition.
type partition struct {
	clients
	t    *testing.T
	role string
}

func (p *partition) host(image string) (model, config, endpoint string) {
	p.t.Helper()
	made, err := p.sagemaker.CreateModel(p.t.Context(), &sagemaker.CreateModelInput{
		ModelName: aws.String("m"), ExecutionRoleArn: &p.role,
		PrimaryContainer: &smtypes.ContainerDefinition{Image: &image},
	})
	require.NoError(p.t, err)
	configured, err := p.sagemaker.CreateEndpointConfig(p.t.Context(), &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("c"), ProductionVariants: []smtypes.ProductionVariant{{
			VariantName: aws.String("v"), ModelName: aws.String("m"), InitialInstanceCount: aws.Int32(1),
			InstanceType: smtypes.ProductionVariantInstanceTypeMlM5Large,
		}},
	})
	require.NoError(p.t, err)
	hosted, err := p.sagemaker.CreateEndpoint(p.t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("c"),
	})
	require.NoError(p.t, err)
	return *made.ModelArn, *configured.EndpointConfigArn, *hosted.EndpointArn
}

func (p *partition) alarm() string {
	p.t.Helper()
	_, err := p.cloudwatch.PutMetricAlarm(p.t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("a"), Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("Invocations"),
		Statistic: cwtypes.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
		ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
	})
	require.NoError(p.t, err)
	described, err := p.cloudwatch.DescribeAlarms(p.t.Context(), &cloudwatch.DescribeAlarmsInput{})
	require.NoError(p.t, err)
	require.Len(p.t, described.MetricAlarms, 1)
	return *described.MetricAlarms[0].AlarmArn
}

func (p *partition) machine() string {
	p.t.Helper()
	made, err := p.sfn.CreateStateMachine(p.t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("s"), RoleArn: &p.role,
		Definition: aws.String(`{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}`),
	})
	require.NoError(p.t, err)
	return *made.StateMachineArn
}

func (p *partition) schedule(target string) string {
	p.t.Helper()
	made, err := p.scheduler.CreateSchedule(p.t.Context(), &scheduler.CreateScheduleInput{
		Name: aws.String("n"), ScheduleExpression: aws.String("rate(1 day)"),
		FlexibleTimeWindow: &schedulertypes.FlexibleTimeWindow{Mode: schedulertypes.FlexibleTimeWindowModeOff},
		Target:             &schedulertypes.Target{Arn: &target, RoleArn: &p.role},
	})
	require.NoError(p.t, err)
	return *made.ScheduleArn
}

func (p *partition) rule() string {
	p.t.Helper()
	made, err := p.eventbridge.PutRule(p.t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("r"), EventPattern: aws.String(`{"source": ["aws.s3"]}`),
	})
	require.NoError(p.t, err)
	return *made.RuleArn
}

// target makes a scalable target of the endpoint's variant once it is in service.
func (p *partition) target() string {
	p.t.Helper()
	require.NoError(p.t, sagemaker.NewEndpointInServiceWaiter(p.sagemaker, quickly).Wait(p.t.Context(),
		&sagemaker.DescribeEndpointInput{EndpointName: aws.String("e")}, soon))
	made, err := p.scaling.RegisterScalableTarget(p.t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker, ResourceId: aws.String("endpoint/e/variant/v"),
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		MinCapacity:       aws.Int32(1), MaxCapacity: aws.Int32(2),
	})
	require.NoError(p.t, err)
	return *made.ScalableTargetARN
}

// withoutContainers has endpoints come into service without a program behind them.
func withoutContainers(o *localaws.Options) { o.Root = "" }

// quickly has a waiter look often.
func quickly(o *sagemaker.EndpointInServiceWaiterOptions) {
	o.MinDelay, o.MaxDelay = often, often
}
