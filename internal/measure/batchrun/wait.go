package batchrun

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Looks begin soon after one another, for what is quick, and then come at most so often.
const (
	firstLook = 250 * time.Millisecond
	lastLook  = 5 * time.Second
	// lostFor is how long all looks may fail: a run of hours outlives the loss of a network.
	lostFor = 5 * time.Minute
)

// Progress is how far an execution is.
type Progress struct {
	// Elapsed is for how long it has run.
	Elapsed time.Duration
	// Job is the transform job that it runs now, or ran last; empty before there is one.
	Job string
	// Attempt is which of the execution's jobs it is, counted from 1; 0 where the job's name does not tell it.
	Attempt int
	// Waiting is why no job runs now: the error after which a job is created again, which of a job that has failed is
	// States.TaskFailed, or else the Wait state that the execution is in. Empty while it does not wait.
	Waiting string
	// Counts tells how far the job is; nil where that is not known, as on AWS.
	Counts *Counts
}

// Watch is how an execution is followed.
type Watch struct {
	// Show is told the progress after each look. Default: nil, nobody is.
	Show func(Progress)
	// Counts asks how far a transform job is. Default: nil, it is not known.
	Counts func(ctx context.Context, job string) (*Counts, error)
	// Done is told that nothing more will be shown. Default: nil, nobody is.
	Done func()
}

// StillRunning is returned when the waiting has ended and the execution has not.
type StillRunning struct {
	// Batch and Execution are their names.
	Batch, Execution string
	// See is the command that lists the latest executions.
	See   string
	cause error
}

// Error says what goes on, and how it is found again.
func (s *StillRunning) Error() string {
	return fmt.Sprintf("stopped waiting (%v); execution %s of batch %q goes on, see `%s`",
		s.cause, s.Execution, s.Batch, s.See)
}

// Unwrap is why the waiting has ended.
func (s *StillRunning) Unwrap() error { return s.cause }

// Wait follows an execution to its end. That it failed is no error but its outcome. When ctx ends first, or nothing has
// been heard of the execution for five minutes, it goes on, and the error is a *StillRunning.
func (b *Batch) Wait(ctx context.Context, run *Execution, watch Watch) (*Outcome, error) {
	if watch.Done != nil {
		defer watch.Done()
	}
	var progress Progress
	var lost time.Time
	for pause := firstLook; ; pause = min(pause*3/2, lastLook) {
		described, err := b.clients.States.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &run.ARN})
		switch {
		case ctx.Err() != nil:
			return nil, &StillRunning{b.Name, run.Name, b.seeRuns(), ctx.Err()}
		case err != nil:
			if lost.IsZero() {
				lost = time.Now()
			} else if time.Since(lost) >= lostFor {
				return nil, &StillRunning{b.Name, run.Name, b.seeRuns(), err}
			}
		case ended(described.Status):
			b.look(ctx, run, watch, &progress)
			return b.outcome(ctx, run, described, progress), nil
		default:
			lost = time.Time{}
			b.look(ctx, run, watch, &progress)
		}
		select {
		case <-ctx.Done():
			return nil, &StillRunning{b.Name, run.Name, b.seeRuns(), ctx.Err()}
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
	if watch.Show != nil || watch.Counts != nil {
		if now, err := b.activity(ctx, run.ARN); err == nil {
			if now.job != progress.Job {
				progress.Counts = nil
			}
			progress.Job, progress.Attempt, progress.Waiting = now.job, attempt(now.job), now.waiting
		}
	}
	if watch.Counts != nil && progress.Job != "" {
		if counts, err := watch.Counts(ctx, progress.Job); err == nil && counts != nil {
			progress.Counts = counts
		}
	}
	if watch.Show != nil {
		watch.Show(*progress)
	}
}
