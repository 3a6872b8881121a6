package runtime_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/world/clock"
)

func TestFailuresAreWrittenToldAndCounted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fleet   runtime.Fleet
		input   string
		refuse  string
		reason  string
		content string
		counted string
	}{
		"model": {
			fleet: fails(&serving.ModelError{Hostname: "primary", Status: 500, Message: "oh"}), input: "/bucket/in",
			reason: "ClientError: Received server error (500) from primary. See the SageMaker Endpoint logs in your " +
				"account for more information.", content: "oh", counted: "Invocation5XXErrors",
		},
		"no input": {
			fleet: echo("v"), reason: "ClientError: Unable to download the input: s3://bucket/in: ",
			content: "ClientError: Unable to download the input: ", counted: "RequestDownloadFailures",
		},
		"no room": {
			fleet: echo("v"), input: "/bucket/in", refuse: "/bucket/out/",
			reason:  "ClientError: Unable to upload the response: s3://bucket/out/",
			content: "ClientError: Unable to upload the response: ", counted: "ResponseUploadFailures",
		},
		"broken": {
			fleet: fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
				return &serving.Response{Body: io.NopCloser(&broken{})}, nil
			}), input: "/bucket/in",
			reason: "ClientError: Received server error (0) from primary.", content: "gone", counted: "InvocationFailures",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, asynchronous(1, c.fleet))
			w.store.refuse = c.refuse
			if c.input != "" {
				w.store.put(c.input, "x")
			}
			w.run()
			out, err := w.send(nil)
			require.NoError(t, err)
			topic, content := w.message()
			assert.Equal(t, "arn:bad", topic)
			assert.Equal(t, "Failed", content["invocationStatus"])
			assert.Equal(t, aws.ToString(out.FailureLocation), content["failureLocation"])
			assert.True(t, strings.HasPrefix(content["failureReason"].(string), c.reason), content["failureReason"])
			assert.NotContains(t, content, "responseParameters")
			stored, _ := w.store.get(path(out.FailureLocation))
			assert.True(t, strings.HasPrefix(stored, c.content), stored)
			assert.Equal(t, map[string]any{
				"content": base64.StdEncoding.EncodeToString([]byte(stored)), "encoding": "BASE64",
				"message": "Check S3 path location(if configured) or Cloudwatch for additional details.",
			}, content["responseBody"])
			assert.Equal(t, []float64{1}, w.sink.of("InvocationFailures", "Count", v()...))
			assert.Contains(t, w.sink.names(), c.counted)
		})
	}
}

func TestAnInputAbove1GBIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, echo("v")))
	w.run()
	_, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) { in.InputLocation = aws.String("s3://bucket/huge") })
	require.NoError(t, err)
	_, content := w.message()
	assert.Equal(t, "ClientError: The input s3://bucket/huge has 1073741825 bytes, which is more than 1073741824",
		content["failureReason"])
	assert.Equal(t, []float64{1}, w.sink.of("RequestDownloadFailures", "Count", v()...))
}

func TestAFailureThatCannotBeWrittenIsStillTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, fails(&serving.ModelError{Hostname: "c", Status: 404})))
	w.store.refuse = "/bucket/failed/"
	w.store.put("/bucket/in", "x")
	w.run()
	_, err := w.send(nil)
	require.NoError(t, err)
	_, content := w.message()
	assert.Equal(t, "ClientError: Received client error (404) from c. See the SageMaker Endpoint logs in your account "+
		"for more information.", content["failureReason"])
	assert.Equal(t, []float64{1}, w.sink.of("ResponseUploadFailures", "Count", v()...))
	assert.Contains(t, w.log.String(), "endpoint e could not write a failure: s3://bucket/failed/")
}

func TestTheModelHasTheTimeThatTheRequestGivesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, fleet(func(ctx context.Context, _ *serving.Request) (*serving.Response, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})))
	w.store.put("/bucket/in", "x")
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	out, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) { in.InvocationTimeoutSeconds = aws.Int32(30) })
	require.NoError(t, err)
	w.message()
	stored, _ := w.store.get(path(out.FailureLocation))
	assert.Contains(t, stored, "Your invocation timed out while waiting for a response from container primary.")
}

func TestAnAnswerThatTakesTooLongToComeTimesOutToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, fleet(func(ctx context.Context, _ *serving.Request) (*serving.Response, error) {
		body, end := io.Pipe()
		context.AfterFunc(ctx, func() { _ = end.CloseWithError(ctx.Err()) })
		return &serving.Response{Body: body}, nil
	})))
	w.store.put("/bucket/in", "x")
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	out, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) { in.InvocationTimeoutSeconds = aws.Int32(30) })
	require.NoError(t, err)
	w.message()
	stored, _ := w.store.get(path(out.FailureLocation))
	assert.Contains(t, stored, "Your invocation timed out while waiting for a response from container primary.")
}

func TestARequestExpiresInTheBacklog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(0, nil))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	out, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) { in.RequestTTLSeconds = aws.Int32(60) })
	require.NoError(t, err)
	topic, content := w.message()
	assert.Equal(t, "arn:bad", topic)
	reason := "ClientError: The request has been in the queue for more than its time to live of 60 seconds"
	assert.Equal(t, reason, content["failureReason"])
	stored, _ := w.store.get(path(out.FailureLocation))
	assert.Equal(t, reason, stored)
	assert.Equal(t, []float64{1}, w.sink.of("ExpiredRequests", "Count", v()...))
}

func TestAnEndpointWithoutPathsAndTopicsStillAnswers(t *testing.T) {
	t.Parallel()
	e := asynchronous(1, echo("v"))
	e.Async = &runtime.Async{}
	w := newWorld(t, e)
	w.store.put("/bucket/in", "x")
	w.run()
	out, err := w.send(nil)
	require.NoError(t, err)
	assert.Nil(t, out.OutputLocation)
	assert.Nil(t, out.FailureLocation)
	w.eventually(func() bool { return len(w.sink.of("InvocationsProcesssed", "Count", v()...)) == 1 })
	assert.NotContains(t, w.sink.names(), "InvocationFailures")
	assert.Equal(t, []string{"/bucket/in"}, w.store.under("/"))
}

func TestAnAnswerAbove128KBIsNotPartOfTheMessage(t *testing.T) {
	t.Parallel()
	for size, included := range map[int]bool{128 << 10: true, 128<<10 + 1: false} {
		w := newWorld(t, asynchronous(1, fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
			return &serving.Response{Body: io.NopCloser(strings.NewReader(strings.Repeat("x", size)))}, nil
		})))
		w.store.put("/bucket/in", "x")
		w.run()
		_, err := w.send(nil)
		require.NoError(t, err)
		_, content := w.message()
		_, has := content["responseBody"]
		assert.Equal(t, included, has, size)
	}
}

func TestAMessageThatCannotBeSentIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, echo("v")))
	w.sns.err = errors.New("no topic")
	w.store.put("/bucket/in", "x")
	w.run()
	_, err := w.send(nil)
	require.NoError(t, err)
	w.eventually(func() bool { return len(w.sink.of("NotificationFailures", "Count", v()...)) == 1 })
	assert.Contains(t, w.log.String(), "endpoint e could not notify: publishing to arn:good: no topic")
}

func TestTheBacklogOfADeletedEndpointIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(0, nil))
	w.run()
	_, err := w.send(nil)
	require.NoError(t, err)
	w.remove("e")
	w.eventually(func() bool {
		return strings.Contains(w.log.String(), "runtime: lost with it: 1 request for endpoint e")
	})
}

func TestRunEndsTheWorkThatIsUnderWay(t *testing.T) {
	t.Parallel()
	inside := make(chan bool)
	w := newWorld(t, asynchronous(1, fleet(func(ctx context.Context, _ *serving.Request) (*serving.Response, error) {
		inside <- true
		<-ctx.Done()
		return nil, ctx.Err()
	})))
	w.store.put("/bucket/in", "x")
	stop := w.run()
	_, err := w.send(nil)
	require.NoError(t, err)
	<-inside
	stop()
	assert.Empty(t, w.sns.messages())
	response, err := http.Get(w.url)
	require.NoError(t, err)
	response.Body.Close()
}
