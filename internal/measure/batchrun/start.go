package batchrun

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Execution is one run of a batch.
type Execution struct {
	// Name names it among the runs of its batch.
	Name string
	// ARN names it everywhere.
	ARN string
	// Input is what it was asked to read; nil for the declared input.
	Input *Place
	// Started is when it began, Ended when it came to its end; zero while it runs.
	Started, Ended time.Time
	// Status is RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE.
	Status types.ExecutionStatus
	// Output is the s3:// URI of its predictions; empty unless it succeeded, since what others have written is no result.
	Output string
}

// Request is what to run.
type Request struct {
	// Input is the s3:// URI of an object or of a prefix, which must be beneath the declared input, or beneath "input/" or
	// EvaluationFolder of the batch's own folder. Default: empty, the declared input.
	Input string
	// Name names the execution: at most 80 letters, digits, hyphens and underscores, other than any of the last 90 days.
	// Default: empty, a new one that begins with "manual-".
	Name string
}

// executionName leaves out what cannot be logged.
var executionName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// NewName makes a name that no other execution has: what it begins with, the time in UTC, and digits at random.
func NewName(kind string, now time.Time) string {
	digits := make([]byte, 4)
	_, _ = rand.Read(digits) // it never fails
	return kind + "-" + now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(digits)
}

// Start starts an execution, after it has found its input.
func (b *Batch) Start(ctx context.Context, request Request) (*Execution, error) {
	run, err := b.start(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: %w", b.Name, b.Stack, err)
	}
	return run, nil
}

func (b *Batch) start(ctx context.Context, request Request) (*Execution, error) {
	name := request.Name
	if name == "" {
		name = NewName("manual", time.Now())
	}
	if !executionName.MatchString(name) {
		return nil, fmt.Errorf("the name %q is not one of 1 to 80 letters, digits, hyphens and underscores", name)
	}
	place, err := b.input(ctx, request.Input)
	if err != nil {
		return nil, err
	}
	started, err := b.clients.States.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &b.StateMachineARN, Name: &name, Input: aws.String(executionInput{place}.String()),
	})
	if _, taken := errors.AsType[*types.ExecutionAlreadyExists](err); taken {
		return nil, fmt.Errorf("an execution was named %q within the last 90 days", name)
	}
	if err != nil {
		return nil, err
	}
	return &Execution{
		Name: name, ARN: aws.ToString(started.ExecutionArn), Input: place, Started: aws.ToTime(started.StartDate),
		Status: types.ExecutionStatusRunning,
	}, nil
}

// List is the latest executions, the last one first, at most so many.
func (b *Batch) List(ctx context.Context, most int) ([]Execution, error) {
	var runs []Execution
	pages := sfn.NewListExecutionsPaginator(b.clients.States, &sfn.ListExecutionsInput{
		StateMachineArn: &b.StateMachineARN, MaxResults: int32(min(max(most, 1), 1000)),
	})
	for pages.HasMorePages() && len(runs) < most {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("executions of batch %q of stack %s: %w", b.Name, b.Stack, err)
		}
		for i := range page.Executions {
			item := &page.Executions[i]
			run := Execution{
				Name: aws.ToString(item.Name), ARN: aws.ToString(item.ExecutionArn), Status: item.Status,
				Started: aws.ToTime(item.StartDate), Ended: aws.ToTime(item.StopDate),
			}
			if run.Status == types.ExecutionStatusSucceeded {
				run.Output = b.OutputURI(run.Name)
			}
			runs = append(runs, run)
		}
	}
	return runs[:min(len(runs), most)], nil
}
