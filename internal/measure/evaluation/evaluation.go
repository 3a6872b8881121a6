// Package evaluation measures a model on rows that it has never seen, through the same batch that runs in the stack.
package evaluation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/gates"
	"sagehost/internal/release/metrics"
)

// Objects is what is needed of a client of Amazon S3; *s3.Client has it.
type Objects interface {
	heldout.Objects
	transfermanager.S3APIClient
	s3.ListObjectsV2APIClient
}

// Request is what to evaluate, and how.
type Request struct {
	// Batch is the batch that runs the model.
	Batch *batchrun.Batch
	// Objects reads and writes objects.
	Objects Objects
	// Data is the held-out set: a file or the s3:// URI of an object, of comma-separated values with a header; one whose
	// name ends with ".gz" is unpacked. Required.
	Data string
	// Label is the name of the column that holds what is true. Required.
	Label string
	// Kind is what the model answers with. Default: empty, what the labels look like (see heldout.Scan).
	Kind metrics.Kind
	// Positive is the class of two that AUC and ROC are of. Default: empty, the last by name.
	Positive string
	// Threshold is for models that answer with one number, the probability of the positive class of two: from it on, that
	// class is predicted. Range: 0 to 1. Default: nil, answers name classes.
	Threshold *float64
	// Run is the name of an execution that an earlier evaluation of the same set has started: nothing is started then, and
	// its predictions are compared. Default: empty, there is a new one.
	Run string
	// Watch is how the job is followed. Default: in silence.
	Watch batchrun.Watch
	// Step is told in a few words what is done next. Default: nil, nobody is.
	Step func(text string)
}

// Result is what was measured.
type Result struct {
	// Summary is the metrics.
	Summary *metrics.Summary
	// Data is the SHA-256 of the held-out set as it is stored, Source where it is.
	Data, Source string
	// Label is the name of the label's column.
	Label string
	// Threshold is that of the request.
	Threshold *float64
	// Outcome is how the batch's execution ended.
	Outcome *batchrun.Outcome
	// Ended is when the measurement ended; of an earlier run, when its predictions were complete.
	Ended time.Time
}

// Measured is the result as limits are held against.
func (r *Result) Measured() gates.Measured {
	return gates.Measured{Data: r.Data, Values: r.Summary.Measurements(), Missing: r.Summary.Missing}
}

// Run evaluates a model: it checks the held-out set, writes its rows without the label to Amazon S3, has them predicted
// by the batch, and compares. Nothing is written or started for a set that is not sound. When ctx ends while the batch
// runs, it goes on, and the error matches *batchrun.StillRunning.
func Run(ctx context.Context, r Request) (*Result, error) {
	source, err := heldout.Locate(r.Objects, r.Data)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]metrics.Kind{"", metrics.Classification, metrics.Regression}, r.Kind) {
		return nil, fmt.Errorf("kind %q is not classification or regression", r.Kind)
	}
	r.step("reading " + r.Data)
	set, err := heldout.Scan(ctx, source, r.Label, r.Kind)
	if err != nil {
		return nil, err
	}
	m, err := newMeasure(set, r.Positive, r.Threshold)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Data, err)
	}
	job, outcome, err := r.run(ctx, set)
	if err != nil {
		return nil, err
	}
	r.step("comparing predictions with labels")
	summary, err := r.compare(ctx, set, m, job, outcome)
	if err != nil {
		return nil, again(err, outcome.Name)
	}
	result := &Result{
		Summary: summary, Data: set.SHA256, Source: r.Data, Label: r.Label, Threshold: r.Threshold, Outcome: outcome,
		Ended: time.Now(),
	}
	if r.Run != "" && outcome.Ended.Before(result.Ended) {
		result.Ended = outcome.Ended
	}
	return result, nil
}

// run has the rows of a set predicted, or finds the run that has predicted them.
func (r *Request) run(ctx context.Context, set *heldout.Set) (*batchrun.Job, *batchrun.Outcome, error) {
	if r.Run != "" {
		r.step("looking for " + r.Run)
		return r.resume(ctx, set)
	}
	job, err := r.Batch.Job(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := fits(ctx, r.Batch.Name, job, set); err != nil {
		return nil, nil, err
	}
	outcome, err := r.predict(ctx, set, job)
	return job, outcome, err
}

func (r *Request) step(text string) {
	if r.Step != nil {
		r.Step(text)
	}
}
