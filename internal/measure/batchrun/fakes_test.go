package batchrun_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

const (
	machine   = "arn:aws:states:us-east-1:123456789012:stateMachine:flowers-dev"
	parameter = `{"stateMachineArn":"` + machine + `","bucket":"stack","inputPrefix":"flowers-dev/input/",` +
		`"runsPrefix":"flowers-dev/runs/"}`
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// errRefused is what a service answers that is not asked for anything.
var errRefused = errors.New("refused")

// world is what the clients see.
type world struct {
	// parameters are by name, objects by bucket and key: their sizes.
	parameters map[string]string
	objects    map[string]int64

	started []sfn.StartExecutionInput
	// looks are the answers of DescribeExecution, one after the other; of the last there is no end. Nil fails.
	// Without any, there is no execution. Described is the ARN that was asked for last.
	looks      []*sfn.DescribeExecutionOutput
	described  string
	history    []types.HistoryEvent
	executions []types.ExecutionListItem
	definition string
	logs       func(*cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error)
	// unlistable is the bucket and prefix that may not be listed.
	unlistable string
	// taken refuses every name.
	taken bool
}

func (w *world) clients() batchrun.Clients {
	return batchrun.Clients{States: states{w}, Parameters: parameters{w}, Objects: objects{w}, Logs: logs{w}}
}

// batch is the batch "flowers" of stack "dev", with input.
func (w *world) batch(t *testing.T) *batchrun.Batch {
	t.Helper()
	if w.parameters == nil {
		w.parameters = map[string]string{"/sagehost/dev/batch/flowers": parameter}
	}
	if w.objects == nil {
		w.objects = map[string]int64{"stack/flowers-dev/input/a.csv": 10, "stack/flowers-dev/input/b.csv": 5}
	}
	b, err := batchrun.Find(t.Context(), w.clients(), "dev", "flowers")
	require.NoError(t, err)
	return b
}

type parameters struct{ *world }

func (p parameters) GetParameter(
	_ context.Context, in *ssm.GetParameterInput, _ ...func(*ssm.Options),
) (*ssm.GetParameterOutput, error) {
	value, ok := p.parameters[aws.ToString(in.Name)]
	if !ok {
		return nil, &ssmtypes.ParameterNotFound{}
	}
	return &ssm.GetParameterOutput{Parameter: &ssmtypes.Parameter{Value: &value}}, nil
}

func (p parameters) GetParametersByPath(
	_ context.Context, in *ssm.GetParametersByPathInput, _ ...func(*ssm.Options),
) (*ssm.GetParametersByPathOutput, error) {
	out := &ssm.GetParametersByPathOutput{}
	for name := range p.parameters {
		if strings.HasPrefix(name, aws.ToString(in.Path)) {
			out.Parameters = append(out.Parameters, ssmtypes.Parameter{Name: &name})
		}
	}
	return out, nil
}

type objects struct{ *world }

func (o objects) HeadObject(
	_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options),
) (*s3.HeadObjectOutput, error) {
	size, ok := o.objects[aws.ToString(in.Bucket)+"/"+aws.ToString(in.Key)]
	if !ok {
		return nil, &s3types.NotFound{}
	}
	return &s3.HeadObjectOutput{ContentLength: &size}, nil
}

func (o objects) ListObjectsV2(
	_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options),
) (*s3.ListObjectsV2Output, error) {
	out := &s3.ListObjectsV2Output{}
	if aws.ToString(in.Bucket)+"/"+aws.ToString(in.Prefix) == o.unlistable {
		return nil, errRefused
	}
	for name, size := range o.objects {
		key, ok := strings.CutPrefix(name, aws.ToString(in.Bucket)+"/")
		if ok && strings.HasPrefix(key, aws.ToString(in.Prefix)) {
			out.Contents = append(out.Contents, s3types.Object{Key: &key, Size: &size})
		}
	}
	return out, nil
}

type logs struct{ *world }

func (l logs) FilterLogEvents(
	_ context.Context, in *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options),
) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	return l.logs(in)
}

type states struct{ *world }

func (s states) StartExecution(
	_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options),
) (*sfn.StartExecutionOutput, error) {
	if s.taken {
		return nil, &types.ExecutionAlreadyExists{}
	}
	s.started = append(s.started, *in)
	return &sfn.StartExecutionOutput{
		ExecutionArn: aws.String("arn:" + aws.ToString(in.Name)), StartDate: aws.Time(time.Now()),
	}, nil
}

func (s states) DescribeExecution(
	ctx context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options),
) (*sfn.DescribeExecutionOutput, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("request: %w", ctx.Err())
	}
	s.described = aws.ToString(in.ExecutionArn)
	if len(s.looks) == 0 {
		return nil, &types.ExecutionDoesNotExist{}
	}
	look := s.looks[0]
	if len(s.looks) > 1 {
		s.looks = s.looks[1:]
	}
	if look == nil {
		return nil, errRefused
	}
	return look, nil
}

func (s states) GetExecutionHistory(
	_ context.Context, in *sfn.GetExecutionHistoryInput, _ ...func(*sfn.Options),
) (*sfn.GetExecutionHistoryOutput, error) {
	events := slices.Clone(s.history)
	if in.ReverseOrder {
		slices.Reverse(events)
	}
	return &sfn.GetExecutionHistoryOutput{Events: events}, nil
}

func (s states) ListExecutions(
	_ context.Context, in *sfn.ListExecutionsInput, _ ...func(*sfn.Options),
) (*sfn.ListExecutionsOutput, error) {
	if aws.ToString(in.StateMachineArn) != machine {
		return nil, errRefused
	}
	// Pages of two, whatever is asked for.
	first := len(aws.ToString(in.NextToken))
	out := &sfn.ListExecutionsOutput{Executions: s.executions[first:min(first+2, len(s.executions))]}
	if first+2 < len(s.executions) {
		out.NextToken = aws.String(strings.Repeat("x", first+2))
	}
	return out, nil
}

func (s states) DescribeStateMachine(
	context.Context, *sfn.DescribeStateMachineInput, ...func(*sfn.Options),
) (*sfn.DescribeStateMachineOutput, error) {
	return &sfn.DescribeStateMachineOutput{Definition: &s.definition}, nil
}
