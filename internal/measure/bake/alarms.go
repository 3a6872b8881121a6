package bake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// watched are the alarms of an endpoint: those whose names begin with the endpoint's, as components/alarms and the
// rollback alarms of components/endpoint have them, and any other on a metric of the endpoint. Alarms by which
// Application Auto Scaling acts are left out: for them to go off is no trouble.
func (w *Watch) watched(ctx context.Context) ([]types.MetricAlarm, error) {
	var found []types.MetricAlarm
	pages := cloudwatch.NewDescribeAlarmsPaginator(w.CloudWatch, &cloudwatch.DescribeAlarmsInput{
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("alarms of endpoint %q: %w", w.Endpoint, err)
		}
		for i := range page.MetricAlarms {
			alarm := &page.MetricAlarms[i]
			named := strings.HasPrefix(aws.ToString(alarm.AlarmName), w.Endpoint+".")
			if (named || w.measures(alarm)) && !scales(alarm) {
				found = append(found, *alarm)
			}
		}
	}
	return found, nil
}

// measures reports whether an alarm is on a metric of the endpoint.
func (w *Watch) measures(alarm *types.MetricAlarm) bool {
	dimensions := slices.Clone(alarm.Dimensions)
	for _, query := range alarm.Metrics {
		if query.MetricStat != nil && query.MetricStat.Metric != nil {
			dimensions = append(dimensions, query.MetricStat.Metric.Dimensions...)
		}
	}
	return slices.ContainsFunc(dimensions, func(d types.Dimension) bool {
		return aws.ToString(d.Name) == "EndpointName" && aws.ToString(d.Value) == w.Endpoint
	})
}

// scales reports whether an alarm is there to scale something.
func scales(alarm *types.MetricAlarm) bool {
	return slices.ContainsFunc(alarm.AlarmActions, func(arn string) bool {
		parts := strings.SplitN(arn, ":", 4)
		return len(parts) == 4 && parts[2] == "autoscaling"
	})
}

// unclear reports whether an alarm cannot tell, although silence would not be in order.
func unclear(alarm *types.MetricAlarm) bool {
	return alarm.StateValue == types.StateValueInsufficientData &&
		aws.ToString(alarm.TreatMissingData) != "notBreaching"
}

// raisedSince reports whether an alarm went off between two times, however briefly.
func (w *Watch) raisedSince(ctx context.Context, alarm string, from, to time.Time) (bool, error) {
	pages := cloudwatch.NewDescribeAlarmHistoryPaginator(w.CloudWatch, &cloudwatch.DescribeAlarmHistoryInput{
		AlarmName: &alarm, HistoryItemType: types.HistoryItemTypeStateUpdate, StartDate: &from, EndDate: &to,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, fmt.Errorf("history of alarm %q: %w", alarm, err)
		}
		if slices.ContainsFunc(page.AlarmHistoryItems, raised) {
			return true, nil
		}
	}
	return false, nil
}

// raised reports whether a change of state was into alarm. CloudWatch tells it to programs as JSON.
func raised(item types.AlarmHistoryItem) bool {
	var data struct {
		NewState struct {
			StateValue types.StateValue `json:"stateValue"`
		} `json:"newState"`
	}
	if json.Unmarshal([]byte(aws.ToString(item.HistoryData)), &data) != nil {
		return strings.HasSuffix(aws.ToString(item.HistorySummary), "to ALARM")
	}
	return data.NewState.StateValue == types.StateValueAlarm
}
