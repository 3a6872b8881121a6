package metrics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

const (
	// batch is how many data points a request carries; PutMetricData allows 1,000.
	batch = 500
	// patience is how long Run waits for CloudWatch, so that it ends soon after its context.
	patience = 10 * time.Second
	// attempts is how often a request is sent before its data points are given up.
	attempts = 3
)

// Run publishes each minute soon after its end until the context ends, and then what is left. Data points that
// CloudWatch does not take are logged and given up; Series still has them.
func (r *Recorder) Run(ctx context.Context) {
	for {
		now := r.options.Clock.Now()
		if r.options.Clock.Sleep(ctx, now.Truncate(time.Minute).Add(time.Minute).Sub(now)) != nil {
			break
		}
		r.logged(ctx, r.Flush)
	}
	r.logged(ctx, func(ctx context.Context) error {
		return r.publish(ctx, r.options.Clock.Now().Add(time.Minute))
	})
}

// logged publishes. The end of the context must not cost a request that is under way its data points.
func (r *Recorder) logged(ctx context.Context, publish func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := publish(ctx); err != nil {
		_, _ = fmt.Fprintf(r.options.Log, "metrics: %v\n", err)
	}
}

// Flush publishes the minutes that are over and have not been published.
func (r *Recorder) Flush(ctx context.Context) error {
	minute := r.options.Clock.Now().Truncate(time.Minute)
	err := r.publish(ctx, minute)
	r.retire(minute)
	return err
}

// destination is what one request is for.
type destination struct{ region, namespace string }

// publish sends the minutes that begin before a moment.
func (r *Recorder) publish(ctx context.Context, before time.Time) error {
	r.publishing.Lock()
	defer r.publishing.Unlock()
	data := map[destination][]types.MetricDatum{}
	for metric, s := range *r.index.Load() {
		// A series is in the index under several keys.
		if metric != s.metric.identity() {
			continue
		}
		to := destination{metric.Region, metric.Namespace}
		for _, point := range s.take(before) {
			data[to] = append(data[to], datum(s.metric, point))
		}
	}
	var failed []error
	for to, all := range data {
		for part := range slices.Chunk(all, batch) {
			_, err := r.clients.Of(to.region).PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
				Namespace: &to.namespace, MetricData: part,
			})
			if err != nil {
				failed = append(failed, fmt.Errorf("publish %d data points of %s in %s: %w",
					len(part), to.namespace, to.region, err))
			}
		}
	}
	return errors.Join(failed...)
}

func datum(metric Metric, minute measured) types.MetricDatum {
	d := types.MetricDatum{
		MetricName: &metric.Name, Unit: types.StandardUnit(metric.Unit), Timestamp: &minute.Start,
	}
	// From sums CloudWatch tells no percentiles.
	for _, v := range minute.values {
		d.Values, d.Counts = append(d.Values, v.Value), append(d.Counts, v.Count)
	}
	for _, dimension := range metric.Dimensions {
		if dimension.Name != "" {
			d.Dimensions = append(d.Dimensions, types.Dimension{
				Name: aws.String(dimension.Name), Value: aws.String(dimension.Value),
			})
		}
	}
	return d
}

func newClient(c aws.Config) *cloudwatch.Client {
	return cloudwatch.NewFromConfig(c, func(o *cloudwatch.Options) {
		o.RetryMaxAttempts = attempts
		// Nothing is gained by it on one machine.
		o.DisableRequestCompression = true
	})
}
