package batchrun

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Looks begin soon after one another, for what is quick, and then come at most so often.
const (
	firstLook = 250 * time.Millisecond
	lastLook  = 5 * time.Second
	// lostLooks is how many looks in a row may fail: a run of hours outlives a short loss of the network.
	lostLooks = 5
)

// Progress is how far an execution is.
type Progress struct {
	// Elapsed is for how long it has run.
	Elapsed time.Duration
	// Job is the transform job that it runs now, or ran last; empty before there is one.
	Job string
	// Counts tells how far the job is; nil where that is not known, as on AWS.
	Counts *Counts
}

// Watch is how an execution is followed.
type Watch struct {
	// Show is told the progress after each look. Default: nil, nobody is.
	Show func(Progress)
	// Counts asks how far a transform job is. Default: nil, it is not known.
	Counts func(ctx context.Context, job string) (*Counts, error)
}

// StillRunning is returned when the waiting has ended and the execution has not.
type StillRunning struct {
	// Batch and Execution are their names.
	Batch, Execution string
	cause            error
}

// Error says what goes on, and how it is found again.
func (s *StillRunning) Error() string {
	return fmt.Sprintf("stopped waiting (%v); execution %s of batch %q goes on, see `sagehost batch list %s`",
		s.cause, s.Execution, s.Batch, s.Batch)
}

// Unwrap is why the waiting has ended.
func (s *StillRunning) Unwrap() error { return s.cause }

// Wait follows an execution to its end. That it failed is no error but its outcome. When ctx ends first, the execution
// goes on, and the error is a *StillRunning.
func (b *Batch) Wait(ctx context.Context, run *Execution, watch Watch) (*Outcome, error) {
	var progress Progress
	lost := 0
	for pause := firstLook; ; pause = min(pause*3/2, lastLook) {
		described, err := b.clients.States.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &run.ARN})
		switch {
		case ctx.Err() != nil:
			return nil, &StillRunning{b.Name, run.Name, ctx.Err()}
		case err != nil:
			if lost++; lost >= lostLooks {
				return nil, fmt.Errorf("execution %s of batch %q: %w", run.Name, b.Name, err)
			}
		case ended(described.Status):
			b.look(ctx, run, watch, &progress)
			return b.outcome(ctx, run, described, progress)
		default:
			lost = 0
			b.look(ctx, run, watch, &progress)
		}
		select {
		case <-ctx.Done():
			return nil, &StillRunning{b.Name, run.Name, ctx.Err()}
		case <-time.After(pause):
		}
	}
}

func ended(status types.ExecutionStatus) bool {
	return status != types.ExecutionStatusRunning && status != types.ExecutionStatusPendingRedrive
}

// look finds out how far an execution is, and shows it. What cannot be found out is left as it was: it is no reason to
// stop waiting.
func (b *Batch) look(ctx context.Context, run *Execution, watch Watch, progress *Progress) {
	progress.Elapsed = time.Since(run.Started)
	if watch.Counts != nil {
		if job, err := b.job(ctx, run.ARN); err == nil && job != progress.Job {
			progress.Job, progress.Counts = job, nil
		}
		if progress.Job != "" {
			if counts, err := watch.Counts(ctx, progress.Job); err == nil && counts != nil {
				progress.Counts = counts
			}
		}
	}
	if watch.Show != nil {
		watch.Show(*progress)
	}
}

// job is the transform job that an execution has begun last; empty when there is none yet.
func (b *Batch) job(ctx context.Context, arn string) (string, error) {
	pages := sfn.NewGetExecutionHistoryPaginator(b.clients.States, &sfn.GetExecutionHistoryInput{
		ExecutionArn: &arn, ReverseOrder: true, IncludeExecutionData: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for i := range page.Events {
			details := page.Events[i].TaskScheduledEventDetails
			if details == nil || !strings.HasPrefix(aws.ToString(details.Resource), "createTransformJob") {
				continue
			}
			if name := member(aws.ToString(details.Parameters), "TransformJobName"); name != "" {
				return name, nil
			}
		}
	}
	return "", nil
}
