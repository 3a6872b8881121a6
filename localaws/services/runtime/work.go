package runtime

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/localaws/services/cloudwatch/metrics"
)

const (
	// workersEach is how many requests an instance works on at once where the endpoint configuration does not say.
	workersEach = 4
	// lookEvery is how often, in the world's time, the dispatcher looks for requests that have expired and for
	// instances that were added; of new requests and free workers it is told.
	lookEvery = 50 * time.Millisecond
)

// work hands asynchronous invocations to workers until the context ends, and waits for the workers.
func (r *Runtime) work(ctx context.Context) {
	var workers sync.WaitGroup
	defer workers.Wait()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		case <-r.backlog.wake:
		}
		for _, key := range r.backlog.keys() {
			r.dispatch(ctx, key, &workers)
		}
	}
}

// dispatch starts the requests of one endpoint for which there are workers.
func (r *Runtime) dispatch(ctx context.Context, key queueKey, workers *sync.WaitGroup) {
	endpoint, ok := r.Endpoints.Serving(key.region, key.endpoint)
	if !ok || endpoint.Async == nil {
		if lost := r.backlog.forget(key); lost > 0 {
			_, _ = fmt.Fprintf(r.Log, "runtime: lost with it: %s for endpoint %s\n",
				english.Plural(lost, "request", ""), key.endpoint)
		}
		return
	}
	if late := r.backlog.expired(key, r.Clock.Now()); len(late) > 0 {
		workers.Go(func() {
			defer r.guard("the expiry of requests for " + key.endpoint)
			for _, j := range late {
				r.expire(ctx, endpoint, j)
			}
		})
	}
	each := endpoint.Async.MaxConcurrent
	if each == 0 {
		each = workersEach
	}
	for _, next := range r.backlog.take(key, endpoint.instances()*each) {
		workers.Go(func() {
			defer r.backlog.done(key, next)
			defer r.guard("an asynchronous invocation of " + key.endpoint)
			r.process(ctx, endpoint, next)
		})
	}
}

// process works on one request and tells what became of it.
func (r *Runtime) process(ctx context.Context, endpoint *Endpoint, j *job) {
	variant := manned(endpoint)
	m := r.meter(endpoint, variant)
	m.add("TimeInBacklog", metrics.Milliseconds, milliseconds(r.Clock.Now().Sub(j.received)))
	a := &attempt{runtime: r, endpoint: endpoint, variant: variant, job: j, meter: &m}
	err := a.run(ctx)
	if err != nil && ctx.Err() != nil {
		// The local AWS is stopping; nobody is there to be told.
		return
	}
	a.conclude(ctx, err)
	m.add("InvocationsProcesssed", metrics.Count, 1)
	m.add("TotalProcessingTime", metrics.Milliseconds, milliseconds(r.Clock.Now().Sub(j.received)))
}

// manned picks a variant that has instances, by weight.
func manned(endpoint *Endpoint) *Variant {
	var able []*Variant
	for _, v := range endpoint.Variants {
		if v.Instances > 0 {
			able = append(able, v)
		}
	}
	if v := weigh(able); v != nil {
		return v
	}
	return endpoint.Variants[0]
}

// expire fails a request that has waited for too long.
func (r *Runtime) expire(ctx context.Context, endpoint *Endpoint, j *job) {
	m := r.meter(endpoint, endpoint.Variants[0])
	m.add("ExpiredRequests", metrics.Count, 1)
	a := &attempt{runtime: r, endpoint: endpoint, variant: endpoint.Variants[0], job: j, meter: &m}
	a.conclude(ctx, fmt.Errorf("ClientError: The request has been in the queue for more than its time to live of %d "+
		"seconds", j.in.ttl))
}

func milliseconds(span time.Duration) float64 { return float64(span) / float64(time.Millisecond) }
