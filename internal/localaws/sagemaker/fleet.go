package sagemaker

import (
	"context"
	"sync"
	"time"

	"sagehost/internal/localaws/metrics"
	"sagehost/internal/localaws/runtime"
	"sagehost/internal/localaws/serving"
)

// Fleet is the running containers of a variant.
type Fleet interface {
	runtime.Fleet
	// Watch tells what a multi-model container measures.
	Watch(func(event string, value float64))
	// PIDs are the containers' processes.
	PIDs() []int
	// Crash kills the containers.
	Crash()
	// Close ends them, once they have answered what they were asked.
	Close()
}

// Start makes a fleet and returns when its containers answer. Its error is a reason for the endpoint's failure.
type Start func(context.Context, serving.Spec) (Fleet, error)

// fleet is a Fleet that starts in the background.
type fleet struct {
	cancel context.CancelFunc
	// load counts the requests under way.
	load runtime.Load
	// done is closed once the start has ended; at, running and err are its result.
	done    chan struct{}
	at      time.Time
	running Fleet
	err     error
}

// fleets starts fleets and waits for their end.
type fleets struct {
	start Start
	clock func() time.Time
	ends  sync.WaitGroup
}

// launch starts a fleet and hands it, once it runs, to started. Where nothing is served it is ready at once.
func (s *fleets) launch(spec serving.Spec, started func(Fleet)) *fleet {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fleet{cancel: cancel, done: make(chan struct{})}
	if s.start == nil {
		close(f.done)
		return f
	}
	s.ends.Go(func() {
		if f.running, f.err = s.start(ctx, spec); f.err == nil {
			started(f.running)
		}
		f.at = s.clock()
		close(f.done)
		// Whoever has a fleet that runs ends it by cancelling its context.
		<-ctx.Done()
		if f.err == nil {
			f.running.Close()
		}
	})
	return f
}

// ready reports whether the start has ended, and how.
func (f *fleet) ready() (at time.Time, ended bool, err error) {
	select {
	case <-f.done:
		return f.at, true, f.err
	default:
		return time.Time{}, false, nil
	}
}

// Invoke waits until the fleet has started. It must only wait after the local AWS itself was started again.
func (f *fleet) Invoke(ctx context.Context, request *serving.Request) (*serving.Response, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if f.err != nil || f.running == nil {
		return nil, &serving.Refusal{Code: "ServiceUnavailable", Message: "The endpoint has no instance that is healthy."}
	}
	return f.running.Invoke(ctx, request)
}

// close ends a fleet in the background.
func (f *fleet) close() {
	if f != nil {
		f.cancel()
	}
}

// runs is the fleet once it has started; nil before, and when it did not.
func (f *fleet) runs() Fleet {
	if f == nil {
		return nil
	}
	if _, ended, err := f.ready(); !ended || err != nil {
		return nil
	}
	return f.running
}

// crash kills the containers of a fleet that runs.
func (f *fleet) crash() {
	if running := f.runs(); running != nil {
		running.Crash()
	}
}

// pids are the processes of a fleet that runs.
func (f *fleet) pids() []int {
	if running := f.runs(); running != nil {
		return running.PIDs()
	}
	return nil
}

// launch starts the containers of all variants of an endpoint.
func (c call) launch(endpoint string, d *deployment) {
	for _, v := range d.all() {
		region, name := c.name, v.Name
		v.fleet = c.fake.fleets.launch(v.Model, func(running Fleet) {
			if c.fake.metrics == nil {
				return
			}
			running.Watch(func(event string, value float64) {
				c.fake.metrics.Add(modelMetric(region, endpoint, name, event), value)
			})
		})
	}
}

// modelMetric is the metric of something that a multi-model container measures.
func modelMetric(region, endpoint, variant, event string) metrics.Metric {
	m := metrics.Metric{
		Region: region, Namespace: metrics.Invocations, Name: event, Unit: metrics.Microseconds,
		Dimensions: metrics.By("EndpointName", endpoint, "VariantName", variant),
	}
	switch event {
	case "ModelCacheHit":
		m.Unit = metrics.None
	case "LoadedModelCount":
		m.Namespace, m.Unit = metrics.Instances, metrics.None
	}
	return m
}
