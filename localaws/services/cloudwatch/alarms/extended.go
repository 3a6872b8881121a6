package alarms

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// extended is a statistic over the single values of a metric, such as a percentile.
func (r *reader) extended(
	ctx context.Context, wanted types.MetricStat, statistic metrics.Extended,
) ([]datum, error) {
	known, inMemory, err := r.find(wanted)
	if err != nil {
		return nil, err
	}
	data := make([]datum, r.slots)
	for slot := range data {
		data[slot] = datum{start: r.start(slot), value: math.NaN()}
		if !inMemory {
			if err := r.askExtended(ctx, wanted, &data[slot]); err != nil {
				return nil, err
			}
			continue
		}
		values := r.options.Series.Values(known, r.start(slot), r.start(slot+1))
		data[slot].value = statistic.Of(values)
		for _, v := range values {
			data[slot].samples += v.Count
		}
	}
	return data, nil
}

// askExtended gets the data point of a period from CloudWatch. Each period is asked for by itself, because moto begins
// them at the first value.
func (r *reader) askExtended(ctx context.Context, wanted types.MetricStat, into *datum) error {
	name := aws.ToString(wanted.Stat)
	got, err := r.clients.Of(r.region).GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: wanted.Metric.Namespace, MetricName: wanted.Metric.MetricName,
		Dimensions: wanted.Metric.Dimensions, Unit: wanted.Unit,
		StartTime: &into.start, EndTime: aws.Time(into.start.Add(r.period)),
		Period:     aws.Int32(int32(r.period / time.Second)), //nolint:gosec // a rule's period is at most a week
		Statistics: []types.Statistic{types.StatisticSampleCount}, ExtendedStatistics: []string{name},
	})
	if err != nil {
		return fmt.Errorf("metric %s: %w", aws.ToString(wanted.Metric.MetricName), err)
	}
	for _, point := range got.Datapoints {
		if value, ok := point.ExtendedStatistics[name]; ok {
			into.value, into.samples = value, aws.ToFloat64(point.SampleCount)
		}
	}
	return nil
}
