package batch

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
)

// alarm is an alarm on the number of times that something happens.
type alarm struct {
	key, says, namespace, metric string
	dimensions                   pulumi.StringMap
	// within is the span without which the alarm goes off; 0 for an alarm that goes off whenever it happens.
	within time.Duration
}

// newAlarms creates the alarms under fixed names, <batch>.<alarm>, so that other tools can refer to them.
func (a *Args) newAlarms(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, parent pulumi.ResourceOption,
) error {
	for _, row := range a.alarms(machine) {
		if _, err := cloudwatch.NewMetricAlarm(ctx, name+"."+row.key, row.declare(a), parent); err != nil {
			return fmt.Errorf("alarm %s: %w", row.key, err)
		}
	}
	return nil
}

// alarms are those of this batch (Step Functions developer guide, "Monitoring with CloudWatch", and EventBridge user
// guide, "Monitoring EventBridge").
func (a *Args) alarms(machine *sfn.StateMachine) []alarm {
	executions := func(key, says, metric string) alarm {
		return alarm{
			key: key, says: says, namespace: "AWS/States", metric: metric,
			dimensions: pulumi.StringMap{"StateMachineArn": machine.Arn},
		}
	}
	rows := []alarm{
		executions("failed", "A run failed; its execution has the reason", "ExecutionsFailed"),
		executions("timed-out", "A run was ended because it took too long", "ExecutionsTimedOut"),
	}
	if span, ok := a.missedAfter(); ok {
		missing := executions("missed", "Runs are missing: none started in "+check.ShortSpan(span), "ExecutionsStarted")
		missing.within = span
		rows = append(rows, missing)
	}
	if a.Arrivals {
		rows = append(rows, alarm{
			key: "not-started", says: "A file arrived and no run could be started", namespace: "AWS/Events",
			metric: "FailedInvocations", dimensions: pulumi.StringMap{"RuleName": pulumi.String(a.Name)},
		})
	}
	return rows
}

// declare renders the alarm for the provider. An alarm that something happened is told once: a minute without says
// nothing of the next run.
func (r *alarm) declare(a *Args) *cloudwatch.MetricAlarmArgs {
	declared := &cloudwatch.MetricAlarmArgs{
		Name:               pulumi.String(a.Name + "." + r.key),
		AlarmDescription:   pulumi.String(r.says + "."),
		Namespace:          pulumi.String(r.namespace),
		MetricName:         pulumi.String(r.metric),
		Dimensions:         r.dimensions,
		Statistic:          pulumi.String("Sum"),
		Period:             pulumi.Int(60),
		ComparisonOperator: pulumi.String("GreaterThanThreshold"),
		Threshold:          pulumi.Float64(0),
		DatapointsToAlarm:  pulumi.Int(1),
		EvaluationPeriods:  pulumi.Int(1),
		TreatMissingData:   pulumi.String("notBreaching"),
		AlarmActions:       pulumi.Array{a.TopicARN},
		Tags:               a.Tags,
	}
	if r.within > 0 {
		hours := pulumi.Int(int(r.within / time.Hour))
		declared.Period = pulumi.Int(3600)
		declared.ComparisonOperator, declared.Threshold = pulumi.String("LessThanThreshold"), pulumi.Float64(1)
		declared.DatapointsToAlarm, declared.EvaluationPeriods = hours, hours
		declared.TreatMissingData = pulumi.String("breaching")
		declared.OkActions = pulumi.Array{a.TopicARN}
	}
	return declared
}
