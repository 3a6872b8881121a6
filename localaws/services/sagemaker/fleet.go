package sagemaker

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/runtime"
)

// Fleet is the running containers of a variant.
type Fleet interface {
	runtime.Fleet
	// Watch tells what a multi-model container measures.
	Watch(func(event string, value float64))
	// TimedOut names the container that did not answer in time, by what Invoke has returned.
	TimedOut(err error) *serving.ModelError
	// PIDs are the containers' processes.
	PIDs() []int
	// Folder is what the containers have on their disk.
	Folder() string
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
	// done is closed once the first start has ended; at and err are its result.
	done chan struct{}
	at   time.Time
	err  error
	// running is set once the containers run.
	running atomic.Pointer[Fleet]
}

// fleets starts fleets and waits for their end.
type fleets struct {
	start Start
	clock func() time.Time
	ends  sync.WaitGroup
}

// launch starts a fleet and hands it, once it runs, to started. Where nothing is served it is ready at once. A fleet
// that has run before is started again and again until it runs: at AWS, its instances would still be there.
func (s *fleets) launch(spec serving.Spec, ranBefore bool, started func(Fleet)) *fleet {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fleet{cancel: cancel, done: make(chan struct{})}
	if s.start == nil {
		close(f.done)
		return f
	}
	s.ends.Go(func() {
		running, err := s.start(ctx, spec)
		f.err, f.at = err, s.clock()
		if err == nil {
			f.runs(running, started)
		}
		close(f.done)
		for wait := firstWait; err != nil && ranBefore && sleep(ctx, wait) == nil; wait = min(2*wait, lastWait) {
			if running, err = s.start(ctx, spec); err == nil {
				f.runs(running, started)
			}
		}
		// Whoever has a fleet that runs ends it by cancelling its context.
		<-ctx.Done()
		if err == nil {
			running.Close()
		}
	})
	return f
}

// How long a fleet that ran before waits until it is started again, in the world's time.
const (
	firstWait = time.Second
	lastWait  = 30 * time.Second
)

func sleep(ctx context.Context, span time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(span):
		return nil
	}
}

// runs takes note of a fleet that has started.
func (f *fleet) runs(running Fleet, started func(Fleet)) {
	started(running)
	f.running.Store(&running)
}

// ready reports whether the first start has ended, and how.
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
	running := f.now()
	if running == nil {
		return nil, &serving.Refusal{Code: "ServiceUnavailable", Message: "The endpoint has no instance that is healthy."}
	}
	return running.Invoke(ctx, request)
}

// TimedOut names the container that has not answered in time; nil when there is none yet.
func (f *fleet) TimedOut(err error) *serving.ModelError {
	if running := f.now(); running != nil {
		return running.TimedOut(err)
	}
	return nil
}

// close ends a fleet in the background.
func (f *fleet) close() {
	if f != nil {
		f.cancel()
	}
}

// now is the fleet once it has started; nil before, and when it did not.
func (f *fleet) now() Fleet {
	if f == nil {
		return nil
	}
	if running := f.running.Load(); running != nil {
		return *running
	}
	return nil
}

// crash kills the containers of a fleet that runs.
func (f *fleet) crash() {
	if running := f.now(); running != nil {
		running.Crash()
	}
}

// usage is what of the machine belongs to a fleet; false while none of its processes runs.
func (f *fleet) usage() (pids []int, folder string, runs bool) {
	running := f.now()
	if running == nil {
		return nil, "", false
	}
	pids = running.PIDs()
	return pids, running.Folder(), len(pids) > 0
}

// launch starts the containers of all variants of an endpoint. They may have run before, in an earlier process.
func (c call) launch(endpoint string, d *deployment, ranBefore bool) {
	for _, v := range d.all() {
		region, name := c.name, v.Name
		v.fleet = c.fake.fleets.launch(v.Model, ranBefore, func(running Fleet) {
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
