package batchrun_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

// happened is a world in which one execution has failed.
func happened() *world {
	event := func(second int, kind types.HistoryEventType, fill func(*types.HistoryEvent)) types.HistoryEvent {
		e := types.HistoryEvent{Timestamp: aws.Time(noon.Add(time.Duration(second) * time.Second)), Type: kind}
		fill(&e)
		return e
	}
	resource, kind := aws.String("createTransformJob.sync"), aws.String("sagemaker")
	return &world{
		executions: []types.ExecutionListItem{{Name: aws.String("r2")}, {Name: aws.String("r1")}},
		history: []types.HistoryEvent{
			event(0, types.HistoryEventTypeExecutionStarted, func(e *types.HistoryEvent) {
				e.ExecutionStartedEventDetails = &types.ExecutionStartedEventDetails{Input: aws.String("{}")}
			}),
			event(1, types.HistoryEventTypeTaskStateEntered, func(e *types.HistoryEvent) {
				e.StateEnteredEventDetails = &types.StateEnteredEventDetails{Name: aws.String("Transform")}
			}),
			scheduled(2, "sagemaker", "createTransformJob.sync", `{"TransformJobName":"job-1"}`),
			event(3, types.HistoryEventTypeTaskStarted, func(e *types.HistoryEvent) {
				e.TaskStartedEventDetails = &types.TaskStartedEventDetails{Resource: resource, ResourceType: kind}
			}),
			event(4, types.HistoryEventTypeTaskSubmitted, func(e *types.HistoryEvent) {
				e.TaskSubmittedEventDetails = &types.TaskSubmittedEventDetails{Resource: resource, ResourceType: kind}
			}),
			event(5, types.HistoryEventTypeTaskFailed, func(e *types.HistoryEvent) {
				e.TaskFailedEventDetails = &types.TaskFailedEventDetails{
					Error: aws.String("States.TaskFailed"), Cause: aws.String(`{"FailureReason":"ClientError: 400"}`),
				}
			}),
			event(6, types.HistoryEventTypeTaskSucceeded, func(e *types.HistoryEvent) {
				e.TaskSucceededEventDetails = &types.TaskSucceededEventDetails{Resource: resource, ResourceType: kind}
			}),
			event(7, types.HistoryEventTypeFailStateEntered, func(e *types.HistoryEvent) {
				e.StateExitedEventDetails = &types.StateExitedEventDetails{Name: aws.String("Failed")}
			}),
			event(8, types.HistoryEventTypeExecutionFailed, func(e *types.HistoryEvent) {
				e.ExecutionFailedEventDetails = &types.ExecutionFailedEventDetails{Error: aws.String("Batch.JobFailed")}
			}),
			event(9, types.HistoryEventTypeExecutionAborted, func(*types.HistoryEvent) {}),
		},
	}
}

const told = `2026-11-23T12:00:00.000Z  ExecutionStarted       {}
2026-11-23T12:00:01.000Z  TaskStateEntered       Transform
2026-11-23T12:00:02.000Z  TaskScheduled          sagemaker:createTransformJob.sync job-1
2026-11-23T12:00:03.000Z  TaskStarted            sagemaker:createTransformJob.sync
2026-11-23T12:00:04.000Z  TaskSubmitted          sagemaker:createTransformJob.sync
2026-11-23T12:00:05.000Z  TaskFailed             States.TaskFailed: ClientError: 400
2026-11-23T12:00:06.000Z  TaskSucceeded          sagemaker:createTransformJob.sync
2026-11-23T12:00:07.000Z  FailStateEntered       Failed
2026-11-23T12:00:08.000Z  ExecutionFailed        Batch.JobFailed
2026-11-23T12:00:09.000Z  ExecutionAborted
`

func TestTheLogIsTheHistoryAndWhatTheJobHasPrinted(t *testing.T) {
	t.Parallel()
	w := happened()
	w.logs = func(in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
		assert.Equal(t, "/aws/sagemaker/TransformJobs", aws.ToString(in.LogGroupName))
		assert.Equal(t, "job-1/", aws.ToString(in.LogStreamNamePrefix))
		if in.NextToken == nil {
			// A page may be empty and not the last.
			return &cloudwatchlogs.FilterLogEventsOutput{NextToken: aws.String("more")}, nil
		}
		return &cloudwatchlogs.FilterLogEventsOutput{Events: []logstypes.FilteredLogEvent{{
			Timestamp: aws.Int64(noon.UnixMilli()), LogStreamName: aws.String("job-1/i-1"), Message: aws.String("ready\n"),
		}}}, nil
	}
	for _, name := range []string{"", "r1"} {
		var text strings.Builder
		require.NoError(t, w.batch(t).Log(t.Context(), name, &text))
		assert.Equal(t, told+"2026-11-23T12:00:00.000Z  job-1/i-1: ready\n", text.String())
	}
}

func TestWithoutALogGroupTheHistoryIsAll(t *testing.T) {
	t.Parallel()
	w := happened()
	w.logs = func(*cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
		return nil, &logstypes.ResourceNotFoundException{}
	}
	var text strings.Builder
	require.NoError(t, w.batch(t).Log(t.Context(), "r2", &text))
	assert.Equal(t, told, text.String())
	w.logs = func(*cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
		return nil, errRefused
	}
	assert.EqualError(t, w.batch(t).Log(t.Context(), "r2", &text), "logs of transform job job-1: refused")
}

func TestTheLogOfAnExecutionThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	assert.EqualError(t, happened().batch(t).Log(t.Context(), "r3", &text), `batch "flowers" of stack dev has no `+
		"execution \"r3\" among its last 2; see `sagehost batch list flowers --stack dev`")
	assert.EqualError(t, (&world{}).batch(t).Log(t.Context(), "", &text), `batch "flowers" of stack dev has not run yet`)
}

func TestTheDefinitionTellsWhatJobsAreLike(t *testing.T) {
	t.Parallel()
	w := &world{definition: `{"StartAt":"A","States":{"A":{"Type":"Pass"},"B":{"Type":"Parallel","Branches":[{"States":{
		"C":{"Parameters":{"TransformJobName.$":"$.n","TransformInput":{"ContentType":"text/csv","CompressionType":"Gzip",
		"DataSource":{"S3DataSource.$":"$.s"}},"DataProcessing":{"JoinSource":"Input"},
		"Environment":{"ModelName":"other"},
		"MaxPayloadInMB":6,"TransformOutput":{"AssembleWith":"Line","Accept":"text/csv"}}}}}]},
		"Begin":{"Parameters":{"given.$":"$","model":{"ModelName":"flowers-0123abc"}}}}}`}
	job, err := w.batch(t).Job(t.Context())
	require.NoError(t, err)
	want := &batchrun.Job{}
	want.TransformInput.ContentType, want.TransformInput.CompressionType = "text/csv", "Gzip"
	want.DataProcessing.JoinSource, want.MaxPayloadInMB = "Input", new(int64(6))
	want.TransformOutput.Accept, want.TransformOutput.AssembleWith = "text/csv", "Line"
	want.ModelName = "flowers-0123abc"
	assert.Equal(t, want, job)
	for definition, want := range map[string]string{
		`{"States":{}}`: "its definition starts no transform job",
		`{`:             "its definition is not JSON: unexpected end of JSON input",
	} {
		_, err := (&world{definition: definition}).batch(t).Job(t.Context())
		assert.EqualError(t, err, `batch "flowers" of stack dev: `+want)
	}
}
