package batch

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// lateStart is for how long a start that fails is tried again, in seconds. A schedule of days wants no run hours late,
// and only when no more is tried, an alarm tells of it.
const lateStart = 3600

// newTrigger creates what starts runs: a schedule, a rule, or nothing.
func (a *Args) newTrigger(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, here account.Account, parent pulumi.ResourceOption,
) error {
	var err error
	switch {
	case a.Schedule != "":
		err = a.newSchedule(ctx, name, machine, here, parent)
	case a.Arrivals:
		err = a.newRule(ctx, name, machine, here, parent)
	}
	return err
}

// starter creates the role of what starts runs.
func (a *Args) starter(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, trust pulumi.StringInput, parent pulumi.ResourceOption,
	more ...iampolicy.Statement,
) (pulumi.StringOutput, error) {
	start := iampolicy.Statement{
		Sid: "Start", Actions: []string{"states:StartExecution"}, Resources: []pulumi.StringInput{machine.Arn},
	}
	return a.roleOf(ctx, name+startSuffix, "Starts the batch transform "+a.Name, trust,
		append([]iampolicy.Statement{start}, more...), parent)
}

func (a *Args) newSchedule(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, here account.Account, parent pulumi.ResourceOption,
) error {
	var decrypt []iampolicy.Statement
	// Metrics tell schedules apart by their groups, and roles whom they trust: the group is this schedule's alone.
	group, err := scheduler.NewScheduleGroup(ctx, name, &scheduler.ScheduleGroupArgs{
		Name: pulumi.String(a.Name), Tags: a.Tags,
	}, parent)
	if err != nil {
		return fmt.Errorf("group of the schedule: %w", err)
	}
	schedule := &scheduler.ScheduleArgs{
		Name:                       pulumi.String(a.Name),
		GroupName:                  group.Name,
		Description:                pulumi.String("Starts the batch transform " + a.Name),
		ScheduleExpression:         pulumi.String(a.Schedule),
		ScheduleExpressionTimezone: pulumi.String(a.zone()),
		State:                      pulumi.String(a.state()),
		FlexibleTimeWindow:         scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
	}
	if a.KMSKeyARN != nil {
		schedule.KmsKeyArn = a.KMSKeyARN.ToStringOutput()
		decrypt = []iampolicy.Statement{{
			Sid: "ReadSchedule", Actions: []string{"kms:Decrypt"}, Resources: []pulumi.StringInput{a.KMSKeyARN},
			Conditions: map[string]pulumi.StringMap{"ArnLike": {
				"kms:EncryptionContext:aws:scheduler:schedule:arn": here.ARN("scheduler", "schedule/"+a.Name+"/"+a.Name),
			}},
		}}
	}
	// The source is the group, never the schedule (EventBridge Scheduler user guide, "Confused deputy prevention").
	trusted := trust("scheduler", here, here.ARN("scheduler", "schedule-group/"+a.Name))
	role, err := a.starter(ctx, name, machine, trusted, parent, decrypt...)
	if err != nil {
		return fmt.Errorf("role of the schedule: %w", err)
	}
	schedule.Target = scheduler.ScheduleTargetArgs{
		Arn: machine.Arn, RoleArn: role, Input: pulumi.String("{}"),
		RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{MaximumEventAgeInSeconds: pulumi.Int(lateStart)},
	}
	if _, err := scheduler.NewSchedule(ctx, name, schedule, parent); err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	return nil
}

func (a *Args) zone() string {
	if a.Timezone == "" {
		return "UTC"
	}
	return a.Timezone
}

func (a *Args) state() string {
	if a.Paused {
		return "DISABLED"
	}
	return "ENABLED"
}
