package batch

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
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

// alarms are those of this batch (Step Functions developer guide, "Monitoring with CloudWatch"; EventBridge user guide,
// "Monitoring EventBridge"; EventBridge Scheduler user guide, "Monitoring with CloudWatch").
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
	const notStarted = "not-started"
	switch {
	case a.Schedule != "":
		rows = append(rows, a.scheduled(notStarted, "A run was due and could not be started", "InvocationDroppedCount"))
	case a.Arrivals:
		rows = append(rows, alarm{
			key: notStarted, says: "A file arrived and no run could be started", namespace: "AWS/Events",
			metric: "FailedInvocations", dimensions: pulumi.StringMap{"RuleName": pulumi.String(a.Name)},
		})
	}
	if span, ok := a.missedAfter(); ok {
		// Executions would not do: those that somebody starts by hand count like those of a schedule that has died.
		missing := a.scheduled("missed", "The schedule is dead: no run was due in "+check.ShortSpan(span),
			"InvocationAttemptCount")
		missing.within = span
		rows = append(rows, missing)
	}
	return rows
}

// scheduled is an alarm on what becomes of the times at which a run is due.
func (a *Args) scheduled(key, says, metric string) alarm {
	return alarm{
		key: key, says: says, namespace: "AWS/Scheduler", metric: metric,
		dimensions: pulumi.StringMap{"ScheduleGroup": pulumi.String(a.Name)},
	}
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
