package batchrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Execution finds an execution of the last 90 days by its name.
func (b *Batch) Execution(ctx context.Context, name string) (*Execution, error) {
	if !executionName.MatchString(name) {
		return nil, fmt.Errorf("the name %q is not one of 1 to 80 letters, digits, hyphens and underscores", name)
	}
	arn := strings.Replace(b.StateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + name
	found, err := b.clients.States.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if _, missing := errors.AsType[*types.ExecutionDoesNotExist](err); missing {
		return nil, fmt.Errorf("batch %q of stack %s has no execution %q; see `%s`",
			b.Name, b.Stack, name, b.seeRuns())
	}
	if err != nil {
		return nil, fmt.Errorf("execution %s of batch %q: %w", name, b.Name, err)
	}
	var input executionInput
	if err := json.Unmarshal([]byte(aws.ToString(found.Input)), &input); err != nil {
		return nil, fmt.Errorf("execution %s of batch %q: its input is not what the batch reads: %w", name, b.Name, err)
	}
	run := &Execution{
		Name: name, ARN: arn, Input: input.Input, Started: aws.ToTime(found.StartDate), Ended: aws.ToTime(found.StopDate),
		Status: found.Status,
	}
	if run.Status == types.ExecutionStatusSucceeded {
		run.Output = b.OutputURI(name)
	}
	return run, nil
}

// JobOf is what the latest transform job of an execution was like.
func (b *Batch) JobOf(ctx context.Context, run *Execution) (*Job, error) {
	pages := sfn.NewGetExecutionHistoryPaginator(b.clients.States, &sfn.GetExecutionHistoryInput{
		ExecutionArn: &run.ARN, ReverseOrder: true, IncludeExecutionData: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("history of execution %s of batch %q: %w", run.Name, b.Name, err)
		}
		for i := range page.Events {
			request := jobRequest(&page.Events[i])
			if request == "" {
				continue
			}
			var job Job
			if err := json.Unmarshal([]byte(request), &job); err != nil {
				return nil, fmt.Errorf("execution %s of batch %q: the request for its job: %w", run.Name, b.Name, err)
			}
			return &job, nil
		}
	}
	return nil, fmt.Errorf("execution %s of batch %q has begun no transform job", run.Name, b.Name)
}
