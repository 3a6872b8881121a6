// Package transform is SageMaker's batch transform: the operations on transform jobs, and the engine that runs the
// jobs.
package transform

import (
	"context"
	"io"
	"iter"
	"sync"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// Models knows the models of SageMaker.
type Models interface {
	// Model finds what to serve for a model; the error is as DescribeModel would word it.
	Model(region, name string) (serving.Spec, error)
}

// Fleet is the running containers of a model.
type Fleet interface {
	Invoke(ctx context.Context, request *serving.Request) (*serving.Response, error)
	Close()
}

// Objects is S3; see objects.Store.
type Objects interface {
	Get(ctx context.Context, region, uri string) (*objects.Object, error)
	List(ctx context.Context, region, prefix string) iter.Seq2[objects.Entry, error]
	Put(ctx context.Context, region, uri string, content io.Reader, meta objects.Meta) error
}

// Options says how to make Jobs. All of it is needed, but for State and Lines.
type Options struct {
	Models Models
	// Start runs the containers of a model; it returns when they are ready for requests.
	Start   func(context.Context, serving.Spec) (Fleet, error)
	Objects Objects
	Clock   *clock.Clock
	// State keeps the jobs over a restart; the empty one does not.
	State state.Dir
	// Log gets what SageMaker writes to the log of a job.
	Log io.Writer
	// Lines gets it too, for CloudWatch Logs.
	Lines serving.Lines
}

// Jobs is all transform jobs. Regions are apart from each other.
type Jobs struct {
	options Options
	context context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	jobs map[key]*job
	// scripts are what is to become of the next job of a region.
	scripts map[string]error
}

// New loads the jobs of earlier processes. Those that were running then are Failed.
func New(options Options) (*Jobs, error) {
	ctx, stop := context.WithCancel(context.Background())
	j := &Jobs{options: options, context: ctx, stop: stop, jobs: map[key]*job{}, scripts: map[string]error{}}
	if err := j.load(); err != nil {
		stop()
		return nil, err
	}
	return j, nil
}

// Close stops the running jobs, and waits until they have ended. A later process finds them Failed. No operation may be
// called after it.
func (j *Jobs) Close() {
	j.stop()
	j.running.Wait()
}

// Operations are the operations of SageMaker that are about transform jobs.
func (j *Jobs) Operations() map[string]awsjson.Operation {
	table := []struct {
		name  string
		input shape.Shape
		run   func(awsjson.Call) (awsjson.Object, error)
	}{
		{"CreateTransformJob", createInput, j.create},
		{"DescribeTransformJob", namedInput, j.describe},
		{"ListTransformJobs", listInput, j.list},
		{"StopTransformJob", namedInput, j.stopJob},
	}
	operations := map[string]awsjson.Operation{}
	for _, row := range table {
		operations[row.name] = awsjson.Operation{Input: row.input, Run: row.run}
	}
	return operations
}
