package localaws

import (
	"context"
	"path"
	"sync"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/containers/usage"
	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/services/transform"
)

// batch is the containers of transform jobs.
type batch struct {
	start sagemaker.Start

	mu      sync.Mutex
	running map[*jobFleet]bool
}

// jobFleet is the containers of one job.
type jobFleet struct {
	sagemaker.Fleet
	batch *batch
	spec  serving.Spec
}

// Start runs the containers of a job.
func (b *batch) Start(ctx context.Context, spec serving.Spec) (transform.Fleet, error) {
	if b.start == nil {
		return nil, &serving.FailedStart{Reason: "There is no checkout with programs that stand for images."}
	}
	started, err := b.start(ctx, spec)
	if err != nil {
		return nil, err
	}
	fleet := &jobFleet{Fleet: started, batch: b, spec: spec}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running[fleet] = true
	return fleet, nil
}

// Close ends the containers.
func (f *jobFleet) Close() {
	f.batch.mu.Lock()
	delete(f.batch.running, f)
	f.batch.mu.Unlock()
	f.Fleet.Close()
}

// Containers lists what runs for jobs.
func (b *batch) Containers() []usage.Running {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []usage.Running
	for fleet := range b.running {
		// The name of a job's fleet ends in the job's.
		list = append(list, usage.Running{
			Region: fleet.spec.Region, Job: path.Base(fleet.spec.Name), PIDs: fleet.PIDs(),
		})
	}
	return list
}
