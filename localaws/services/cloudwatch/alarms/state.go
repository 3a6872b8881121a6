package alarms

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// initial is the reason of the state of an alarm that nobody has evaluated since it was put.
const initial = "Unchecked: Initial alarm creation"

// unchecked reports whether an alarm is as it was put. moto says that it is OK then; at AWS, a new alarm has
// insufficient data, and one that was changed has the state that it had.
func unchecked(alarm types.MetricAlarm) bool { return aws.ToString(alarm.StateReason) == initial }

// began is what to take for the past of an alarm that is seen for the first time: how alarms begin at AWS, or, at the
// first look at a region where an earlier process has evaluated it, what that has come to.
func (e *Evaluator) began(alarm types.MetricAlarm, firstLook bool) past {
	if e.options.Resumed && firstLook && !unchecked(alarm) {
		return past{state: alarm.StateValue, acted: e.options.Clock.Now()}
	}
	return past{state: types.StateValueInsufficientData}
}

// State is the state of an alarm as of its last evaluation: "OK", "ALARM" or "INSUFFICIENT_DATA". It is an error when
// there is no such alarm.
func (e *Evaluator) State(ctx context.Context, region, name string) (string, error) {
	alarms, err := e.describe(ctx, region, []string{name})
	if err != nil {
		return "", err
	}
	if len(alarms) == 0 {
		return "", fmt.Errorf("alarm %q in %s: there is none of this name", name, region)
	}
	if !unchecked(alarms[0]) {
		return string(alarms[0].StateValue), nil
	}
	if known, ok := e.remembered(region)[name]; ok {
		return string(known.state), nil
	}
	return string(types.StateValueInsufficientData), nil
}

// Missing are those of some alarms, at most 100 of them, that do not exist.
func (e *Evaluator) Missing(ctx context.Context, region string, names []string) ([]string, error) {
	found := map[string]bool{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(e.clients.Of(region), &cloudwatch.DescribeAlarmsInput{
		AlarmNames: names, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("alarms in %s: %w", region, err)
		}
		for i := range page.MetricAlarms {
			found[aws.ToString(page.MetricAlarms[i].AlarmName)] = true
		}
		for i := range page.CompositeAlarms {
			found[aws.ToString(page.CompositeAlarms[i].AlarmName)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return found[name] }), nil
}

func (e *Evaluator) describe(ctx context.Context, region string, names []string) ([]types.MetricAlarm, error) {
	var alarms []types.MetricAlarm
	pages := cloudwatch.NewDescribeAlarmsPaginator(e.clients.Of(region), &cloudwatch.DescribeAlarmsInput{
		AlarmNames: names, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("alarms in %s: %w", region, err)
		}
		alarms = append(alarms, page.MetricAlarms...)
	}
	return alarms, nil
}
