// Package runtime is a fake of the SageMaker Runtime API: it hands invocations to the fleets behind endpoints.
package runtime

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/world/clock"
)

// Topics publishes messages to SNS.
type Topics interface {
	Publish(ctx context.Context, region, topicARN, subject, message string) error
}

// Options are what a Runtime works with. All are needed.
type Options struct {
	Endpoints Endpoints
	// Metrics takes what CloudWatch shows of invocations.
	Metrics metrics.Sink
	// Objects holds the input and output of asynchronous invocations, and captured data.
	Objects *objects.Store
	Topics  Topics
	// Clock times what AWS documents in seconds: time limits, ages, the minutes of metrics and captured data.
	// Latencies are measured in the world's time, because containers run in it.
	Clock *clock.Clock
	// Log gets a line for each failure of the runtime itself; models' failures are for their clients.
	Log io.Writer
	// Other takes the requests that are for no operation of the runtime.
	Other http.Handler
}

// Runtime answers the operations of the SageMaker Runtime API.
type Runtime struct {
	Options

	captures *captures
	backlog  *backlog
	sessions sessions
	buffers  buffers
}

// New makes a runtime. Asynchronous invocations and captured data wait for Run.
func New(options Options) *Runtime {
	return &Runtime{Options: options, captures: newCaptures(options), backlog: newBacklog()}
}

// operation finds an operation by the last part of its path; nil when there is none.
func (r *Runtime) operation(action string) func(*exchange) error {
	switch action {
	case "invocations":
		return r.invoke
	case "async-invocations":
		return r.invokeAsync
	case "invocations-response-stream":
		return r.stream
	default:
		return nil
	}
}

// ServeHTTP answers one request.
func (r *Runtime) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	name, action, ok := target(request.URL.Path)
	operation := r.operation(action)
	if !ok || operation == nil || request.Method != http.MethodPost {
		r.Other.ServeHTTP(w, request)
		return
	}
	x := newExchange(w, request, name)
	defer func() {
		if fault := recover(); fault != nil {
			_, _ = fmt.Fprintf(r.Log, "runtime: %s of %s panicked: %v\n%s", action, name, fault, debug.Stack())
			x.fail(failuref(internalFailure, "The request failed: %v", fault))
		}
	}()
	if err := operation(x); err != nil && request.Context().Err() == nil {
		told := x.failure(err)
		if told.status() == http.StatusInternalServerError {
			_, _ = fmt.Fprintf(r.Log, "runtime: %s of %s: %s: %v\n", action, name, x.id, err)
		}
		x.fail(told)
	}
}

// stream refuses what needs an event stream of HTTP/2. SageMaker has no words for this refusal.
func (r *Runtime) stream(x *exchange) error {
	return invalid("Endpoint %s can not be invoked with InvokeEndpointWithResponseStream here: "+
		"the local runtime does not stream responses. Use InvokeEndpoint.", x.name)
}

// target takes "/endpoints/<name>/<action>" apart.
func target(path string) (name, action string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/endpoints/")
	name, action, found := strings.Cut(rest, "/")
	return name, action, ok && found
}

// Run works on asynchronous invocations, writes captured data and publishes what is due every minute, until the
// context ends. It returns when the captured data is written and asynchronous invocations have stopped; those that were
// not finished are lost, as is what waits.
func (r *Runtime) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, part := range []func(context.Context){r.work, r.minutes, r.captures.write} {
		running.Go(func() { part(ctx) })
	}
	running.Wait()
}

// minutes does what is due every minute.
func (r *Runtime) minutes(ctx context.Context) {
	for r.Clock.Sleep(ctx, time.Minute) == nil {
		r.captures.cutAll()
		for _, endpoint := range r.Endpoints.All() {
			r.gauge(endpoint)
		}
	}
}

// within bounds a context by a span of the clock, at the speed that it has now.
func (r *Runtime) within(ctx context.Context, span time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, r.Clock.Limit(span))
}

// guard keeps a fault in a goroutine of its own from taking the process down.
func (r *Runtime) guard(what string) {
	if fault := recover(); fault != nil {
		_, _ = fmt.Fprintf(r.Log, "runtime: %s panicked: %v\n%s", what, fault, debug.Stack())
	}
}
