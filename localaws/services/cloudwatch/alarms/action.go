package alarms

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Action is what an alarm does when it enters a state.
type Action func(ctx context.Context, e Event) error

// Event is an alarm that enters a state, or that lasts.
type Event struct {
	Region string
	// AlarmName and AlarmARN name the alarm.
	AlarmName, AlarmARN string
	// ActionARN is the action to run, as the alarm lists it.
	ActionARN string
	// OldState and NewState are "OK", "ALARM" or "INSUFFICIENT_DATA"; they are the same when an alarm lasts.
	OldState, NewState string
	// Reason is why the alarm is in the new state, in CloudWatch's words.
	Reason string
	// Value is the newest data point; NaN when there is none, or when somebody has set the state by hand.
	Value float64
	// Threshold is what it was compared with.
	Threshold float64
	// At is the time of the clock.
	At time.Time
	// Alarm is what triggers the event, as DescribeAlarms shows it.
	Alarm types.MetricAlarm
}

// autoscaling is the service whose actions are run again once a minute for as long as an alarm lasts.
const autoscaling = "autoscaling"

// act runs the alarm's actions for the state that was found: all of them, or those of one service.
func (l *look) act(ctx context.Context, found outcome, old types.StateValue, only string) {
	if l.alarm.ActionsEnabled != nil && !*l.alarm.ActionsEnabled {
		return
	}
	actions := map[types.StateValue][]string{
		types.StateValueAlarm:            l.alarm.AlarmActions,
		types.StateValueOk:               l.alarm.OKActions,
		types.StateValueInsufficientData: l.alarm.InsufficientDataActions,
	}
	for _, action := range actions[found.state] {
		service := serviceOf(action)
		if only != "" && service != only {
			continue
		}
		run, ok := l.options.Actions[service]
		if !ok {
			l.logf("%q in %s: nothing runs the action %s", aws.ToString(l.alarm.AlarmName), l.region, action)
			continue
		}
		err := run(ctx, Event{
			Region: l.region, AlarmName: aws.ToString(l.alarm.AlarmName), AlarmARN: aws.ToString(l.alarm.AlarmArn),
			ActionARN: action, OldState: string(old), NewState: string(found.state), Reason: found.reason,
			Value: found.value, Threshold: aws.ToFloat64(l.alarm.Threshold), At: l.now, Alarm: l.alarm,
		})
		if err != nil {
			l.logf("%q in %s: action %s: %v", aws.ToString(l.alarm.AlarmName), l.region, action, err)
		}
	}
}

// serviceOf is the third part of an ARN.
func serviceOf(arn string) string {
	parts := strings.SplitN(arn, ":", 4)
	if len(parts) < 4 {
		return ""
	}
	return parts[2]
}
