package batch

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// defaultGroup is the group of schedules that is always there.
const defaultGroup = "schedule-group/default"

// lateStart is for how long a start that fails is tried again, in seconds. A schedule of days wants no run hours late,
// and the alarm on missing runs says that there was none.
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
	schedule := &scheduler.ScheduleArgs{
		Name:                       pulumi.String(a.Name),
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
				"kms:EncryptionContext:aws:scheduler:schedule:arn": here.ARN("scheduler", "schedule/default/"+a.Name),
			}},
		}}
	}
	// The source is the group, never the schedule (EventBridge Scheduler user guide, "Confused deputy prevention").
	trusted := trust("scheduler", here, here.ARN("scheduler", defaultGroup))
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

func (a *Args) newRule(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, here account.Account, parent pulumi.ResourceOption,
) error {
	trusted := trust("events", here, here.ARN("events", "rule/"+a.Name))
	role, err := a.starter(ctx, name, machine, trusted, parent)
	if err != nil {
		return fmt.Errorf("role of the rule: %w", err)
	}
	rule, err := cloudwatch.NewEventRule(ctx, name, &cloudwatch.EventRuleArgs{
		Name:         pulumi.String(a.Name),
		Description:  pulumi.String("Starts the batch transform " + a.Name + " for each file that arrives"),
		EventPattern: a.pattern(),
		State:        pulumi.String(a.state()),
		Tags:         a.Tags,
	}, parent)
	if err != nil {
		return fmt.Errorf("rule: %w", err)
	}
	_, err = cloudwatch.NewEventTarget(ctx, name, &cloudwatch.EventTargetArgs{
		Rule: rule.Name, Arn: machine.Arn, RoleArn: role,
		InputTransformer: cloudwatch.EventTargetInputTransformerArgs{
			InputPaths: pulumi.StringMap{
				"bucket": pulumi.String("$.detail.bucket.name"), "key": pulumi.String("$.detail.object.key"),
			},
			// Without quotes: EventBridge writes the values as JSON.
			InputTemplate: pulumi.String(`{"input": {"bucket": <bucket>, "key": <key>}}`),
		},
	}, parent)
	if err != nil {
		return fmt.Errorf("target of the rule: %w", err)
	}
	return nil
}

// pattern matches the events of files that arrive in the input. Empty objects are what consoles show as folders.
func (a *Args) pattern() pulumi.StringOutput {
	bucket, prefix := a.input()
	keys := object{"prefix": prefix}
	if a.ArrivalSuffix != "" {
		keys = object{"wildcard": prefix + "*" + a.ArrivalSuffix}
	}
	return bucket.ToStringOutput().ApplyT(func(name string) (string, error) {
		pattern, err := json.Marshal(object{
			"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"},
			"detail": object{
				"bucket": object{"name": []string{name}},
				"object": object{"key": []object{keys}, "size": []object{{"numeric": []any{">", 0}}}},
			},
		})
		// Go escapes what HTML gives a meaning to.
		return strings.ReplaceAll(string(pattern), `\u003e`, ">"), err
	}).(pulumi.StringOutput)
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
