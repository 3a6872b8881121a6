package batchrun_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

func TestAnExecutionIsFoundWithItsInput(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:states:us-east-1:123456789012:execution:flowers-dev:"
	running := look("RUNNING")
	running.Input = aws.String(`{"input":{"bucket":"stack","key":"k"}}`)
	ended := ending("SUCCEEDED", "", "")
	ended.Input = aws.String("{}")
	for name, row := range map[string]struct {
		look *sfn.DescribeExecutionOutput
		want batchrun.Execution
	}{
		"running": {running, batchrun.Execution{
			Name: "r", ARN: arn + "r", Input: &batchrun.Place{Bucket: "stack", Key: "k"}, Started: noon, Status: "RUNNING",
		}},
		"ended": {ended, batchrun.Execution{
			Name: "r", ARN: arn + "r", Started: noon, Ended: noon.Add(90 * time.Second), Status: "SUCCEEDED",
			Output: "s3://stack/flowers-dev/runs/r/output/",
		}},
	} {
		w := &world{looks: []*sfn.DescribeExecutionOutput{row.look}}
		run, err := w.batch(t).Execution(t.Context(), "r")
		require.NoError(t, err, name)
		assert.Equal(t, &row.want, run, name)
		assert.Equal(t, arn+"r", w.described)
	}
}

func TestAnExecutionThatCannotBeFoundIsToldByItsName(t *testing.T) {
	t.Parallel()
	_, err := (&world{}).batch(t).Execution(t.Context(), "none")
	require.EqualError(t, err,
		"batch \"flowers\" of stack dev has no execution \"none\"; see `sagehost batch list flowers --stack dev`")
	_, err = (&world{}).batch(t).Execution(t.Context(), "a:b")
	require.EqualError(t, err, `the name "a:b" is not one of 1 to 80 letters, digits, hyphens and underscores`)
	_, err = (&world{looks: []*sfn.DescribeExecutionOutput{nil}}).batch(t).Execution(t.Context(), "r")
	require.EqualError(t, err, `execution r of batch "flowers": refused`)
	strange := look("RUNNING")
	strange.Input = aws.String("[]")
	_, err = (&world{looks: []*sfn.DescribeExecutionOutput{strange}}).batch(t).Execution(t.Context(), "r")
	assert.ErrorContains(t, err, `execution r of batch "flowers": its input is not what the batch reads: `)
}

func TestTheLatestJobOfAnExecutionTellsWhatItWasLike(t *testing.T) {
	t.Parallel()
	b := (&world{history: []types.HistoryEvent{
		scheduled(1, "sagemaker", "createTransformJob.sync", `{"TransformJobName":"j-1","ModelName":"m-1"}`),
		scheduled(2, "sagemaker", "createTransformJob.sync",
			`{"TransformJobName":"j-2","ModelName":"m-2","DataProcessing":{"JoinSource":"Input"}}`),
		scheduled(3, "aws-sdk:s3", "putObject", `{"ModelName":"none"}`),
	}}).batch(t)
	job, err := b.JobOf(t.Context(), &batchrun.Execution{Name: "r"})
	require.NoError(t, err)
	assert.Equal(t, "m-2", job.ModelName)
	assert.Equal(t, "Input", job.DataProcessing.JoinSource)
	_, err = (&world{}).batch(t).JobOf(t.Context(), &batchrun.Execution{Name: "r"})
	assert.EqualError(t, err, `execution r of batch "flowers" has begun no transform job`)
}
