package batchrun

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// createJob begins the resource of the Task that runs a transform job.
const createJob = "createTransformJob"

// activity is what an execution does now.
type activity struct {
	// job is the transform job that it has begun last; empty when there is none yet.
	job string
	// waiting is why it does not run: a Wait state, or an error after which the job is created again.
	waiting string
}

// activity finds out what an execution does now, from its latest events.
func (b *Batch) activity(ctx context.Context, arn string) (activity, error) {
	var now activity
	pages := sfn.NewGetExecutionHistoryPaginator(b.clients.States, &sfn.GetExecutionHistoryInput{
		ExecutionArn: &arn, ReverseOrder: true, IncludeExecutionData: aws.Bool(true),
	})
	// What precedes the state that was entered or left last is over.
	for over := false; pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return now, err
		}
		for i := range page.Events {
			event := &page.Events[i]
			if now.job = startedJob(event); now.job != "" {
				return now, nil
			}
			if !over {
				now.waiting = waitsAfter(event)
				over = now.waiting != "" || event.StateEnteredEventDetails != nil || event.StateExitedEventDetails != nil
			}
		}
	}
	return now, nil
}

// startedJob is the transform job that an event is the beginning of; empty when it is of none.
func startedJob(event *types.HistoryEvent) string {
	return member(jobRequest(event), "TransformJobName")
}

// jobRequest is the request for a transform job that an event is the beginning of; empty when it is of none.
func jobRequest(event *types.HistoryEvent) string {
	details := event.TaskScheduledEventDetails
	if details == nil || !strings.HasPrefix(aws.ToString(details.Resource), createJob) {
		return ""
	}
	return aws.ToString(details.Parameters)
}

// waitsAfter is what an execution waits for that an event is the latest of; empty when it does not wait.
func waitsAfter(event *types.HistoryEvent) string {
	if event.Type == types.HistoryEventTypeWaitStateEntered && event.StateEnteredEventDetails != nil {
		return aws.ToString(event.StateEnteredEventDetails.Name)
	}
	var resource, name *string
	if d := event.TaskFailedEventDetails; d != nil {
		resource, name = d.Resource, d.Error
	} else if d := event.TaskSubmitFailedEventDetails; d != nil {
		resource, name = d.Resource, d.Error
	}
	if strings.HasPrefix(aws.ToString(resource), createJob) {
		return aws.ToString(name)
	}
	return ""
}

// attempt is the number that a job's name ends with; 0 when it ends with none.
func attempt(job string) int {
	n, err := strconv.Atoi(job[strings.LastIndexByte(job, '-')+1:])
	if err != nil {
		return 0
	}
	return n
}
