package transform_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
)

// hold lets requests for "b" wait for the end of the job; the channel gets one value for each.
func hold(w *world) <-chan struct{} {
	asked := make(chan struct{}, 10)
	w.fleet.answer = func(ctx context.Context, request *serving.Request, body []byte) (string, error) {
		if string(body) != "b\n" {
			return echo(ctx, request, body)
		}
		asked <- struct{}{}
		<-ctx.Done()
		return "", ctx.Err()
	}
	return asked
}

func TestAStoppedJobWritesNothingOfUnfinishedObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/1.csv"] = "a\n"
	w.content["s3://in/data/2.csv"] = "b\n"
	asked := hold(w)
	w.create()
	<-asked
	progress, ok := w.jobs.Progress(region, "job")
	require.True(t, ok)
	assert.Equal(t, [5]int64{1, 2, 4, 4, 1}, [5]int64{
		progress.Objects, progress.TotalObjects, progress.Bytes, progress.TotalBytes, progress.Records,
	})
	require.NoError(t, w.stop("Job"))
	got := w.await("Job", types.TransformJobStatusStopped)
	assert.Nil(t, got.FailureReason)
	assert.NotNil(t, got.TransformEndTime)
	assert.Equal(t, map[string]string{"1.csv.out": "A\n"}, w.outputs())
	<-w.fleet.closed
	requireError(t, w.stop("Job"), "ValidationException",
		"The request was rejected because the transform job is in status Stopped")
}

func TestAJobThatReadsIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/1.csv"] = "a\n"
	w.held["s3://in/data/1.csv"] = true
	w.create()
	require.NoError(t, w.stop("Job"))
	w.await("Job", types.TransformJobStatusStopped)
	assert.Empty(t, w.outputs())
}

func TestAJobThatEndedCannotBeStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/1.csv"] = "a\n"
	w.transform()
	requireError(t, w.stop("Job"), "ValidationException",
		"The request was rejected because the transform job is in status Completed")
}

func TestAJobFailsWithItsModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/1.csv"] = "a\n"
	w.start = &serving.FailedStart{Reason: "The container did not pass the ping health check."}
	assert.Equal(t, "The container did not pass the ping health check.", w.fails())
}

func TestJobsOutliveARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/1.csv"] = "a\n"
	w.transform()
	before := w.describe("Job")
	w.content["s3://in/data/1.csv"] = "b\n"
	asked := hold(w)
	w.create(named("running"))
	<-asked
	w.jobs.Close()
	w.open()
	after := w.describe("Job")
	after.ResultMetadata = before.ResultMetadata
	assert.Equal(t, before, after)
	got := w.describe("running")
	assert.Equal(t, types.TransformJobStatusFailed, got.TransformJobStatus)
	assert.Equal(t, "InternalServerError: The service was restarted while the job was running. Please try again.",
		aws.ToString(got.FailureReason))
	assert.NotNil(t, got.TransformEndTime)
	progress, ok := w.jobs.Progress(region, "running")
	assert.True(t, ok)
	assert.Zero(t, progress)
}
