package dataplane_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logs are clients of CloudWatch Logs in the world.
func (w *world) logs() *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(configOf(w.url, region))
}

// awaitLine waits for a line with a text in a log group, and returns its stream.
func (w *world) awaitLine(group, text string) (stream string) {
	w.tb.Helper()
	require.Eventually(w.tb, func() bool {
		found, err := w.logs().FilterLogEvents(w.tb.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group})
		if err != nil {
			return false
		}
		for _, event := range found.Events {
			if strings.Contains(aws.ToString(event.Message), text) {
				stream = aws.ToString(event.LogStreamName)
			}
		}
		return stream != ""
	}, soon, often, text)
	return stream
}

func TestWhatContainersPrintIsInTheLogGroupOfTheirEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, group := t.Context(), aws.String("/aws/sagemaker/Endpoints/broken")
	// As the stack that declares the endpoint has it.
	_, err := w.logs().CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	require.NoError(t, err)
	_, err = w.logs().PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName: group, RetentionInDays: aws.Int32(7),
	})
	require.NoError(t, err)
	container := told("v1")
	container.Environment["START"], container.Environment["WORDS"] = "exit", "the licence has expired"
	w.model("broken", container)
	w.config("broken", variant("main", "broken"))
	w.create("broken", "broken")
	assert.Regexp(t, `^main/i-[0-9a-f]{17}$`, w.awaitLine(*group, "the licence has expired"))
	w.settled("broken")
	_, err = w.sagemaker.DeleteEndpoint(ctx, &sagemaker.DeleteEndpointInput{EndpointName: aws.String("broken")})
	require.NoError(t, err)
	groups, err := w.logs().DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: group})
	require.NoError(t, err)
	require.Len(t, groups.LogGroups, 1)
	assert.Equal(t, int32(7), aws.ToInt32(groups.LogGroups[0].RetentionInDays))
	none, err := w.logs().FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: group, LogStreamNamePrefix: aws.String("other/"),
	})
	require.NoError(t, err)
	assert.Empty(t, none.Events)
	kept, err := w.logs().FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: group, LogStreamNamePrefix: aws.String("main/"),
	})
	require.NoError(t, err)
	assert.NotEmpty(t, kept.Events)
}

func TestEachContainerOfAPipelineHasAStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := told("v1"), told("v2")
	second.ContainerHostname = aws.String("second")
	second.Environment["START"], second.Environment["WORDS"] = "exit", "no weights"
	w.model("pipe", first, second)
	w.config("pipe", variant("main", "pipe"))
	w.create("pipe", "pipe")
	assert.Regexp(t, `^main/i-[0-9a-f]{17}/second$`, w.awaitLine("/aws/sagemaker/Endpoints/pipe", "no weights"))
}

func TestATransformJobHasAStreamAndADataLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	container := told("v1")
	container.Environment["START"], container.Environment["WORDS"] = "exit", "no weights"
	w.model("failing", container)
	w.upload("in/rows.csv", []byte("1\n"))
	w.transform("failing", func(in *sagemaker.CreateTransformJobInput) {
		in.TransformInput.DataSource.S3DataSource.S3Uri = aws.String("s3://" + bucket + "/in/")
	})
	const job = `^[a-zA-Z0-9-]+/i-[0-9a-f]{17}-[0-9]+`
	assert.Regexp(t, job+`$`, w.awaitLine("/aws/sagemaker/TransformJobs", "no weights"))
	assert.Regexp(t, job+`/data-log$`,
		w.awaitLine("/aws/sagemaker/TransformJobs", "[sagemaker logs]: MaxConcurrentTransforms=1"))
}
