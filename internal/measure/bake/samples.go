package bake

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/internal/live/inservice"
)

// samples are how many requests each variant answered between two times. An asynchronous variant publishes no
// Invocations, but a value of TimeInBacklog for each request. Only full minutes count: the metrics have no others.
func (w *Watch) samples(
	ctx context.Context, endpoint *inservice.Endpoint, from, to time.Time,
) (map[string]float64, error) {
	metric, statistic := "Invocations", types.StatisticSum
	if endpoint.Async != nil {
		metric, statistic = "TimeInBacklog", types.StatisticSampleCount
	}
	counts := map[string]float64{}
	begin := from.Add(time.Minute - 1).Truncate(time.Minute)
	for _, variant := range endpoint.VariantNames() {
		counts[variant] = 0
		if !begin.Before(to) {
			// There is no full minute yet, and CloudWatch refuses to be asked about none.
			continue
		}
		got, err := w.CloudWatch.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
			Namespace: aws.String("AWS/SageMaker"), MetricName: &metric, Statistics: []types.Statistic{statistic},
			Dimensions: []types.Dimension{
				{Name: aws.String("EndpointName"), Value: &w.Endpoint},
				{Name: aws.String("VariantName"), Value: &variant},
			},
			StartTime: &begin, EndTime: &to, Period: aws.Int32(60),
		})
		if err != nil {
			return nil, fmt.Errorf("metric %s of variant %q: %w", metric, variant, err)
		}
		for _, point := range got.Datapoints {
			counts[variant] += aws.ToFloat64(point.Sum) + aws.ToFloat64(point.SampleCount)
		}
	}
	return counts, nil
}
