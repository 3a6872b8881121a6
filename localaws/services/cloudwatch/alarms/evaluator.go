// Package alarms evaluates the alarms of the local CloudWatch, which the emulator only stores, and runs their actions.
package alarms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

const (
	// interval is the time between two looks at the alarms. CloudWatch looks that often at the quickest of its alarms.
	interval = 10 * time.Second
	// pause is the least time between two looks in the world's time, so that a fast clock leaves the machine air.
	pause = 50 * time.Millisecond
	// caller is as whom CloudWatch asks other services.
	caller = "cloudwatch"
)

// Series is the metrics that are known without asking CloudWatch; metrics.Recorder is one.
type Series interface {
	// Knows reports whether all values of a namespace are in it, back to metrics.Kept before the current minute.
	Knows(namespace string) bool
	// Series is the points of a metric from a moment to before another, oldest first. An empty unit stands for any.
	Series(metric metrics.Metric, from, to time.Time) []metrics.Point
	// Values are the values behind the points, in their order.
	Values(metric metrics.Metric, from, to time.Time) []metrics.Value
}

// Options says what an Evaluator works with. All are required.
type Options struct {
	// URL is where CloudWatch answers.
	URL string
	// Clock is the time that alarms are evaluated by.
	Clock *clock.Clock
	// Series is asked for metrics first.
	Series Series
	// Actions are what alarms can do, by the service in an action's ARN, such as "sns".
	Actions map[string]Action
	// Regions are where to look for alarms.
	Regions func() []string
	// Resumed says that an earlier process has evaluated the alarms that there are.
	Resumed bool
	// Log gets a line for each change of a state, each failure, and each action that nobody can run.
	Log io.Writer
}

// Evaluator evaluates alarms.
type Evaluator struct {
	options Options
	clients *protocol.Clients[*cloudwatch.Client]

	// evaluating is held while a region is evaluated.
	evaluating sync.Mutex

	mu sync.Mutex
	// pasts is what is remembered of alarms, by region and name.
	pasts map[string]map[string]past
}

// New makes an Evaluator.
func New(options Options) *Evaluator {
	return &Evaluator{
		options: options,
		clients: protocol.NewClients(options.URL, caller, func(c aws.Config) *cloudwatch.Client {
			return cloudwatch.NewFromConfig(c)
		}),
		pasts: map[string]map[string]past{},
	}
}

// Run evaluates all alarms every 10 seconds of the clock, but not more often than every 50 ms of the world, until the
// context ends.
func (e *Evaluator) Run(ctx context.Context) {
	for {
		rest := time.NewTimer(pause)
		for _, region := range e.options.Regions() {
			if err := e.Evaluate(ctx, region); err != nil && ctx.Err() == nil {
				e.logf("%v", err)
			}
		}
		err := e.options.Clock.Sleep(ctx, interval)
		select {
		case <-rest.C:
		case <-ctx.Done():
		}
		if err != nil || ctx.Err() != nil {
			return
		}
	}
}

// Evaluate evaluates the alarms of a region once. An alarm that cannot be evaluated keeps its state; the others go on.
func (e *Evaluator) Evaluate(ctx context.Context, region string) error {
	e.evaluating.Lock()
	defer e.evaluating.Unlock()
	alarms, err := e.describe(ctx, region, nil)
	if err != nil {
		return err
	}
	before, after := e.remembered(region), map[string]past{}
	var failed []error
	for _, alarm := range alarms {
		name := aws.ToString(alarm.AlarmName)
		known, ok := before[name]
		if !ok {
			known = e.began(alarm, before == nil)
		}
		l := look{Evaluator: e, region: region, alarm: alarm, past: known}
		if err := l.catchUp(ctx, e.options.Clock.Now()); err != nil {
			failed = append(failed, fmt.Errorf("alarm %q in %s: %w", name, region, err))
		}
		after[name] = l.past
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pasts[region] = after
	return errors.Join(failed...)
}

// remembered is what is known of the alarms of a region. Nobody changes the map.
func (e *Evaluator) remembered(region string) map[string]past {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pasts[region]
}

func (e *Evaluator) logf(format string, args ...any) {
	_, _ = fmt.Fprintf(e.options.Log, "alarms: "+format+"\n", args...)
}
