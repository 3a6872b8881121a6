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
	// waiting is why it does not run: the error after which a job is created again, or else the Wait state that the
	// execution is in.
	waiting string
}

// activity finds out what an execution does now, from its latest events.
func (b *Batch) activity(ctx context.Context, arn string) (activity, error) {
	var now activity
	pages := sfn.NewGetExecutionHistoryPaginator(b.clients.States, &sfn.GetExecutionHistoryInput{
		ExecutionArn: &arn, ReverseOrder: true, IncludeExecutionData: aws.Bool(true),
	})
	// What precedes the state that was entered or left last is over, unless that state waits because of it.
	for over, waits := false, false; pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return now, err
		}
		for i := range page.Events {
			event := &page.Events[i]
			if now.job = startedJob(event); now.job != "" {
				return now, nil
			}
			switch failure := jobFailure(event); {
			case failure != "" && (waits || !over):
				now.waiting, over, waits = failure, true, false
			case !over && event.StateEnteredEventDetails != nil:
				over, waits = true, event.Type == types.HistoryEventTypeWaitStateEntered
				if waits {
					now.waiting = aws.ToString(event.StateEnteredEventDetails.Name)
				}
			case event.StateExitedEventDetails != nil:
				over = true
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

// jobFailure is the error with which a transform job has failed or was refused, by an event; empty when it is of none.
func jobFailure(event *types.HistoryEvent) string {
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
