package transform_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/world/clock"
)

const seeLogs = ": See job logs for more information. "

func TestAnObjectThatFailsLeavesTheOthersTransformed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"1", "2", "3", "4"} {
		w.content["s3://in/data/"+name] = name + "\n"
	}
	w.refused["s3://in/data/2"] = "AccessDenied"
	w.refused["s3://out/3.out"] = "NoSuchBucket"
	assert.Equal(t, "ClientError"+seeLogs+"in/data/2: AccessDenied: s3://in/data/2: <nil>", w.fails())
	assert.Equal(t, map[string]string{"1.out": "1\n", "4.out": "4\n"}, w.outputs())
	assert.Contains(t, w.log.String(),
		"transform job Job: [sagemaker logs]: in/data/3: NoSuchBucket: s3://out/3.out: <nil>\n")
	progress, _ := w.jobs.Progress(region, "Job")
	assert.Equal(t, int64(4), progress.Objects)
}

func TestARecordLargerThanThePayloadFails(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20+1)
	for _, split := range []types.SplitType{types.SplitTypeLine, types.SplitTypeNone} {
		w := newWorld(t)
		w.content["s3://in/data/a"] = long
		assert.Equal(t, "ClientError"+seeLogs+
			"in/data/a: record at byte 0: the record is too large: it exceeds MaxPayloadInMB",
			w.fails(input("s3://in/data/", split, ""), payload(1)), split)
	}
}

func TestWhatTheContainerSaysIsInTheReason(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		asked  int
		want   string
	}{
		{400, 1, "ClientError" + seeLogs + "in/data/a, record 1: ClientError: 400: bad row"},
		{503, 3, "AlgorithmError" + seeLogs + "in/data/a, record 1: AlgorithmError: 503: bad row"},
		{0, 3, "AlgorithmError" + seeLogs + "in/data/a, record 1: Unable to get response from algorithm: bad row"},
	}
	for _, test := range tests {
		w := newWorld(t)
		w.content["s3://in/data/a"] = "a\n"
		w.fleet.answer = func(context.Context, *serving.Request, []byte) (string, error) {
			return "", &serving.ModelError{Status: test.status, Message: "bad row"}
		}
		assert.Equal(t, test.want, w.fails(func(in *sdk.CreateTransformJobInput) {
			in.ModelClientConfig = &types.ModelClientConfig{InvocationsMaxRetries: aws.Int32(2)}
		}))
		assert.Len(t, w.fleet.requests(), test.asked, test.status)
		assert.Empty(t, w.outputs())
	}
}

func TestALongReasonIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	w.fleet.answer = func(context.Context, *serving.Request, []byte) (string, error) {
		return "", &serving.ModelError{Status: 400, Message: strings.Repeat("é", 2000)}
	}
	assert.Len(t, []rune(w.fails()), 1024)
}

func TestARequestIsTriedAgainUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	w.fleet.answer = func(ctx context.Context, r *serving.Request, body []byte) (string, error) {
		if len(w.fleet.requests()) < 4 {
			return "", &serving.ModelError{Status: 500, Message: "busy"}
		}
		return echo(ctx, r, body)
	}
	assert.Equal(t, map[string]string{"a.out": "A\n"}, w.transform())
	assert.Equal(t, []string{"a\n", "a\n", "a\n", "a\n"}, w.fleet.requests())
}

func TestARequestTimesOutOnTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.content["s3://in/data/a"] = "a\n"
	w.fleet.answer = func(ctx context.Context, _ *serving.Request, _ []byte) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	assert.Equal(t, "AlgorithmError"+seeLogs+
		"in/data/a, record 1: Unable to get response from algorithm: no answer within 10m0s", w.fails())
	assert.Len(t, w.fleet.requests(), 4)
}

func TestAStreamThatCannotBeWrittenFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a"
	w.refused["s3://out/a.out"] = "AccessDenied"
	assert.Equal(t, "ClientError"+seeLogs+"in/data/a: AccessDenied: s3://out/a.out: <nil>", w.fails(payload(0)))
	assert.Len(t, w.fleet.requests(), 1)
}

func TestABodyCannotBeReadAfterTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	var body io.Reader
	w.fleet.answer = func(ctx context.Context, r *serving.Request, content []byte) (string, error) {
		body = r.Body
		return echo(ctx, r, content)
	}
	w.transform()
	_, err := body.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}
