package alarms

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

// past is what is remembered of an alarm from one look to the next.
type past struct {
	state types.StateValue
	// acted is when the actions for the state ran last.
	acted time.Time
	// looked is when the alarm was evaluated last; zero when it never was.
	looked time.Time
}

// look is one evaluation of an alarm.
type look struct {
	*Evaluator

	region string
	alarm  types.MetricAlarm
	now    time.Time
	past   past
}

// outcome is what an evaluation comes to.
type outcome struct {
	// state is empty when the alarm keeps its state.
	state  types.StateValue
	reason string
	// data is the reason as JSON.
	data string
	// value is the newest data point; NaN when there is none.
	value float64
}

// catchUp evaluates the alarm now, after each full minute that has passed since it was evaluated last. Where the clock
// runs faster than alarms can be looked at, one that would have gone off in between must not be missed.
func (l *look) catchUp(ctx context.Context, now time.Time) error {
	for _, l.now = range moments(l.past.looked, now) {
		if err := l.look(ctx); err != nil {
			return err
		}
		l.past.looked = l.now
	}
	return nil
}

// moments are the full minutes between two times, and the second of them. What lies back further than metrics are kept
// is left out.
func moments(last, now time.Time) []time.Time {
	var list []time.Time
	if !last.IsZero() {
		first := clock.Later(last, now.Add(-metrics.Kept))
		for at := first.Truncate(time.Minute).Add(time.Minute); at.Before(now); at = at.Add(time.Minute) {
			list = append(list, at)
		}
	}
	return append(list, now)
}

// look evaluates the alarm, changes its state and runs its actions.
func (l *look) look(ctx context.Context) error {
	described := l.alarm.StateValue
	if !unchecked(l.alarm) && described != l.past.state {
		// Somebody has set the state. CloudWatch acts on that as on a change of its own.
		l.enter(ctx, outcome{state: described, reason: aws.ToString(l.alarm.StateReason), value: math.NaN()})
	}
	found, err := l.evaluate(ctx)
	if err != nil {
		return err
	}
	if found.state == "" {
		found.state, found.reason = l.past.state, aws.ToString(l.alarm.StateReason)
	}
	if found.state != described || found.reason != initial && unchecked(l.alarm) {
		if err := l.set(ctx, found); err != nil {
			return err
		}
		l.alarm.StateValue, l.alarm.StateReason = found.state, &found.reason
	}
	switch {
	case found.state != l.past.state:
		l.logf("%q in %s: %s -> %s: %s",
			aws.ToString(l.alarm.AlarmName), l.region, l.past.state, found.state, found.reason)
		l.enter(ctx, found)
	case found.state == types.StateValueAlarm && l.now.Sub(l.past.acted) >= time.Minute:
		// Auto scaling is told once a minute for as long as the alarm lasts.
		l.past.acted = l.now
		l.act(ctx, found, l.past.state, autoscaling)
	}
	return nil
}

// enter runs the actions for a new state.
func (l *look) enter(ctx context.Context, found outcome) {
	old := l.past.state
	l.past.state, l.past.acted = found.state, l.now
	l.act(ctx, found, old, "")
}

// set writes the state to where DescribeAlarms reads it.
func (l *look) set(ctx context.Context, found outcome) error {
	input := &cloudwatch.SetAlarmStateInput{
		AlarmName: l.alarm.AlarmName, StateValue: found.state, StateReason: &found.reason,
	}
	if found.data != "" {
		input.StateReasonData = &found.data
	}
	_, err := l.clients.Of(l.region).SetAlarmState(ctx, input)
	if _, ok := errors.AsType[*types.ResourceNotFound](err); ok {
		// It was deleted in the meantime.
		return nil
	}
	return err
}

// evaluate finds the state that the alarm should have. What cannot be evaluated has insufficient data.
func (l *look) evaluate(ctx context.Context) (outcome, error) {
	found, err := l.judge(ctx)
	if refusal, ok := errors.AsType[*unsupported](err); ok {
		return outcome{state: types.StateValueInsufficientData, reason: refusal.Error(), value: math.NaN()}, nil
	}
	return found, err
}

func (l *look) judge(ctx context.Context) (outcome, error) {
	rule, err := ruleOf(l.alarm)
	if err != nil {
		return outcome{}, err
	}
	frame := frame{
		end: l.now.UTC().Truncate(min(rule.period, time.Minute)), period: rule.period, slots: rule.evaluated + spare,
	}
	data, err := (&reader{look: l, frame: frame}).data(ctx)
	if err != nil {
		return outcome{}, err
	}
	return rule.apply(data, l.now), nil
}
