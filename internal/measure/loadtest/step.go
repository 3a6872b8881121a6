package loadtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/measure/smoke"
)

// Send sends the n-th request, and returns when it is answered.
type Send func(ctx context.Context, n int) error

const (
	// leastRequests are in a step, so that the slowest one does not decide it alone.
	leastRequests = 100
	// longestStep bounds how long a step with few requests a second takes.
	longestStep = 2 * time.Minute
	// MaxInFlight is how many requests may wait for answers: an endpoint with more of them is far beyond its limit.
	MaxInFlight = 2000
	// maxTimeout is longer than any answer of SageMaker takes.
	maxTimeout = 70 * time.Second
)

// Step is requests at one rate.
type Step struct {
	// Rate is in requests a second.
	Rate float64
	// Sent is how many requests were sent, and Errors how many of them were not answered, or refused.
	Sent, Errors int
	// Latency is that of the answers, each from the time at which its request was due: a request that had to wait for
	// those before it took as long as its caller waited.
	Latency smoke.Latency
	// Lag is how late requests were sent, but for 1 of 100. It is this machine's doing.
	Lag time.Duration
	// Problem says why the rate was not held; empty when it was.
	Problem string
}

// Held reports whether the endpoint held the rate.
func (s *Step) Held() bool { return s.Problem == "" }

// unsent says that a rate was not held because this machine could not send it, and not because of the endpoint; empty
// otherwise.
func (s *Step) unsent(limit time.Duration) string {
	if s.Held() || s.Lag <= limit/2 {
		return ""
	}
	return fmt.Sprintf("this machine cannot send %.4g requests/s: it was %s late", s.Rate, s.Lag.Round(time.Millisecond))
}

// errCrowded says that a request was not sent.
var errCrowded = errors.New("too many requests wait for their answers")

// load is a step under way.
type load struct {
	options  *Options
	send     Send
	requests sync.WaitGroup

	mu       sync.Mutex
	times    []time.Duration
	errors   int
	first    error
	slow     int
	inFlight int
}

// run sends requests at a constant rate, whether or not earlier ones have been answered, and waits for all answers. It
// ends early when it is clear that the rate is not held.
func (o *Options) run(ctx context.Context, send Send, rate float64, span time.Duration, first int) (Step, error) {
	l := &load{options: o, send: send}
	planned := max(1, int(rate*span.Seconds()))
	step := Step{Rate: rate}
	var lags []time.Duration
	began := time.Now()
	for ; step.Sent < planned && !l.hopeless(planned); step.Sent++ {
		due := began.Add(time.Duration(float64(step.Sent) / rate * float64(time.Second)))
		if err := sleep(ctx, time.Until(due)); err != nil {
			l.requests.Wait()
			return step, err
		}
		lags = append(lags, time.Since(due))
		l.start(ctx, first+step.Sent, due)
	}
	l.requests.Wait()
	step.Errors, step.Latency, step.Lag = l.errors, smoke.SummarizeLatency(l.times), smoke.SummarizeLatency(lags).P99
	step.Problem = l.problem(&step)
	return step, ctx.Err()
}

// start sends a request that is due.
func (l *load) start(ctx context.Context, n int, due time.Time) {
	l.mu.Lock()
	crowded := l.inFlight >= MaxInFlight
	if !crowded {
		l.inFlight++
	}
	l.mu.Unlock()
	if crowded {
		l.done(0, errCrowded)
		return
	}
	l.requests.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, min(maxTimeout, max(time.Second, 10*l.options.Latency)))
		defer cancel()
		err := l.send(ctx, n)
		took := time.Since(due)
		l.mu.Lock()
		l.inFlight--
		l.mu.Unlock()
		l.done(took, err)
	})
}

func (l *load) done(took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.errors++
		if l.first == nil {
			l.first = err
		}
	default:
		l.times = append(l.times, took)
		if took > l.options.Latency {
			l.slow++
		}
	}
}

// hopeless reports whether the rest of a step cannot make it good.
func (l *load) hopeless(planned int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return float64(l.errors) > l.options.ErrorRate*float64(planned) || float64(l.slow) > 0.01*float64(planned)
}

// problem says why the rate was not held.
func (l *load) problem(step *Step) string {
	switch o := l.options; {
	case float64(step.Errors) > o.ErrorRate*float64(step.Sent):
		return fmt.Sprintf("%d of %s failed: %v", step.Errors, english.Plural(step.Sent, "request", ""), l.first)
	case step.Latency.P99 > o.Latency:
		return fmt.Sprintf("p99 is %s", step.Latency.P99.Round(10*time.Microsecond))
	default:
		return ""
	}
}

func sleep(ctx context.Context, span time.Duration) error {
	if span <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
