package alarms

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// reader gets the data points that an alarm is about.
type reader struct {
	*look
	frame
}

// data is a data point for each period, oldest first.
func (r *reader) data(ctx context.Context) ([]datum, error) {
	if len(r.alarm.Metrics) > 0 {
		return r.math(ctx)
	}
	statistic := statisticOf(r.alarm)
	return r.metric(ctx, types.MetricStat{
		Metric: &types.Metric{
			Namespace: r.alarm.Namespace, MetricName: r.alarm.MetricName, Dimensions: r.alarm.Dimensions,
		},
		Stat: &statistic, Unit: r.alarm.Unit,
	})
}

// metric is a statistic of a metric.
func (r *reader) metric(ctx context.Context, wanted types.MetricStat) ([]datum, error) {
	if extended, ok := metrics.ParseExtended(aws.ToString(wanted.Stat)); ok {
		return r.extended(ctx, wanted, extended)
	}
	statistic, ok := statistics[aws.ToString(wanted.Stat)]
	if !ok {
		return nil, unsupportedf("statistic %q", aws.ToString(wanted.Stat))
	}
	points, err := r.points(ctx, wanted)
	if err != nil {
		return nil, err
	}
	data := make([]datum, r.slots)
	for slot := range data {
		data[slot] = datum{start: r.start(slot), value: math.NaN()}
		var sum metrics.Point
		for len(points) > 0 && points[0].Start.Before(r.start(slot+1)) {
			if sum.Count == 0 {
				sum = points[0]
			} else {
				sum.Count, sum.Sum = sum.Count+points[0].Count, sum.Sum+points[0].Sum
				sum.Min, sum.Max = min(sum.Min, points[0].Min), max(sum.Max, points[0].Max)
			}
			points = points[1:]
		}
		if sum.Count > 0 {
			data[slot].value, data[slot].samples = statistic(sum), sum.Count
		}
	}
	return data, nil
}

// points are those of a metric in the evaluation range, oldest first, from memory where that reaches far enough back.
func (r *reader) points(ctx context.Context, wanted types.MetricStat) ([]metrics.Point, error) {
	known, inMemory, err := r.find(wanted)
	if err != nil {
		return nil, err
	}
	if !inMemory {
		return r.ask(ctx, wanted)
	}
	return r.options.Series.Series(known, r.start(0), r.end), nil
}

// find is the metric that is wanted. InMemory says that the evaluation range of it is in memory.
func (r *reader) find(wanted types.MetricStat) (known metrics.Metric, inMemory bool, err error) {
	if wanted.Metric == nil {
		return known, false, unsupportedf("an alarm without a metric")
	}
	known = metrics.Metric{
		Region: r.region, Namespace: aws.ToString(wanted.Metric.Namespace),
		Name: aws.ToString(wanted.Metric.MetricName), Unit: metrics.Unit(wanted.Unit),
	}
	if !r.options.Series.Knows(known.Namespace) || len(wanted.Metric.Dimensions) > len(known.Dimensions) ||
		r.start(0).Before(r.end.Add(-metrics.Kept)) {
		return known, false, nil
	}
	for i, dimension := range wanted.Metric.Dimensions {
		known.Dimensions[i] = metrics.Dimension{
			Name: aws.ToString(dimension.Name), Value: aws.ToString(dimension.Value),
		}
	}
	return known, true, nil
}

// ask gets points from CloudWatch. They are by the second, because moto begins periods at the first value, wherever in
// the minute that is; for long periods, whose values it would take too long to go through, by the minute.
func (r *reader) ask(ctx context.Context, wanted types.MetricStat) ([]metrics.Point, error) {
	seconds := int32(1)
	if r.period >= time.Hour {
		seconds = 60
	}
	got, err := r.clients.Of(r.region).GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: wanted.Metric.Namespace, MetricName: wanted.Metric.MetricName,
		Dimensions: wanted.Metric.Dimensions, Unit: wanted.Unit,
		StartTime: aws.Time(r.start(0)), EndTime: &r.end, Period: &seconds,
		Statistics: []types.Statistic{
			types.StatisticSampleCount, types.StatisticSum, types.StatisticMinimum, types.StatisticMaximum,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("metric %s: %w", aws.ToString(wanted.Metric.MetricName), err)
	}
	points := make([]metrics.Point, 0, len(got.Datapoints))
	for _, point := range got.Datapoints {
		points = append(points, metrics.Point{
			Start: aws.ToTime(point.Timestamp), Count: aws.ToFloat64(point.SampleCount), Sum: aws.ToFloat64(point.Sum),
			Min: aws.ToFloat64(point.Minimum), Max: aws.ToFloat64(point.Maximum),
		})
	}
	slices.SortFunc(points, func(a, b metrics.Point) int { return a.Start.Compare(b.Start) })
	return points, nil
}

// math is the result of the one query of an alarm on expressions that returns data.
func (r *reader) math(ctx context.Context) ([]datum, error) {
	s := sheet{
		queries: map[string]types.MetricDataQuery{}, results: map[string]result{}, slots: r.slots,
		metric: func(wanted types.MetricStat) ([]datum, error) { return r.metric(ctx, wanted) },
	}
	var returned []string
	for _, query := range r.alarm.Metrics {
		id := aws.ToString(query.Id)
		s.queries[id] = query
		if query.ReturnData == nil || *query.ReturnData {
			returned = append(returned, id)
		}
	}
	if len(returned) != 1 {
		return nil, unsupportedf("%d queries return data instead of 1", len(returned))
	}
	found, err := s.result(returned[0])
	if err != nil {
		return nil, err
	}
	if found.series == nil {
		return nil, unsupportedf("the expression is a number, not a series of data points")
	}
	data := make([]datum, r.slots)
	for slot := range data {
		data[slot] = datum{start: r.start(slot), value: found.series[slot]}
	}
	return data, nil
}
