package batchrun

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// Job is what a batch's transform jobs are like, in the words of CreateTransformJob.
type Job struct {
	// ModelName is the model's name in SageMaker.
	ModelName      string
	TransformInput struct {
		// ContentType is that of the input, SplitType how it is split into records; empty when they are not set.
		ContentType, SplitType string
		// CompressionType is None, Gzip or empty, which is None.
		CompressionType string
	}
	TransformOutput struct {
		// Accept is the content type of the predictions; empty leaves it to the container.
		Accept string
		// AssembleWith is Line when each record's predictions end with a line break; else None or empty.
		AssembleWith string
	}
	// MaxPayloadInMB is the most that a request holds, in MiB; 0 is no limit, and nil the service's default of 6.
	MaxPayloadInMB *int64
	DataProcessing struct {
		// JoinSource is Input when predictions follow the columns of the input; else None or empty.
		JoinSource string
		// InputFilter selects what the model sees, OutputFilter what is written; empty selects all.
		InputFilter, OutputFilter string
	}
}

// Job finds in the state machine's definition what the batch's transform jobs are like.
func (b *Batch) Job(ctx context.Context) (*Job, error) {
	machine, err := b.clients.States.DescribeStateMachine(ctx,
		&sfn.DescribeStateMachineInput{StateMachineArn: &b.StateMachineARN})
	if err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: %w", b.Name, b.Stack, err)
	}
	var definition any
	if err := json.Unmarshal([]byte(aws.ToString(machine.Definition)), &definition); err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: its definition is not JSON: %w", b.Name, b.Stack, err)
	}
	found := findJob(definition)
	if found == nil {
		return nil, fmt.Errorf("batch %q of stack %s: its definition starts no transform job", b.Name, b.Stack)
	}
	text, err := json.Marshal(found)
	if err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: %w", b.Name, b.Stack, err)
	}
	var job Job
	if err := json.Unmarshal(text, &job); err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: the job in its definition: %w", b.Name, b.Stack, err)
	}
	var m machineOfBatch
	if err := json.Unmarshal([]byte(*machine.Definition), &m); err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: the model in its definition: %w", b.Name, b.Stack, err)
	}
	job.ModelName = cmp.Or(m.States.Begin.Parameters.Model.ModelName, job.ModelName)
	return &job, nil
}

// machineOfBatch is where a definition has the model's name: apart from the job, so that an execution that has waited
// long can look up which model a newer definition has.
type machineOfBatch struct {
	States struct {
		Begin struct {
			Parameters struct {
				Model struct{ ModelName string }
			}
		}
	}
}

// findJob finds the arguments of CreateTransformJob, which are the only object with a member "TransformInput".
func findJob(value any) map[string]any {
	switch value := value.(type) {
	case map[string]any:
		if _, ok := value["TransformInput"]; ok {
			return value
		}
		for _, inner := range value {
			if found := findJob(inner); found != nil {
				return found
			}
		}
	case []any:
		for _, inner := range value {
			if found := findJob(inner); found != nil {
				return found
			}
		}
	}
	return nil
}
