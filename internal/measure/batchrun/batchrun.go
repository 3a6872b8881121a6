// Package batchrun runs a stack's batches: it starts executions of their state machines, follows them, and tells how
// they ended.
package batchrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"sagehost/internal/live/cloud"
	"sagehost/internal/live/commandline"
	"sagehost/kit/check"
	"sagehost/kit/s3uri"
)

// States is what is needed of a client of AWS Step Functions.
type States interface {
	StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
	DescribeExecution(
		context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options),
	) (*sfn.DescribeExecutionOutput, error)
	GetExecutionHistory(
		context.Context, *sfn.GetExecutionHistoryInput, ...func(*sfn.Options),
	) (*sfn.GetExecutionHistoryOutput, error)
	ListExecutions(context.Context, *sfn.ListExecutionsInput, ...func(*sfn.Options)) (*sfn.ListExecutionsOutput, error)
	DescribeStateMachine(
		context.Context, *sfn.DescribeStateMachineInput, ...func(*sfn.Options),
	) (*sfn.DescribeStateMachineOutput, error)
}

// Parameters is what is needed of a client of AWS Systems Manager.
type Parameters interface {
	GetParameter(context.Context, *ssm.GetParameterInput, ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
	ssm.GetParametersByPathAPIClient
}

// Objects is what is needed of a client of Amazon S3.
type Objects interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	s3.ListObjectsV2APIClient
}

// Clients reach the services.
type Clients struct {
	States     States
	Parameters Parameters
	Objects    Objects
	// Logs are Amazon CloudWatch Logs.
	Logs cloudwatchlogs.FilterLogEventsAPIClient
	// Commands renders the commands that messages tell the user to run.
	Commands commandline.Context
}

// NewClients makes the clients of a configuration.
func NewClients(c aws.Config) Clients {
	return Clients{
		States: sfn.NewFromConfig(c), Parameters: ssm.NewFromConfig(c), Logs: cloudwatchlogs.NewFromConfig(c),
		Objects: cloud.S3(c),
	}
}

// Batch is a batch of a stack.
type Batch struct {
	// Stack and Name are the stack's name and the batch's.
	Stack, Name string
	// StateMachineARN is the state machine that runs it.
	StateMachineARN string
	// Input is the declared input, that of a run that is told nothing else.
	Input Place
	// Bucket is where runs write, RunsPrefix begins the keys of what they write; it ends with a slash.
	Bucket, RunsPrefix string

	clients Clients
}

// SeeLogs is the command that shows what happened in a run.
func (b *Batch) SeeLogs(run string) string {
	return b.clients.Commands.On(b.Stack).OnStack("batch", "logs", b.Name, run)
}

// seeRuns is the command that lists the latest runs.
func (b *Batch) seeRuns() string {
	return b.clients.Commands.On(b.Stack).OnStack("batch", "list", b.Name)
}

// parameter is what a stack writes for each of its batches.
type parameter struct {
	StateMachineARN string `json:"stateMachineArn"`
	Bucket          string `json:"bucket"`
	InputPrefix     string `json:"inputPrefix"`
	// InputURI is the declared input; when it is empty, that is what is beneath InputPrefix.
	InputURI   string `json:"inputUri"`
	RunsPrefix string `json:"runsPrefix"`
}

// Find finds a batch by the SSM parameter that the stack has written for it.
func Find(ctx context.Context, clients Clients, stack, name string) (*Batch, error) {
	folder := "/sagehost/" + stack + "/batch/"
	found, err := clients.Parameters.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(folder + name)})
	if _, missing := errors.AsType[*types.ParameterNotFound](err); missing {
		return nil, missingBatch(ctx, clients, folder, stack, name)
	}
	if err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: %w", name, stack, err)
	}
	var p parameter
	text := ""
	if found.Parameter != nil {
		text = aws.ToString(found.Parameter.Value)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("batch %q of stack %s: parameter %s%s is not JSON: %w", name, stack, folder, name, err)
	}
	if p.StateMachineARN == "" || p.Bucket == "" || p.RunsPrefix == "" {
		return nil, fmt.Errorf("batch %q of stack %s: parameter %s%s lacks stateMachineArn, bucket or runsPrefix",
			name, stack, folder, name)
	}
	input := Place{Bucket: p.Bucket, Prefix: p.InputPrefix}
	if at, ok := s3uri.Parse(p.InputURI); ok && at.IsPrefix() {
		input = Place{Bucket: at.Bucket, Prefix: at.Key}
	} else if ok {
		input = Place{Bucket: at.Bucket, Key: at.Key}
	}
	return &Batch{
		Stack: stack, Name: name, StateMachineARN: p.StateMachineARN, Input: input,
		Bucket: p.Bucket, RunsPrefix: strings.TrimSuffix(p.RunsPrefix, "/") + "/", clients: clients,
	}, nil
}

// missingBatch says which batches there are instead.
func missingBatch(ctx context.Context, clients Clients, folder, stack, name string) error {
	var names []string
	pages := ssm.NewGetParametersByPathPaginator(clients.Parameters, &ssm.GetParametersByPathInput{Path: &folder})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("batches of stack %s: %w", stack, err)
		}
		for i := range page.Parameters {
			names = append(names, path.Base(aws.ToString(page.Parameters[i].Name)))
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no batch %q: stack %s has none, or is not deployed", name, stack)
	}
	slices.Sort(names)
	return fmt.Errorf("there is no batch %q in stack %s; the batches are %s%s",
		name, stack, strings.Join(names, ", "), check.DidYouMean(name, names))
}

// EvaluationFolder is where evaluations put their rows, within the batch's folder.
const EvaluationFolder = "evaluation/"

// Folder begins the keys of everything that is the batch's own; it ends with a slash.
func (b *Batch) Folder() string {
	folder := path.Dir(strings.TrimSuffix(b.RunsPrefix, "/"))
	if folder == "." {
		return ""
	}
	return folder + "/"
}

// Output begins the keys of an execution's predictions; it ends with a slash.
func (b *Batch) Output(execution string) string { return b.RunsPrefix + execution + "/output/" }

// OutputURI is where an execution's predictions are.
func (b *Batch) OutputURI(execution string) string {
	return "s3://" + b.Bucket + "/" + b.Output(execution)
}
