// Package bake watches the alarms of an endpoint while it serves: what a release does to them shows only with time and
// traffic.
package bake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/dustin/go-humanize/english"

	"sagehost/internal/live/cloudclock"
	"sagehost/internal/live/inservice"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
)

// interval is how often to look, by the cloud's clock: alarms are evaluated once a minute.
const interval = 30 * time.Second

// CloudWatch is what is asked about alarms and traffic; a *cloudwatch.Client is one.
type CloudWatch interface {
	cloudwatch.DescribeAlarmsAPIClient
	cloudwatch.DescribeAlarmHistoryAPIClient
	GetMetricStatistics(
		context.Context, *cloudwatch.GetMetricStatisticsInput, ...func(*cloudwatch.Options),
	) (*cloudwatch.GetMetricStatisticsOutput, error)
}

// Watch is what to watch, and for how long.
type Watch struct {
	// Endpoint is the endpoint's name in SageMaker. Required.
	Endpoint string
	// For is how long to watch, by Clock. Range: gates.MinBakeFor to gates.MaxBakeFor. Required.
	For time.Duration
	// CloudWatch, SageMaker and Clock are those of the cloud. Required.
	CloudWatch CloudWatch
	SageMaker  inservice.SageMaker
	Clock      cloudclock.Clock
	// Out is told what is seen. Required.
	Out io.Writer
}

// seen is what the looks have shown so far.
type seen struct {
	from    time.Time
	last    time.Time
	alarms  map[string]types.MetricAlarm
	raised  map[string]bool
	changed string
	looks   int
}

// Run watches until the span is over, or something is wrong. What it saw is in the report; the error is for what keeps
// it from watching.
func (w *Watch) Run(ctx context.Context) (*Report, error) {
	if w.For < gates.MinBakeFor || w.For > gates.MaxBakeFor {
		return nil, fmt.Errorf("the span to watch, %s, is not between %s and %s", check.ShortSpan(w.For),
			check.ShortSpan(gates.MinBakeFor), check.ShortSpan(gates.MaxBakeFor))
	}
	endpoint, err := inservice.Describe(ctx, w.SageMaker, w.Endpoint)
	if err != nil {
		return nil, err
	}
	now, err := w.Clock.Now(ctx)
	if err != nil {
		return nil, err
	}
	s := &seen{from: now, last: now, alarms: map[string]types.MetricAlarm{}, raised: map[string]bool{}}
	for {
		if err := w.look(ctx, endpoint, s); err != nil {
			return nil, err
		}
		left := w.For - s.last.Sub(s.from)
		if left <= 0 || len(s.raised) > 0 || s.changed != "" {
			break
		}
		if err := w.Clock.Sleep(ctx, min(left, interval)); err != nil {
			return nil, err
		}
	}
	return w.report(ctx, endpoint, s)
}

// look asks for the alarms and the endpoint once.
func (w *Watch) look(ctx context.Context, endpoint *inservice.Endpoint, s *seen) error {
	var err error
	if s.last, err = w.Clock.Now(ctx); err != nil {
		return err
	}
	alarms, err := w.watched(ctx)
	if err != nil {
		return err
	}
	if s.looks++; s.looks == 1 {
		fmt.Fprintf(w.Out, "%s: watching %s for %s\n", w.Endpoint, english.Plural(len(alarms), "alarm", ""),
			check.ShortSpan(w.For))
	}
	for i := range alarms {
		name := aws.ToString(alarms[i].AlarmName)
		s.alarms[name] = alarms[i]
		if alarms[i].StateValue == types.StateValueAlarm {
			s.raised[name] = true
		}
	}
	now, err := inservice.Describe(ctx, w.SageMaker, w.Endpoint)
	if notServing := (*inservice.StatusError)(nil); errors.As(err, &notServing) {
		s.changed = notServing.Error()
		return nil
	}
	if err != nil {
		return err
	}
	if now.Config != endpoint.Config {
		s.changed = fmt.Sprintf("the configuration was %s and is %s", endpoint.Config, now.Config)
	}
	return nil
}

// report sums up what was seen, with what the histories of the alarms and the metrics add.
func (w *Watch) report(ctx context.Context, endpoint *inservice.Endpoint, s *seen) (*Report, error) {
	r := &Report{Endpoint: w.Endpoint, Config: endpoint.Config, Changed: s.changed, For: s.last.Sub(s.from)}
	for _, name := range slices.Sorted(maps.Keys(s.alarms)) {
		alarm := s.alarms[name]
		went := s.raised[name]
		if !went {
			var err error
			if went, err = w.raisedSince(ctx, name, s.from, s.last); err != nil {
				return nil, err
			}
		}
		r.Alarms++
		switch {
		case went:
			r.Raised = append(r.Raised, name)
		case unclear(&alarm):
			r.Unclear = append(r.Unclear, name)
		}
	}
	var err error
	r.Samples, err = w.samples(ctx, endpoint, s.from, s.last)
	return r, err
}
