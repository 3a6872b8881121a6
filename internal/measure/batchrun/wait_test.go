package batchrun_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

func look(status types.ExecutionStatus) *sfn.DescribeExecutionOutput {
	return &sfn.DescribeExecutionOutput{Status: status, StartDate: &noon}
}

func ending(status types.ExecutionStatus, name, cause string) *sfn.DescribeExecutionOutput {
	out := look(status)
	out.StopDate, out.Error, out.Cause = aws.Time(noon.Add(90*time.Second)), &name, &cause
	return out
}

// scheduled is the event of a task with parameters.
func scheduled(id int64, kind, resource, parameters string) types.HistoryEvent {
	return types.HistoryEvent{
		Id: id, Timestamp: aws.Time(noon.Add(time.Duration(id) * time.Second)), Type: types.HistoryEventTypeTaskScheduled,
		TaskScheduledEventDetails: &types.TaskScheduledEventDetails{
			Resource: &resource, ResourceType: &kind, Parameters: &parameters,
		},
	}
}

func TestAnExecutionIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			looks: []*sfn.DescribeExecutionOutput{look("RUNNING"), nil, look("RUNNING"), ending("SUCCEEDED", "", "")},
			history: []types.HistoryEvent{
				scheduled(1, "aws-sdk:s3", "putObject", `{"Key":"k"}`),
				scheduled(2, "sagemaker", "createTransformJob.sync", `{"TransformJobName":"job-1"}`),
				scheduled(3, "sagemaker", "createTransformJob.sync", `{"TransformJobName":"job-2"}`),
			},
		}
		b := w.batch(t)
		run, err := b.Start(t.Context(), batchrun.Request{Name: "r"})
		require.NoError(t, err)
		for key, size := range map[string]int64{"a.csv.out": 20, "b.csv.out": 30, "none.csv.out": 0, "manifest": 1} {
			w.objects["stack/flowers-dev/runs/r/output/"+key] = size
		}
		var shown []batchrun.Progress
		counts := batchrun.Counts{Objects: 1, TotalObjects: 2, Records: 3}
		outcome, err := b.Wait(t.Context(), run, batchrun.Watch{
			Show: func(p batchrun.Progress) { shown = append(shown, p) },
			Counts: func(_ context.Context, job string) (*batchrun.Counts, error) {
				assert.Equal(t, "job-2", job, "the job that was begun last")
				return &counts, nil
			},
		})
		require.NoError(t, err)
		require.NoError(t, outcome.Failed())
		assert.Equal(t, types.ExecutionStatusSucceeded, outcome.Status)
		assert.Equal(t, 90*time.Second, outcome.Duration)
		assert.Equal(t, &batchrun.Size{Objects: 2, Bytes: 15}, outcome.Read)
		assert.Equal(t, &batchrun.Size{Objects: 2, Bytes: 50}, outcome.Written)
		require.NoError(t, outcome.Uncounted)
		assert.Equal(t, int64(3), *outcome.Records)
		assert.Equal(t, "s3://stack/flowers-dev/runs/r/output/", outcome.Output)
		assert.Equal(t, "s3://stack/flowers-dev/runs/r/", outcome.Folder)
		// Looks come ever later: after 250 ms, 375 ms and 562 ms. The second has failed.
		assert.Equal(t, []batchrun.Progress{
			{Elapsed: 0, Job: "job-2", Attempt: 2, Counts: &counts},
			{Elapsed: 625 * time.Millisecond, Job: "job-2", Attempt: 2, Counts: &counts},
			{Elapsed: 1187500 * time.Microsecond, Job: "job-2", Attempt: 2, Counts: &counts},
		}, shown)
	})
}

func TestTheJobIsToldWhereNothingCountsItsRecords(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const parameters = `{"TransformJobName":"flowers-dev-0af1-12"}`
		w := &world{
			looks:   []*sfn.DescribeExecutionOutput{look("RUNNING"), ending("SUCCEEDED", "", "")},
			history: []types.HistoryEvent{scheduled(1, "sagemaker", "createTransformJob.sync", parameters)},
		}
		b := w.batch(t)
		run, err := b.Start(t.Context(), batchrun.Request{Name: "r"})
		require.NoError(t, err)
		var shown []batchrun.Progress
		done := 0
		outcome, err := b.Wait(t.Context(), run, batchrun.Watch{
			Show: func(p batchrun.Progress) {
				assert.Zero(t, done)
				shown = append(shown, p)
			},
			Done: func() { done++ },
		})
		require.NoError(t, err)
		assert.Nil(t, outcome.Records)
		assert.Equal(t, 1, done)
		assert.Equal(t, []batchrun.Progress{
			{Job: "flowers-dev-0af1-12", Attempt: 12},
			{Elapsed: 250 * time.Millisecond, Job: "flowers-dev-0af1-12", Attempt: 12},
		}, shown)
	})
}

func TestWhatARunWaitsForIsToldWhileItWaits(t *testing.T) {
	t.Parallel()
	begun := scheduled(1, "sagemaker", "createTransformJob.sync", `{"TransformJobName":"job"}`)
	failed := types.HistoryEvent{TaskFailedEventDetails: &types.TaskFailedEventDetails{
		Resource: aws.String("createTransformJob.sync"), Error: aws.String("SageMaker.ResourceLimitExceededException"),
	}}
	submitted := types.HistoryEvent{TaskSubmitFailedEventDetails: &types.TaskSubmitFailedEventDetails{
		Resource: aws.String("createTransformJob.sync"), Error: aws.String("ThrottlingException"),
	}}
	other := types.HistoryEvent{TaskFailedEventDetails: &types.TaskFailedEventDetails{
		Resource: aws.String("putObject"), Error: aws.String("S3.SlowDown"),
	}}
	left := types.HistoryEvent{StateExitedEventDetails: &types.StateExitedEventDetails{Name: aws.String("Transform")}}
	entered := func(kind types.HistoryEventType, name string) types.HistoryEvent {
		return types.HistoryEvent{Type: kind, StateEnteredEventDetails: &types.StateEnteredEventDetails{Name: &name}}
	}
	waits := entered(types.HistoryEventTypeWaitStateEntered, "Wait")
	passes := entered(types.HistoryEventTypePassStateEntered, "DrawWait")
	for name, row := range map[string]struct {
		history      []types.HistoryEvent
		job, waiting string
	}{
		"nothing has begun": {nil, "", ""},
		"a job runs":        {[]types.HistoryEvent{begun}, "job", ""},
		"it is refused": {
			[]types.HistoryEvent{begun, failed}, "job", "SageMaker.ResourceLimitExceededException",
		},
		"it cannot be submitted": {[]types.HistoryEvent{begun, submitted}, "job", "ThrottlingException"},
		"it is created again":    {[]types.HistoryEvent{begun, failed, begun}, "job", ""},
		"it has failed":          {[]types.HistoryEvent{begun, failed, left}, "job", ""},
		"another task fails":     {[]types.HistoryEvent{begun, left, other}, "job", ""},
		"it waits to be created again": {
			[]types.HistoryEvent{begun, failed, left, passes, left, waits},
			"job",
			"SageMaker.ResourceLimitExceededException",
		},
		"it waits after no failure":     {[]types.HistoryEvent{begun, left, passes, other, waits}, "job", "Wait"},
		"the wait is over":              {[]types.HistoryEvent{begun, failed, left, waits, left}, "job", ""},
		"what follows the wait goes on": {[]types.HistoryEvent{begun, waits, passes}, "job", ""},
	} {
		w := &world{history: row.history, looks: []*sfn.DescribeExecutionOutput{ending("SUCCEEDED", "", "")}}
		_, err := w.batch(t).Wait(t.Context(), &batchrun.Execution{Name: "r", Started: time.Now()}, batchrun.Watch{
			Show: func(p batchrun.Progress) {
				assert.Equal(t, row.job, p.Job, name)
				assert.Equal(t, row.waiting, p.Waiting, name)
			},
		})
		require.NoError(t, err)
	}
}

func TestARunIsAsGoodAsItEndedWhenItsObjectsCannotBeCounted(t *testing.T) {
	t.Parallel()
	b := (&world{unlistable: "stack/flowers-dev/input/", looks: []*sfn.DescribeExecutionOutput{
		ending("SUCCEEDED", "", ""),
	}}).batch(t)
	outcome, err := b.Wait(t.Context(), &batchrun.Execution{Name: "r", ARN: "a"}, batchrun.Watch{})
	require.NoError(t, err)
	require.NoError(t, outcome.Failed())
	assert.Nil(t, outcome.Read)
	assert.Equal(t, &batchrun.Size{}, outcome.Written)
	assert.EqualError(t, outcome.Uncounted, "objects beneath s3://stack/flowers-dev/input/: refused")
}

func TestAnExecutionGoesOnWhenTheWaitingEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{looks: []*sfn.DescribeExecutionOutput{look("RUNNING")}}
		b := w.batch(t)
		run, err := b.Start(t.Context(), batchrun.Request{Name: "r"})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(time.Hour)
			cancel()
		}()
		_, err = b.Wait(ctx, run, batchrun.Watch{})
		running, ok := errors.AsType[*batchrun.StillRunning](err)
		require.True(t, ok, err)
		assert.Equal(t, "r", running.Execution)
		require.ErrorIs(t, err, context.Canceled)
		assert.EqualError(t, err, "stopped waiting (context canceled); execution r of batch \"flowers\" goes on, "+
			"see `sagehost batch list flowers --stack dev`")
	})
}

func TestAnExecutionThatIsNotHeardOfForFiveMinutesGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := (&world{looks: []*sfn.DescribeExecutionOutput{look("RUNNING"), nil}}).batch(t)
		run, err := b.Start(t.Context(), batchrun.Request{Name: "r"})
		require.NoError(t, err)
		begin := time.Now()
		_, err = b.Wait(t.Context(), run, batchrun.Watch{})
		_, running := errors.AsType[*batchrun.StillRunning](err)
		require.True(t, running, err)
		require.ErrorIs(t, err, errRefused)
		require.EqualError(t, err, "stopped waiting (refused); execution r of batch \"flowers\" goes on, "+
			"see `sagehost batch list flowers --stack dev`")
		assert.GreaterOrEqual(t, time.Since(begin), 5*time.Minute)
		assert.Less(t, time.Since(begin), 5*time.Minute+10*time.Second)
	})
}

func TestAFailureIsToldWithTheReasonOfTheJob(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status      types.ExecutionStatus
		name, cause string
		want        string
	}{
		{"FAILED", "Batch.JobFailed", "ClientError: 400", "FAILED: Batch.JobFailed: ClientError: 400"},
		{
			"FAILED", "States.TaskFailed", `{"TransformJobName":"j","FailureReason":"AlgorithmError: 500"}`,
			"FAILED: States.TaskFailed: AlgorithmError: 500",
		},
		{"FAILED", "E", `{"Cause":"{\"FailureReason\":\"why \"}"}`, "FAILED: E: why"},
		{"FAILED", "E", `{"TransformJobName":"j"}`, `FAILED: E: {"TransformJobName":"j"}`},
		{"TIMED_OUT", "", "", "TIMED_OUT: no reason is given"},
		{"ABORTED", "", "by hand", "ABORTED: by hand"},
	} {
		b := (&world{looks: []*sfn.DescribeExecutionOutput{ending(row.status, row.name, row.cause)}}).batch(t)
		outcome, err := b.Wait(t.Context(), &batchrun.Execution{Name: "r", ARN: "a"}, batchrun.Watch{})
		require.NoError(t, err)
		assert.EqualError(t, outcome.Failed(), "execution r ended with "+row.want)
		assert.Empty(t, outcome.Output, "what is there is no result")
	}
}

func TestTheLocalAWSTellsHowFarAJobIs(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "/_local/sagemaker/transform-jobs/j/progress?region=eu-west-1":
			_, _ = w.Write([]byte(`{"Objects":1,"TotalObjects":2,"Bytes":3,"TotalBytes":4,"Records":5}`))
		case "/_local/sagemaker/transform-jobs/bad/progress?region=eu-west-1":
			_, _ = w.Write([]byte(`{`))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	counts := batchrun.LocalCounts(server.URL, "eu-west-1")
	have, err := counts(t.Context(), "j")
	require.NoError(t, err)
	assert.Equal(t, &batchrun.Counts{Objects: 1, TotalObjects: 2, Bytes: 3, TotalBytes: 4, Records: 5}, have)
	_, err = counts(t.Context(), "other")
	require.EqualError(t, err, "progress of job other: 404 Not Found")
	_, err = counts(t.Context(), "bad")
	assert.EqualError(t, err, "progress of job bad: unexpected EOF")
}
