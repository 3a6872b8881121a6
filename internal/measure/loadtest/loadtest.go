// Package loadtest finds the highest rate of requests that an endpoint answers in time. Requests come at a constant
// rate, as from many callers who know nothing of each other: an endpoint that falls behind is not spared.
package loadtest

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/kit/check"
)

// Defaults of a load test.
const (
	DefaultStartRate   = 5.0
	DefaultErrorRate   = 0.01
	DefaultMaxRate     = 5000.0
	DefaultStepTime    = 30 * time.Second
	DefaultWarmUp      = 10 * time.Second
	DefaultMaxTime     = 15 * time.Minute
	DefaultMaxRequests = 200_000
)

const (
	// precision ends the search: the rate that is held and the one that is not are this close.
	precision = 1.05
	// leastRate ends the search downwards, in requests a second.
	leastRate = 0.5
	// rest is the wait between two steps, in which the endpoint comes to itself.
	rest = time.Second
)

// Options are what a load test looks for, and what bounds it.
type Options struct {
	// Latency is the time within which 99 of 100 requests must be answered. Range: above 0s, at most 1m. Required.
	Latency time.Duration
	// ErrorRate is the share of requests that may fail. Range: 0 and above, below 1.
	ErrorRate float64
	// StartRate is the first rate, in requests a second. Range: 0.5 to MaxRate.
	StartRate float64
	// MaxRate bounds the rate.
	MaxRate float64
	// StepTime is how long each rate is tried, or longer, so that 100 requests are sent. Range: 1s to 10m.
	StepTime time.Duration
	// WarmUp is how long StartRate is sent before anything counts. Range: 0s to 10m.
	WarmUp time.Duration
	// MaxTime and MaxRequests bound the whole test.
	MaxTime     time.Duration
	MaxRequests int
}

// Check reports what is wrong with the options, under the names of the command's flags.
func (o *Options) Check(at check.At) {
	if o.Latency <= 0 || o.Latency > time.Minute {
		at.Key("latency").Addf("%s is not above 0s and at most 1m", check.ShortSpan(o.Latency))
	}
	if !(o.ErrorRate >= 0 && o.ErrorRate < 1) {
		at.Key("error-rate").Addf("%v is not at least 0 and below 1", o.ErrorRate)
	}
	check.Between(at.Key("start"), o.StartRate, leastRate, o.MaxRate)
	check.Between(at.Key("max-rate"), o.MaxRate, leastRate, 100_000)
	at.Key("step").Seconds(o.StepTime, time.Second, 10*time.Minute)
	at.Key("warm-up").Seconds(o.WarmUp, 0, 10*time.Minute)
	at.Key("max-time").Seconds(o.MaxTime, time.Second, 24*time.Hour)
	if o.MaxRequests < 1 {
		at.Key("max-requests").Addf("%d is less than 1", o.MaxRequests)
	}
}

// Result is what a load test found.
type Result struct {
	// Steps are the rates that were tried, in their order.
	Steps []Step
	// Best is the highest rate that was held; nil when none was.
	Best *Step
	// Stopped says why the test ended before it knew the limit; empty when it knows.
	Stopped string
}

// search is a load test under way.
type search struct {
	*Options

	send Send
	out  io.Writer
	// after is run after each step; its error ends the test.
	after  func(context.Context) error
	began  time.Time
	sent   int
	result Result
}

// Run doubles the rate until it is not held, and then closes in on the limit. Steps are told to out. After each of
// them, after is asked whether the endpoint is still what is being measured.
func (o *Options) Run(
	ctx context.Context, send Send, after func(context.Context) error, out io.Writer,
) (*Result, error) {
	s := &search{Options: o, send: send, after: after, out: out, began: time.Now()}
	if o.WarmUp > 0 {
		step, err := o.run(ctx, send, o.StartRate, o.WarmUp, 0)
		if err != nil {
			return nil, fmt.Errorf("warm-up: %w", err)
		}
		s.sent += step.Sent
	}
	if err := s.find(ctx); err != nil {
		return nil, err
	}
	return &s.result, nil
}

// find looks for the limit between a rate that is held and one that is not.
func (s *search) find(ctx context.Context) error {
	held, broken := 0.0, 0.0
	for rate := s.StartRate; ; {
		span := min(max(s.StepTime, time.Duration(leastRequests/rate*float64(time.Second))), max(longestStep, s.StepTime))
		if s.result.Stopped = s.bound(rate, span); s.result.Stopped != "" {
			return nil
		}
		step, err := s.try(ctx, rate, span)
		if err != nil {
			return err
		}
		if s.result.Stopped = step.unsent(s.Latency); s.result.Stopped != "" {
			return nil
		}
		if step.Held() {
			held = rate
		} else {
			broken = rate
		}
		switch {
		case broken == 0 && held >= s.MaxRate:
			s.result.Stopped = fmt.Sprintf("the highest rate to try, %.4g requests/s, was held", s.MaxRate)
			return nil
		case broken == 0:
			rate = min(2*held, s.MaxRate)
		case held == 0 && broken/2 < leastRate:
			return nil
		case held == 0:
			rate = broken / 2
		case broken/held <= precision:
			return nil
		default:
			rate = (held + broken) / 2
		}
	}
}

// bound says which limit of the test a step would break; empty when it breaks none.
func (s *search) bound(rate float64, span time.Duration) string {
	switch {
	case s.sent+int(rate*span.Seconds()) > s.MaxRequests:
		return fmt.Sprintf("%s sent, and the next step would be more than %d",
			english.Plural(s.sent, "request was", "requests were"), s.MaxRequests)
	case time.Since(s.began)+span+rest > s.MaxTime:
		return fmt.Sprintf("the next step would end after more than %s", check.ShortSpan(s.MaxTime))
	default:
		return ""
	}
}

// try tries one rate.
func (s *search) try(ctx context.Context, rate float64, span time.Duration) (*Step, error) {
	if err := sleep(ctx, rest); err != nil {
		return nil, err
	}
	step, err := s.run(ctx, s.send, rate, span, s.sent)
	if err != nil {
		return nil, err
	}
	s.sent += step.Sent
	if err := s.after(ctx); err != nil {
		return nil, err
	}
	s.result.Steps = append(s.result.Steps, step)
	if step.Held() && (s.result.Best == nil || step.Rate > s.result.Best.Rate) {
		s.result.Best = &step
	}
	fmt.Fprintln(s.out, step.String())
	return &step, nil
}

// String is the step in a line.
func (s *Step) String() string {
	says := "held"
	if !s.Held() {
		says = "not held: " + s.Problem
	}
	return fmt.Sprintf("%8.1f requests/s: %d sent, %d failed, p50 %s, p99 %s: %s", s.Rate, s.Sent, s.Errors,
		s.Latency.P50.Round(10*time.Microsecond), s.Latency.P99.Round(10*time.Microsecond), says)
}
