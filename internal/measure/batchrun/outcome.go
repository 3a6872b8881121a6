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
	// Read is what there is at its input now, Written what it has written, without marks and manifests; nil where that
	// could not be counted.
	Read, Written *Size
	// Uncounted is why Read or Written is nil; nil when neither is.
	Uncounted error
	// Folder is the s3:// URI of all that it has written, marks included.
	Folder string
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
) *Outcome {
	o := &Outcome{Execution: *run, Error: aws.ToString(d.Error), Reason: reason(aws.ToString(d.Cause))}
	o.Status, o.Started, o.Ended = d.Status, aws.ToTime(d.StartDate), aws.ToTime(d.StopDate)
	o.Duration = o.Ended.Sub(o.Started)
	if progress.Counts != nil {
		o.Records = &progress.Counts.Records
	}
	if o.Status == types.ExecutionStatusSucceeded {
		o.Output = b.OutputURI(run.Name)
	}
	o.Folder = "s3://" + b.Bucket + "/" + b.RunsPrefix + run.Name + "/"
	place := b.Input
	if run.Input != nil {
		place = *run.Input
	}
	// What cannot be counted changes nothing about how the execution has ended.
	var readErr, writtenErr error
	if o.Read, readErr = b.size(ctx, place); o.Read == nil && readErr == nil {
		o.Read = &Size{} // the object has been deleted meanwhile
	}
	o.Written, writtenErr = b.count(ctx, Place{Bucket: b.Bucket, Prefix: b.Output(run.Name)}, isPrediction)
	o.Uncounted = errors.Join(readErr, writtenErr)
	return o
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
