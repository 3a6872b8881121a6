package scaling

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// schedules adds an action for each schedule. Actions move the target's bounds at run time; a deployment leaves them
// moved unless it changes Min or Max itself, or follows a refresh.
func (s *Scaling) schedules(
	ctx *pulumi.Context, name string, schedules []Schedule, target *appautoscaling.Target,
) error {
	for _, schedule := range schedules {
		timezone := schedule.Timezone
		if timezone == "" {
			timezone = "UTC"
		}
		_, err := appautoscaling.NewScheduledAction(ctx, name+"."+schedule.Name, &appautoscaling.ScheduledActionArgs{
			ServiceNamespace:  target.ServiceNamespace,
			ScalableDimension: target.ScalableDimension,
			ResourceId:        target.ResourceId,
			Schedule:          pulumi.String(schedule.Schedule),
			Timezone:          pulumi.String(timezone),
			ScalableTargetAction: appautoscaling.ScheduledActionScalableTargetActionArgs{
				MinCapacity: pulumi.Int(schedule.Min),
				MaxCapacity: pulumi.Int(schedule.Max),
			},
		}, pulumi.Parent(s))
		if err != nil {
			return fmt.Errorf("scaling %q: schedule %q: %w", name, schedule.Name, err)
		}
	}
	return nil
}
