package batchrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// jobsLogGroup is where SageMaker writes what the containers of transform jobs print, in streams that begin with the
// job's name and a slash.
const jobsLogGroup = "/aws/sagemaker/TransformJobs"

// stamp is how the times of events are written, in UTC.
const stamp = "2006-01-02T15:04:05.000Z"

// Log writes what has happened in an execution, a line for each event, and then what its transform jobs have printed,
// where that is kept.
func (b *Batch) Log(ctx context.Context, execution string, to io.Writer) error {
	run, err := b.find(ctx, execution)
	if err != nil {
		return err
	}
	jobs, err := b.history(ctx, run.ARN, to)
	if err != nil {
		return fmt.Errorf("history of execution %s of batch %q: %w", run.Name, b.Name, err)
	}
	for _, job := range jobs {
		if err := b.printed(ctx, job, to); err != nil {
			return fmt.Errorf("logs of transform job %s: %w", job, err)
		}
	}
	return nil
}

// findAmong is how many executions are looked through for a name.
const findAmong = 1000

// find is an execution by its name; for an empty name the latest.
func (b *Batch) find(ctx context.Context, name string) (*Execution, error) {
	runs, err := b.List(ctx, findAmong)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(runs, func(run Execution) bool { return name == "" || run.Name == name })
	switch {
	case len(runs) == 0:
		return nil, fmt.Errorf("batch %q of stack %s has not run yet", b.Name, b.Stack)
	case i < 0:
		return nil, fmt.Errorf("batch %q of stack %s has no execution %q among its last %d; see `%s`",
			b.Name, b.Stack, name, len(runs), b.seeRuns())
	}
	return &runs[i], nil
}

// history writes an execution's events, and returns the names of its transform jobs in their order.
func (b *Batch) history(ctx context.Context, arn string, to io.Writer) (jobs []string, err error) {
	pages := sfn.NewGetExecutionHistoryPaginator(b.clients.States, &sfn.GetExecutionHistoryInput{
		ExecutionArn: &arn, IncludeExecutionData: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for i := range page.Events {
			event := &page.Events[i]
			at := aws.ToTime(event.Timestamp).UTC().Format(stamp)
			line := strings.TrimRight(fmt.Sprintf("%s  %-22s %s", at, event.Type, describe(event)), " ")
			if _, err := fmt.Fprintln(to, line); err != nil {
				return nil, err
			}
			if details := event.TaskScheduledEventDetails; details != nil {
				job := member(aws.ToString(details.Parameters), "TransformJobName")
				if job != "" && !slices.Contains(jobs, job) {
					jobs = append(jobs, job)
				}
			}
		}
	}
	return jobs, nil
}

// printed writes what a transform job has printed. Without a log group nothing has.
func (b *Batch) printed(ctx context.Context, job string, to io.Writer) error {
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(b.clients.Logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(jobsLogGroup), LogStreamNamePrefix: aws.String(job + "/"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, missing := errors.AsType[*logstypes.ResourceNotFoundException](err); missing {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range page.Events {
			event := &page.Events[i]
			at := time.UnixMilli(aws.ToInt64(event.Timestamp)).UTC().Format(stamp)
			line := strings.TrimRight(aws.ToString(event.Message), "\r\n")
			if _, err := fmt.Fprintf(to, "%s  %s: %s\n", at, aws.ToString(event.LogStreamName), line); err != nil {
				return err
			}
		}
	}
	return nil
}

// describe says what an event is about: a state, a task, or what went wrong.
func describe(e *types.HistoryEvent) string {
	switch {
	case e.StateEnteredEventDetails != nil:
		return aws.ToString(e.StateEnteredEventDetails.Name)
	case e.StateExitedEventDetails != nil:
		return aws.ToString(e.StateExitedEventDetails.Name)
	case e.ExecutionStartedEventDetails != nil:
		return aws.ToString(e.ExecutionStartedEventDetails.Input)
	case e.TaskScheduledEventDetails != nil:
		d := e.TaskScheduledEventDetails
		job := member(aws.ToString(d.Parameters), "TransformJobName")
		return strings.TrimSpace(aws.ToString(d.ResourceType) + ":" + aws.ToString(d.Resource) + " " + job)
	case e.TaskStartedEventDetails != nil:
		return aws.ToString(e.TaskStartedEventDetails.ResourceType) + ":" + aws.ToString(e.TaskStartedEventDetails.Resource)
	case e.TaskSubmittedEventDetails != nil:
		d := e.TaskSubmittedEventDetails
		return aws.ToString(d.ResourceType) + ":" + aws.ToString(d.Resource)
	case e.TaskSucceededEventDetails != nil:
		d := e.TaskSucceededEventDetails
		return aws.ToString(d.ResourceType) + ":" + aws.ToString(d.Resource)
	}
	for _, failure := range failures(e) {
		if failure.name != nil || failure.cause != nil {
			return strings.TrimSuffix(aws.ToString(failure.name)+": "+reason(aws.ToString(failure.cause)), ": ")
		}
	}
	return ""
}

// failed is what went wrong; both nil when nothing has.
type failed struct{ name, cause *string }

// failures are the members of an event that tell of failures.
func failures(e *types.HistoryEvent) []failed {
	var all []failed
	if d := e.TaskFailedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.TaskSubmitFailedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.TaskStartFailedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.TaskTimedOutEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.ExecutionFailedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.ExecutionTimedOutEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.ExecutionAbortedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	if d := e.EvaluationFailedEventDetails; d != nil {
		all = append(all, failed{d.Error, d.Cause})
	}
	return all
}
