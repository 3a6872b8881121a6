package transform

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/containerlogs"
	"sagehost/localaws/services/transform/processing"
)

// maxRequests is how many requests a job may have under way, which keeps it from taking all sockets of the machine.
const maxRequests = 1000

// run is one run of a job.
type run struct {
	*Jobs
	settings

	job *job
	// dataLog is the stream of what SageMaker itself tells of the job.
	dataLog   containerlogs.Stream
	fleet     Fleet
	processor *processing.Processor
	// scripted is what was asked to become of the job: a failure, or errHangs; nil when nothing was.
	scripted error
	// slots has a place for each request that may be under way.
	slots chan struct{}
	// free holds the batches, which bound the memory of a run: as many as there are slots, and one that is being filled
	// meanwhile. They are used again and again.
	free chan *batch
}

// newRun prepares a run. Its context ends when the job is stopped, or the service.
func (j *Jobs) newRun(made *job, s settings) (*run, context.Context) {
	ctx, stop := context.WithCancel(j.context)
	made.stop = stop
	width := min(s.concurrency, maxRequests) * s.instances
	width = min(width, maxRequests)
	r := &run{
		Jobs: j, settings: s, job: made, slots: make(chan struct{}, width), free: make(chan *batch, width+1),
	}
	for range cap(r.free) {
		r.free <- &batch{}
	}
	return r, ctx
}

// run carries the job out and sets its last status.
func (r *run) run(ctx context.Context, spec serving.Spec) {
	defer r.job.stop()
	r.dataLog = containerlogs.Stream{Region: r.job.Region, Group: spec.LogGroup, Name: spec.LogStream + "/data-log"}
	r.log("%s", r.summary())
	err := r.transform(ctx, spec)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.context.Err() != nil {
		// The service ends: the job stays as it is, so that the next process finds out.
		return
	}
	now := r.options.Clock.Now()
	switch {
	case r.job.Status == stopping:
		r.job.change(stopped, "", now)
	case err != nil:
		r.job.change(failed, reason(err), now)
	default:
		r.job.change(completed, "", now)
	}
	r.note("%s %s", r.job.Status, r.job.Reason)
	if err := r.save(); err != nil {
		r.note("the state could not be saved: %v", err)
	}
}

// log tells what SageMaker tells in the data log of a job.
func (r *run) log(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	r.note("%s", text)
	if r.options.Lines != nil {
		at := r.options.Clock.Now().UTC().Format("2006-01-02T15:04:05.000")
		r.options.Lines.Add(r.dataLog, at+":[sagemaker logs]: "+text)
	}
}

// note tells something to the log of the local AWS.
func (r *run) note(format string, args ...any) {
	// A log that cannot be written must not cost the job its result.
	_, _ = fmt.Fprintf(r.options.Log, "transform job %s: [sagemaker logs]: %s\n", r.job.Name, fmt.Sprintf(format, args...))
}

// transform transforms all objects. An object that fails does not keep the others from being transformed; the error is
// that of the first one in the order of the input.
func (r *run) transform(ctx context.Context, spec serving.Spec) error {
	if errors.Is(r.scripted, errHangs) {
		<-ctx.Done()
		return ctx.Err()
	}
	if r.scripted != nil {
		return r.scripted
	}
	if r.processes() {
		processor, err := processing.New(r.processing)
		if err != nil {
			return err
		}
		r.processor = processor
	}
	if err := r.measure(ctx, spec.RoleARN); err != nil {
		return err
	}
	fleet, err := r.options.Start(ctx, spec)
	if err != nil {
		return fmt.Errorf("start of model %s: %w", r.model, err)
	}
	defer fleet.Close()
	r.fleet = fleet
	return r.objects(ctx)
}

// objects transforms as many objects at once as there are slots.
func (r *run) objects(ctx context.Context) error {
	var workers sync.WaitGroup
	todo := make(chan source)
	failures := &failures{}
	for range cap(r.slots) {
		workers.Go(func() {
			for s := range todo {
				err := r.object(ctx, s)
				r.job.progress.objects.Add(1)
				if err != nil && ctx.Err() == nil {
					r.log("%v", err)
					failures.add(s.index, err)
				}
			}
		})
	}
	listing := r.each(ctx, func(s source) error {
		select {
		case todo <- s:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	close(todo)
	workers.Wait()
	if err := failures.first(); err != nil {
		return err
	}
	return listing
}

// failures remembers the first failure.
type failures struct {
	mu    sync.Mutex
	index int
	err   error
}

func (f *failures) add(index int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || index < f.index {
		f.index, f.err = index, err
	}
}

func (f *failures) first() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}
