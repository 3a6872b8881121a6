package batchrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Outcome is how an execution ended.
type Outcome struct {
	// Execution is what ended.
	Execution
	// Error is the name of what went wrong, as Step Functions calls it; empty when it succeeded.
	Error string
	// Reason is what went wrong in words: of a transform job that failed, its FailureReason.
	Reason string
	// Duration is from its start to its end.
	Duration time.Duration
	// Read is what there is at its input now, Written what it has written, without marks and manifests.
	Read, Written Size
	// Records is how many have their predictions; nil where that is not known, as on AWS.
	Records *int64
}

// Failed is the reason as an error; nil when the execution succeeded.
func (o *Outcome) Failed() error {
	if o.Status == types.ExecutionStatusSucceeded {
		return nil
	}
	text := strings.TrimSuffix(o.Error+": "+o.Reason, ": ")
	if text = strings.TrimPrefix(text, ": "); text == "" {
		text = "no reason is given"
	}
	return fmt.Errorf("execution %s ended with %s: %s", o.Name, o.Status, text)
}

func (b *Batch) outcome(
	ctx context.Context, run *Execution, d *sfn.DescribeExecutionOutput, progress Progress,
) (*Outcome, error) {
	o := &Outcome{Execution: *run, Error: aws.ToString(d.Error), Reason: reason(aws.ToString(d.Cause))}
	o.Status, o.Started, o.Ended = d.Status, aws.ToTime(d.StartDate), aws.ToTime(d.StopDate)
	o.Duration = o.Ended.Sub(o.Started)
	if progress.Counts != nil {
		o.Records = &progress.Counts.Records
	}
	if o.Status == types.ExecutionStatusSucceeded {
		o.Output = b.OutputURI(run.Name)
	}
	place := b.declared()
	if run.Input != nil {
		place = *run.Input
	}
	read, readErr := b.size(ctx, place)
	written, writtenErr := b.count(ctx, Place{Bucket: b.Bucket, Prefix: b.Output(run.Name)}, isPrediction)
	if err := errors.Join(readErr, writtenErr); err != nil {
		return nil, fmt.Errorf("execution %s of batch %q ended with %s: %w", run.Name, b.Name, o.Status, err)
	}
	if read != nil { // an object may have been deleted meanwhile
		o.Read = *read
	}
	o.Written = *written
	return o, nil
}

// isPrediction tells what a transform job has written: it appends ".out" to the name of each object that it read.
func isPrediction(key string) bool { return strings.HasSuffix(key, ".out") }

// reason is a cause in words. The cause of a job that failed is its description as JSON, and one that is passed on may
// be JSON within JSON.
func reason(cause string) string {
	for range 5 {
		inner := ""
		for _, name := range []string{"FailureReason", "Cause", "errorMessage"} {
			if inner = member(cause, name); inner != "" {
				break
			}
		}
		if inner == "" {
			break
		}
		cause = inner
	}
	return strings.TrimSpace(cause)
}

// member is a text that is a member of an object in JSON; empty when there is none.
func member(text, name string) string {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return ""
	}
	value, _ := object[name].(string)
	return value
}
