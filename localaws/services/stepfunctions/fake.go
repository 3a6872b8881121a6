// Package stepfunctions is a fake of AWS Step Functions whose standard workflows run: package asl reads and runs their
// definitions, and package integrations is what their Tasks do.
package stepfunctions

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/stepfunctions/asl"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// APIVersion is the version of the API that the fake speaks.
const APIVersion = "2016-11-23"

// Options says how to make a Fake. All of it is needed, but for State.
type Options struct {
	Clock *clock.Clock
	// Catalog is what Tasks can do.
	Catalog asl.Catalog
	// Metrics takes what executions come to.
	Metrics metrics.Sink
	// Logs takes what state machines log of executions that have ended.
	Logs Logs
	// State keeps state machines and executions over a restart; the empty one does not.
	State state.Dir
	Log   io.Writer
}

// Fake answers requests to AWS Step Functions, and runs executions. Regions are apart from each other.
type Fake struct {
	awsjson.Service
	options Options

	context context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	machines map[string]*machine
	// executions are by their ARN.
	executions map[string]*execution
}

// New makes a Fake without state machines.
func New(options Options) *Fake {
	ctx, stop := context.WithCancel(context.Background())
	f := &Fake{
		options: options, context: ctx, stop: stop, machines: map[string]*machine{}, executions: map[string]*execution{},
	}
	f.Service = awsjson.Service{
		Prefix: "AWSStepFunctions", Version: "1.0", Operations: f.operations(), Other: http.HandlerFunc(unknown),
		Log: options.Log,
	}
	return f
}

// unknown answers operations that the fake does not have.
func unknown(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	// A client that has gone needs no answer.
	_, _ = io.WriteString(w, `{"__type":"UnknownOperationException"}`)
}

// Close ends the executions where they are; a Fake with the same State goes on with them. No operation may be called
// after it.
func (f *Fake) Close() {
	f.stop()
	f.running.Wait()
}

// logged tells of an error that no request is answered with, if there is one.
func (f *Fake) logged(err error) {
	if err != nil {
		// A log that cannot be written is no reason to stop.
		_, _ = fmt.Fprintf(f.options.Log, "%s: %v\n", f.Prefix, err)
	}
}
