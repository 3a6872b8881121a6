// Package events makes the rules of the local EventBridge, which the emulator only keeps, act: on what happens to
// objects in Amazon S3, and on events that programs send.
package events

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/world/clock"
)

// Options says what a Router works with. All are required.
type Options struct {
	// URL is where EventBridge and S3 answer.
	URL   string
	Clock *clock.Clock
	// Deliveries gets what is for targets.
	Deliveries *deliveries.Queue
	// Metrics counts the events that rules match.
	Metrics metrics.Sink
	// Log gets a line for each failure.
	Log io.Writer
}

// Router takes events to the targets of the rules that they match.
type Router struct {
	options Options
	rules   *rules
	buckets *buckets

	mu sync.Mutex
	// sequenced is when the last event of S3 was, in nanoseconds.
	sequenced int64
}

// New makes a Router.
func New(options Options) *Router {
	r := &Router{options: options}
	r.rules = &rules{
		clients: protocol.NewClients(options.URL, "events", func(c aws.Config) *eventbridge.Client {
			return eventbridge.NewFromConfig(c)
		}),
		logf: r.logf, known: map[place][]rule{},
	}
	r.buckets = &buckets{
		clients: protocol.NewClients(options.URL, "events", func(c aws.Config) *s3.Client {
			return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
		}),
		known: map[string]bucket{},
	}
	return r
}

func (r *Router) logf(format string, args ...any) {
	_, _ = fmt.Fprintf(r.options.Log, "events: "+format+"\n", args...)
}

// publish hands an event over to what the rules of a bus say.
func (r *Router) publish(ctx context.Context, bus string, event Event, at time.Time) error {
	all, err := r.rules.at(ctx, place{event.Region, bus})
	if err != nil {
		return err
	}
	document, err := event.document()
	if err != nil {
		return err
	}
	var list []deliveries.Delivery
	for _, rule := range all {
		if !rule.pattern.Match(document.fields) {
			continue
		}
		r.options.Metrics.Add(metrics.Metric{
			Region: event.Region, Namespace: metrics.Rules, Name: "MatchedEvents", Unit: metrics.Count,
			Dimensions: metrics.By("RuleName", rule.name),
		}, 1)
		for _, target := range rule.targets {
			// The emulator serves log groups, archives and other buses itself.
			if emulated(aws.ToString(target.Arn)) {
				continue
			}
			d, err := delivery(target, rule, document, event, at)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
	}
	if len(list) > 0 {
		r.options.Deliveries.Add(list...)
	}
	return nil
}

// delivery is what is to be done for a target.
func delivery(
	target types.Target, of rule, event document, sent Event, at time.Time,
) (deliveries.Delivery, error) {
	input, err := inputOf(target, of, event)
	if err != nil {
		return deliveries.Delivery{}, err
	}
	d := deliveries.Delivery{
		ID: deliveries.ID(sent.ID, deliveries.NewUUID()), Kind: deliveries.Rule, Maker: of.name, Dimension: of.name,
		Region: sent.Region, TargetARN: aws.ToString(target.Arn), Input: input, Made: at,
		MaxAge: deliveries.DefaultMaxAge, MaxRetries: deliveries.DefaultMaxRetries,
	}
	if target.SqsParameters != nil {
		d.MessageGroup = aws.ToString(target.SqsParameters.MessageGroupId)
	}
	if policy := target.RetryPolicy; policy != nil {
		if policy.MaximumEventAgeInSeconds != nil {
			d.MaxAge = time.Duration(*policy.MaximumEventAgeInSeconds) * time.Second
		}
		if policy.MaximumRetryAttempts != nil {
			d.MaxRetries = int(*policy.MaximumRetryAttempts)
		}
	}
	return d, nil
}
