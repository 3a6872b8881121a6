package deliveries

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

const (
	stateName = "deliveries"
	// idle is the longest time between two looks at what is to be tried again.
	idle = time.Hour
	// pause is the least of it in the world's time.
	pause = 5 * time.Millisecond
	// atOnce is how many deliveries are under way at a time.
	atOnce = 8
	// patience is how long one may take, in the world's time.
	patience = 30 * time.Second
)

// Options says what a Queue works with. All are required.
type Options struct {
	// URL is where SNS and SQS answer.
	URL string
	// Executions starts executions of state machines.
	Executions Executions
	Clock      *clock.Clock
	// State keeps what is to be delivered, so that a process that is killed loses nothing.
	State state.Dir
	// Metrics counts attempts.
	Metrics metrics.Sink
	// Log gets a line for each delivery and each failure.
	Log io.Writer
}

// Queue is the deliveries that have not come through. What Add was given reaches its target at least once; a state
// machine, which refuses a name that it knows, exactly once.
type Queue struct {
	options Options
	targets *targets
	wake    chan struct{}

	mu      sync.Mutex
	pending []Delivery
}

// New makes a Queue that goes on with what an earlier process has left.
func New(options Options) (*Queue, error) {
	q := &Queue{
		options: options, wake: make(chan struct{}, 1),
		targets: newTargets(options.URL, options.Executions),
	}
	_, err := options.State.Load(stateName, &q.pending)
	return q, err
}

// Add takes messages to deliver, each ID once. Those for targets that cannot be reached are logged and dropped.
func (q *Queue) Add(list ...Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, d := range list {
		if !Takes(d.TargetARN) {
			q.logf("%s %s in %s: the local AWS does not deliver to %s", d.Kind, d.Maker, d.Region, d.TargetARN)
			continue
		}
		if !slices.ContainsFunc(q.pending, func(p Delivery) bool { return p.ID == d.ID }) {
			q.pending = append(q.pending, d)
		}
	}
	q.save()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// save keeps what is pending. The caller holds the lock.
func (q *Queue) save() {
	if err := q.options.State.Save(stateName, q.pending); err != nil {
		q.logf("%v", err)
	}
}

// Run delivers until the context ends.
func (q *Queue) Run(ctx context.Context) {
	for ctx.Err() == nil {
		rest := time.NewTimer(pause)
		q.deliver(ctx, q.due())
		q.sleep(ctx)
		select {
		case <-rest.C:
		case <-ctx.Done():
		}
	}
}

// sleep waits for the next attempt or for something new.
func (q *Queue) sleep(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		// It ends early only with the context.
		_ = q.options.Clock.Sleep(ctx, q.untilNext())
	}()
	select {
	case <-slept:
	case <-q.wake:
	}
	cancel()
	<-slept
}

// untilNext is how long it is until the next attempt.
func (q *Queue) untilNext() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	now, next := q.options.Clock.Now(), idle
	for _, d := range q.pending {
		next = min(next, max(d.Next.Sub(now), 0))
	}
	return next
}

// due lists what is to be tried now, oldest first.
func (q *Queue) due() []Delivery {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Clock.Now()
	return slices.DeleteFunc(slices.Clone(q.pending), func(d Delivery) bool { return d.Next.After(now) })
}

// deliver tries deliveries, a few at a time.
func (q *Queue) deliver(ctx context.Context, list []Delivery) {
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, atOnce)
	for _, d := range list {
		free <- struct{}{}
		if ctx.Err() != nil {
			return
		}
		working.Go(func() {
			defer func() { <-free }()
			q.try(ctx, d)
		})
	}
}

// try makes one attempt.
func (q *Queue) try(ctx context.Context, d Delivery) {
	d.Attempts++
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := q.targets.deliver(limited, d)
	if err != nil && ctx.Err() != nil {
		// The end of the local AWS is not the target's fault.
		return
	}
	result := delivered
	what := fmt.Sprintf("%s %s in %s: %s as %s", d.Kind, d.Maker, d.Region, d.TargetARN, d.ID)
	switch {
	case err == nil:
		q.logf("%s: delivered", what)
	case !final(err) && d.retry(q.options.Clock.Now()):
		result = toRetry
		q.logf("%s: attempt %d: %v", what, d.Attempts, err)
	default:
		result = givenUp
		q.logf("%s: given up after %d attempts: %v", what, d.Attempts, err)
	}
	d.count(q.options.Metrics, result)
	q.settle(d, result)
}

// settle keeps what an attempt has left to do.
func (q *Queue) settle(d Delivery, result outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := slices.IndexFunc(q.pending, func(p Delivery) bool { return p.ID == d.ID })
	if result == toRetry {
		q.pending[at] = d
	} else {
		q.pending = slices.Delete(q.pending, at, at+1)
	}
	q.save()
}

func (q *Queue) logf(format string, args ...any) {
	_, _ = fmt.Fprintf(q.options.Log, "deliveries: "+format+"\n", args...)
}
