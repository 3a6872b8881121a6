package alarms

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/protocol"
)

// notification is what CloudWatch sends to topics.
type notification struct {
	AlarmName                          string
	AlarmDescription                   *string
	AWSAccountID                       string `json:"AWSAccountId"`
	AlarmConfigurationUpdatedTimestamp string `json:",omitempty"`
	NewStateValue                      string
	NewStateReason                     string
	StateChangeTime                    string
	Region                             string
	AlarmArn                           string
	OldStateValue                      string
	OKActions                          []string
	AlarmActions                       []string
	InsufficientDataActions            []string
	Trigger                            trigger
}

// trigger is the alarm's rule in a notification: a metric with a statistic, or a list of queries.
type trigger struct {
	*triggerMetric

	Period                           int32
	EvaluationPeriods                int32
	DatapointsToAlarm                *int32 `json:",omitempty"`
	ComparisonOperator               string
	Threshold                        javaNumber
	TreatMissingData                 string
	EvaluateLowSampleCountPercentile string
	Metrics                          []triggerQuery `json:",omitempty"`
}

type triggerMetric struct {
	MetricName        string
	Namespace         string
	StatisticType     string
	Statistic         string `json:",omitempty"`
	ExtendedStatistic string `json:",omitempty"`
	Unit              *string
	Dimensions        []triggerDimension
}

type triggerDimension struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

type triggerQuery struct {
	Expression string       `json:",omitempty"`
	ID         string       `json:"Id"`
	Label      string       `json:",omitempty"`
	MetricStat *triggerStat `json:",omitempty"`
	ReturnData bool
}

type triggerStat struct {
	Metric struct {
		Dimensions []triggerDimension
		MetricName string
		Namespace  string
	}
	Period int32
	Stat   string
}

// statisticNames are the statistics' names in notifications.
var statisticNames = map[types.Statistic]string{
	types.StatisticAverage: "AVERAGE", types.StatisticSum: "SUM", types.StatisticMinimum: "MINIMUM",
	types.StatisticMaximum: "MAXIMUM", types.StatisticSampleCount: "SAMPLE_COUNT",
}

func notificationOf(e Event) notification {
	n := notification{
		AlarmName: e.AlarmName, AlarmDescription: e.Alarm.AlarmDescription, AWSAccountID: protocol.Account,
		NewStateValue: e.NewState, NewStateReason: e.Reason, StateChangeTime: e.At.UTC().Format(timestamp),
		Region: regionName(e.Region), AlarmArn: e.AlarmARN, OldStateValue: e.OldState,
		OKActions: list(e.Alarm.OKActions), AlarmActions: list(e.Alarm.AlarmActions),
		InsufficientDataActions: list(e.Alarm.InsufficientDataActions), Trigger: triggerOf(e.Alarm),
	}
	if updated := e.Alarm.AlarmConfigurationUpdatedTimestamp; updated != nil {
		n.AlarmConfigurationUpdatedTimestamp = updated.UTC().Format(timestamp)
	}
	return n
}

// list is never null in JSON.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func triggerOf(alarm types.MetricAlarm) trigger {
	t := trigger{
		Period:            int32(periodOf(alarm) / time.Second), //nolint:gosec // It was an int32.
		EvaluationPeriods: aws.ToInt32(alarm.EvaluationPeriods), DatapointsToAlarm: alarm.DatapointsToAlarm,
		ComparisonOperator: string(alarm.ComparisonOperator), Threshold: javaNumber(aws.ToFloat64(alarm.Threshold)),
		TreatMissingData: aws.ToString(alarm.TreatMissingData),
	}
	if t.TreatMissingData == "" {
		t.TreatMissingData = string(treatMissing)
	}
	for _, query := range alarm.Metrics {
		q := triggerQuery{
			Expression: aws.ToString(query.Expression), ID: aws.ToString(query.Id), Label: aws.ToString(query.Label),
			ReturnData: query.ReturnData == nil || *query.ReturnData,
		}
		if stat := query.MetricStat; stat != nil && stat.Metric != nil {
			q.MetricStat = &triggerStat{Period: aws.ToInt32(stat.Period), Stat: aws.ToString(stat.Stat)}
			q.MetricStat.Metric.Namespace = aws.ToString(stat.Metric.Namespace)
			q.MetricStat.Metric.MetricName = aws.ToString(stat.Metric.MetricName)
			q.MetricStat.Metric.Dimensions = dimensionsOf(stat.Metric.Dimensions)
		}
		t.Metrics = append(t.Metrics, q)
	}
	if len(alarm.Metrics) == 0 {
		t.triggerMetric = &triggerMetric{
			MetricName: aws.ToString(alarm.MetricName), Namespace: aws.ToString(alarm.Namespace),
			StatisticType: "Statistic", Statistic: statisticNames[alarm.Statistic],
			ExtendedStatistic: aws.ToString(alarm.ExtendedStatistic), Dimensions: dimensionsOf(alarm.Dimensions),
		}
		if t.ExtendedStatistic != "" {
			t.StatisticType = "ExtendedStatistic"
		}
		if alarm.Unit != "" {
			t.Unit = aws.String(string(alarm.Unit))
		}
	}
	return t
}

func dimensionsOf(dimensions []types.Dimension) []triggerDimension {
	told := make([]triggerDimension, 0, len(dimensions))
	for _, dimension := range dimensions {
		told = append(told, triggerDimension{Value: aws.ToString(dimension.Value), Name: aws.ToString(dimension.Name)})
	}
	return told
}
