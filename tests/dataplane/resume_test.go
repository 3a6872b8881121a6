package dataplane_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation"
)

// stored are the keys of all objects.
func (w *world) stored() []string {
	w.tb.Helper()
	listed, err := w.s3.ListObjectsV2(w.tb.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	require.NoError(w.tb, err)
	var keys []string
	for i := range listed.Contents {
		keys = append(keys, aws.ToString(listed.Contents[i].Key))
	}
	return keys
}

// The waiting ends as soon as the run has begun, as with Ctrl-C.
func TestAnEvaluationThatWasInterruptedGoesOnFromItsRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	held, err := os.ReadFile(example("flowers/data/held-out.csv"))
	require.NoError(t, err)
	request := evaluation.Request{
		Batch: w.batch("flowers"), Objects: w.s3, Data: w.upload("data/held-out.csv", held), Label: "species",
	}
	ctx, cancel := context.WithCancel(t.Context())
	interrupted := request
	interrupted.Watch.Show = func(batchrun.Progress) { cancel() }
	_, err = evaluation.Run(ctx, interrupted)
	var running *batchrun.StillRunning
	require.ErrorAs(t, err, &running)
	require.ErrorContains(t, err, "; evaluate the same set with --run "+running.Execution+" to go on from that run")

	request.Run = running.Execution
	result, err := evaluation.Run(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, 29./30, result.Summary.Values["accuracy"])
	assert.Equal(t, result.Outcome.Ended, result.Ended, "its predictions are no newer")
	assert.Equal(t, &batchrun.Size{Objects: 1, Bytes: 480}, result.Outcome.Read)
	before := w.stored()
	_, err = evaluation.Run(t.Context(), request)
	require.NoError(t, err, "as often as wanted")
	assert.Equal(t, before, w.stored(), "nothing is written or started")

	other := request
	other.Data = w.upload("data/other.csv", bytes.Replace(held, []byte("virginica"), []byte("setosa"), 1))
	_, err = evaluation.Run(t.Context(), other)
	require.ErrorContains(t, err, "run "+request.Run+` is not on the rows of `+other.Data+` without "species"`)
	other = request
	other.Label = "petal_width"
	_, err = evaluation.Run(t.Context(), other)
	require.ErrorContains(t, err, "run "+request.Run+` is not on the rows of `+request.Data+` without "petal_width"`)
	other = request
	other.Run = "nightly"
	_, err = evaluation.Run(t.Context(), other)
	assert.EqualError(t, err,
		"batch \"b\" of stack dev has no execution \"nightly\"; see `sagehost batch list b --stack dev`")
}

func TestARunIsNotComparedAsThatOfAnotherModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers-1", scoring(w.uploadExample("flowers/model.tar.gz")))
	var job *sagemaker.CreateTransformJobInput
	request := evaluation.Request{
		Batch:   w.batch("flowers-1", func(in *sagemaker.CreateTransformJobInput) { job = in }),
		Objects: w.s3, Data: example("flowers/data/held-out.csv"), Label: "species",
	}
	result, err := evaluation.Run(t.Context(), request)
	require.NoError(t, err)
	request.Run = result.Outcome.Name
	request.Watch.Done = func() { job.ModelName = aws.String("flowers-2") }
	_, err = evaluation.Run(t.Context(), request)
	assert.EqualError(t, err, "run "+request.Run+` is of model flowers-1, and batch "b" runs flowers-2 now; `+
		"evaluate that one anew")
}
