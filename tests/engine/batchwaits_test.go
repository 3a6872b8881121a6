package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestARunWaitsForItsTurnAndEndsInTime follows runs that get no instances at first, and runs that come to no end by
// themselves. The steps build on each other.
func TestARunWaitsForItsTurnAndEndsInTime(t *testing.T) {
	t.Parallel()
	w := newBatchWorld(t, transformed)
	w.store(t, testBatch+"/input/day/a.csv", []byte(testRows))

	t.Run("runs that find a quota used up go on asking until it is their turn", func(t *testing.T) {
		w.refuse(t, "ResourceLimitExceeded", 40)
		w.speed(t, 600)
		for i := range 4 {
			w.start(t, fmt.Sprintf("burst-%d", i), "{}")
		}
		for i := range 4 {
			name := fmt.Sprintf("burst-%d", i)
			w.succeeds(t, name)
			assert.Regexp(t, `^flowers-test-[0-9a-f]{32}-1$`, mark(t, w.folder(t, name)["_SUCCESS"])["job"])
		}
		w.speed(t, 1)
	})

	t.Run("throttling that outlasts the first tries is waited for like a quota", func(t *testing.T) {
		w.refuse(t, "ThrottlingException", 12)
		w.speed(t, 600)
		w.start(t, "throttled-long", "{}")
		w.succeeds(t, "throttled-long")
		w.speed(t, 1)
	})

	t.Run("a run that has waited uses the model that an update has put in place meanwhile", func(t *testing.T) {
		w.refuse(t, "ResourceLimitExceeded", 1)
		w.start(t, "outlived", "{}")
		w.reaches(t, "outlived", "Wait")
		before := w.onlyModel(t)
		w.tag = "1.1.0"
		assert.Equal(t, map[string]int{"same": 7, "update": 2, "replace": 1}, w.deployBatch(t, transformed))
		after := w.onlyModel(t)
		require.NotEqual(t, before, after, "the model that the run has begun with is gone")
		w.speed(t, 600)
		w.succeeds(t, "outlived")
		w.speed(t, 1)
		assert.Equal(t, after, *w.job(t, mark(t, w.folder(t, "outlived")["_SUCCESS"])["job"]).ModelName)
	})

	t.Run("a job that somebody stops fails the run, which says so", func(t *testing.T) {
		job := w.hangs(t, "stopped")
		_, err := w.clients.sagemaker.StopTransformJob(t.Context(),
			&sagemaker.StopTransformJobInput{TransformJobName: &job})
		require.NoError(t, err)
		problem, cause := w.failed(t, "stopped")
		assert.Equal(t, "Batch.JobStopped: the transform job "+job+" was stopped", problem+": "+cause)
		incomplete := mark(t, w.folder(t, "stopped")["_INCOMPLETE"])
		assert.Equal(t, "Batch.JobStopped", incomplete["error"])
		assert.Equal(t, cause, incomplete["reason"])
	})

	t.Run("a run that takes too long stops its job and says so before it is timed out", func(t *testing.T) {
		short := transformed
		short.Timeout = new(time.Minute)
		w.deployBatch(t, short)
		w.alarmIs(t, "timed-out", cwtypes.StateValueOk)
		job := w.hangs(t, "long")
		w.speed(t, 60)
		assert.Equal(t, sfntypes.ExecutionStatusTimedOut, w.ended(t, "long").Status)
		w.alarmIs(t, "timed-out", cwtypes.StateValueAlarm)
		w.speed(t, 1)
		assert.Equal(t, types.TransformJobStatusStopped, w.job(t, job).TransformJobStatus)
		w.reaches(t, "long", "StopJob")
		w.isTooLong(t, "long", "the run took longer than 1m; the transform job "+job+" was stopped")
	})

	t.Run("a run that has no time left to wait says what it has waited for", func(t *testing.T) {
		w.refuse(t, "ResourceLimitExceeded", 1)
		w.speed(t, 60)
		w.start(t, "late", "{}")
		assert.Equal(t, sfntypes.ExecutionStatusTimedOut, w.ended(t, "late").Status)
		w.speed(t, 1)
		w.isTooLong(t, "late", "no time was left to try again: A service limit for the resource has been reached.")
	})
}

// reaches waits until a run has come to a state.
func (w *batchWorld) reaches(t *testing.T, name, state string) {
	t.Helper()
	arn := strings.Replace(w.machine, ":stateMachine:", ":execution:", 1) + ":" + name
	require.Eventually(t, func() bool {
		page, err := w.states.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn})
		return err == nil && slices.ContainsFunc(page.Events, func(e sfntypes.HistoryEvent) bool {
			return e.StateEnteredEventDetails != nil && *e.StateEnteredEventDetails.Name == state
		})
	}, time.Minute, 50*time.Millisecond, state)
}

// isTooLong expects that a run's folder holds nothing but the mark of one that took too long, with a reason that begins
// like this.
func (w *batchWorld) isTooLong(t *testing.T, run, reason string) {
	t.Helper()
	folder := w.folder(t, run)
	require.Len(t, folder, 1)
	incomplete := mark(t, folder["_INCOMPLETE"])
	assert.Equal(t, "States.Timeout", incomplete["error"])
	assert.Contains(t, incomplete["reason"], reason)
}

// onlyModel is the name of the only model that there is.
func (w *batchWorld) onlyModel(t *testing.T) string {
	t.Helper()
	page, err := w.clients.sagemaker.ListModels(t.Context(), &sagemaker.ListModelsInput{})
	require.NoError(t, err)
	require.Len(t, page.Models, 1)
	return *page.Models[0].ModelName
}

// job describes a transform job.
func (w *batchWorld) job(t *testing.T, name string) *sagemaker.DescribeTransformJobOutput {
	t.Helper()
	job, err := w.clients.sagemaker.DescribeTransformJob(t.Context(),
		&sagemaker.DescribeTransformJobInput{TransformJobName: &name})
	require.NoError(t, err)
	return job
}

// hangs starts a run whose job comes to no end, waits for the job, and returns its name.
func (w *batchWorld) hangs(t *testing.T, run string) string {
	t.Helper()
	w.put(t, "sagemaker/transform-jobs/next?region="+region, `{"outcome": "hang"}`)
	w.start(t, run, "{}")
	var job string
	require.Eventually(t, func() bool {
		page, err := w.clients.sagemaker.ListTransformJobs(t.Context(), &sagemaker.ListTransformJobsInput{
			StatusEquals: types.TransformJobStatusInProgress,
		})
		if err != nil || len(page.TransformJobSummaries) != 1 {
			return false
		}
		job = aws.ToString(page.TransformJobSummaries[0].TransformJobName)
		return true
	}, time.Minute, 50*time.Millisecond)
	return job
}
