package evaluation

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation/heldout"
)

// What is kept with the rows that a run predicts, so that it can be told later what they are of.
const (
	metadataSet   = "held-out-sha256"
	metadataLabel = "held-out-label"
)

// metadata is that of the object with a set's rows. A name may have characters that metadata cannot have.
func metadata(set *heldout.Set) map[string]string {
	return map[string]string{metadataSet: set.SHA256, metadataLabel: url.QueryEscape(set.Label)}
}

// resume waits for a run that an earlier evaluation has started, which must be on the rows of the same set and by the
// model that the batch runs now. Job is what its job was like.
func (r *Request) resume(ctx context.Context, set *heldout.Set) (*batchrun.Job, *batchrun.Outcome, error) {
	run, err := r.Batch.Execution(ctx, r.Run)
	if err != nil {
		return nil, nil, err
	}
	if err := r.sameRows(ctx, set, run); err != nil {
		return nil, nil, err
	}
	outcome, err := r.wait(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	job, err := r.Batch.JobOf(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	now, err := r.Batch.Job(ctx)
	if err != nil {
		return nil, nil, err
	}
	if job.ModelName != now.ModelName {
		return nil, nil, fmt.Errorf("run %s is of model %s, and batch %q runs %s now; evaluate that one anew",
			run.Name, job.ModelName, r.Batch.Name, now.ModelName)
	}
	return job, outcome, nil
}

// sameRows reports a run that is not on the rows of a set.
func (r *Request) sameRows(ctx context.Context, set *heldout.Set, run *batchrun.Execution) error {
	in := run.Input
	own := r.Batch.Folder() + batchrun.EvaluationFolder
	if in == nil || in.Bucket != r.Batch.Bucket || !strings.HasPrefix(in.Key, own) {
		return fmt.Errorf("run %s of batch %q is not one of an evaluation", run.Name, r.Batch.Name)
	}
	head, err := r.Objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &in.Bucket, Key: &in.Key})
	if err != nil {
		return fmt.Errorf("the rows of run %s, %s: %w", run.Name, in.URI(), err)
	}
	for name, want := range metadata(set) {
		if head.Metadata[name] != want {
			return fmt.Errorf("run %s is not on the rows of %s without %q: its set had the SHA-256 %s and the label %s",
				run.Name, r.Data, set.Label, head.Metadata[metadataSet], head.Metadata[metadataLabel])
		}
	}
	return nil
}
