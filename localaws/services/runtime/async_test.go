package runtime_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/runtime"
)

// asynchronous is the endpoint e with topics.
func asynchronous(instances int, f runtime.Fleet) *runtime.Endpoint {
	e := endpoint(variant("v", 1, instances, f))
	e.Async = &runtime.Async{
		OutputPath: "s3://bucket/out", FailurePath: "s3://bucket/failed/", KMSKey: "key", SuccessTopic: "arn:good",
		ErrorTopic: "arn:bad", IncludeResponseIn: []string{runtime.IncludeInSuccess, runtime.IncludeInError},
	}
	return e
}

// send invokes the endpoint e with the object s3://bucket/in.
func (w *world) send(change func(*sdk.InvokeEndpointAsyncInput)) (*sdk.InvokeEndpointAsyncOutput, error) {
	in := &sdk.InvokeEndpointAsyncInput{
		EndpointName: aws.String("e"), InputLocation: aws.String("s3://bucket/in"), ContentType: aws.String("text/csv"),
	}
	if change != nil {
		change(in)
	}
	return w.InvokeEndpointAsync(w.t.Context(), in)
}

// path is where an s3:// URI is on the store.
func path(uri *string) string { return strings.TrimPrefix(aws.ToString(uri), "s3:/") }

// message waits for the only message and takes it apart.
func (w *world) message() (topic string, content map[string]any) {
	w.t.Helper()
	w.eventually(func() bool { return len(w.sns.messages()) > 0 })
	parts := strings.SplitN(w.sns.messages()[0], " ", 3)
	require.Equal(w.t, region, parts[0])
	require.NoError(w.t, json.Unmarshal([]byte(parts[2]), &content))
	return parts[1], content
}

func TestAnAsynchronousInvocationIsAnsweredInS3AndTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, echo("v")))
	w.store.put("/bucket/in", "1,2")
	w.run()
	out, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) {
		in.InferenceId, in.Accept, in.CustomAttributes = aws.String("mine"), aws.String("x/y"), aws.String("c")
	})
	require.NoError(t, err)
	assert.Equal(t, "mine", aws.ToString(out.InferenceId))
	assert.Regexp(t, `^s3://bucket/out/[0-9a-f-]{36}\.out$`, aws.ToString(out.OutputLocation))
	assert.Regexp(t, `^s3://bucket/failed/[0-9a-f-]{36}-error\.out$`, aws.ToString(out.FailureLocation))
	topic, content := w.message()
	assert.Equal(t, "arn:good", topic)
	answer := "v|text/csv|x/y|c|mine|||3|1,2"
	stored, key := w.store.get(path(out.OutputLocation))
	assert.Equal(t, []string{answer, "key"}, []string{stored, key})
	assert.Regexp(t, `^2026-01-02T03:\d\d:\d\d\.\d{3}Z$`, content["eventTime"])
	assert.Regexp(t, `^2026-01-02T03:\d\d:\d\d\.\d{3}Z$`, content["receivedTime"])
	delete(content, "eventTime")
	delete(content, "receivedTime")
	assert.Equal(t, map[string]any{
		"awsRegion": region, "invocationStatus": "Completed", "inferenceId": "mine", "eventVersion": "1.0",
		"eventSource": "aws:sagemaker", "eventName": "InferenceResult",
		"requestParameters": map[string]any{
			"accept": "x/y", "contentType": "text/csv", "customAttributes": "c", "endpointName": "e",
			"inputLocation": "s3://bucket/in",
		},
		"responseParameters": map[string]any{
			"contentType": "text/plain", "outputLocation": aws.ToString(out.OutputLocation),
		},
		"responseBody": map[string]any{
			"content": base64.StdEncoding.EncodeToString([]byte(answer)), "encoding": "BASE64",
			"message": "Check S3 path location(if configured) or Cloudwatch for additional details.",
		},
	}, content)
}

func TestAnAsynchronousInvocationIsMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(1, echo("v")))
	w.store.put("/bucket/in", "1,2")
	w.run()
	_, err := w.send(nil)
	require.NoError(t, err)
	w.eventually(func() bool { return len(w.sink.of("TotalProcessingTime", "Milliseconds", v()...)) == 1 })
	assert.Equal(t, []float64{1}, w.sink.of("InvocationsProcesssed", "Count", v()...))
	assert.Equal(t, []float64{0}, w.sink.of("Invocation4XXErrors", "None", v()...))
	assert.Equal(t, []float64{0}, w.sink.of("Invocation5XXErrors", "None", v()...))
	assert.Equal(t, []float64{1500}, w.sink.of("ModelLatency", "Microseconds", v()...))
	assert.Len(t, w.sink.of("TimeInBacklog", "Milliseconds", v()...), 1)
	assert.Len(t, w.sink.of("RequestDownloadLatency", "Microseconds", v()...), 1)
	assert.Len(t, w.sink.of("ResponseUploadLatency", "Microseconds", v()...), 1)
	assert.Len(t, w.sink.names(), 8)
}

func TestTheBodyCanBeInlineAndTheOutputNamed(t *testing.T) {
	t.Parallel()
	e := asynchronous(1, echo("v"))
	e.Async.IncludeResponseIn = nil
	w := newWorld(t, e)
	w.run()
	out, err := w.send(func(in *sdk.InvokeEndpointAsyncInput) {
		in.InputLocation, in.Body, in.Filename = nil, []byte("inline"), aws.String("mine.json")
		in.S3OutputPathExtension, in.ContentType = aws.String("today/"), nil
	})
	require.NoError(t, err)
	assert.Equal(t, "s3://bucket/out/today/mine.json", aws.ToString(out.OutputLocation))
	_, content := w.message()
	assert.NotContains(t, content, "responseBody")
	stored, _ := w.store.get("/bucket/out/today/mine.json")
	assert.Equal(t, "v|application/octet-stream|||"+aws.ToString(out.InferenceId)+"|||6|inline", stored)
}

func TestAnAsynchronousRequestIsCheckedBeforeItIsTaken(t *testing.T) {
	t.Parallel()
	now := endpoint(variant("v", 1, 1, echo("v")))
	now.Name = "now"
	w := newWorld(t, asynchronous(0, nil), now)
	for want, change := range map[string]func(*sdk.InvokeEndpointAsyncInput){
		"Endpoint none of account 123456789012 not found.": func(in *sdk.InvokeEndpointAsyncInput) {
			in.EndpointName = aws.String("none")
		},
		"Endpoint now is not an asynchronous endpoint and does not support InvokeEndpointAsync.": func(
			in *sdk.InvokeEndpointAsyncInput,
		) {
			in.EndpointName = aws.String("now")
		},
		"Body and InputLocation are mutually exclusive. Provide exactly one of them.": func(
			in *sdk.InvokeEndpointAsyncInput,
		) {
			in.Body = []byte("x")
		},
		"1 validation error detected: Value at 'inputLocation' failed to satisfy constraint: Member must not be null": func(
			in *sdk.InvokeEndpointAsyncInput,
		) {
			in.InputLocation = nil
		},
		"1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than " +
			"or equal to 128000": func(in *sdk.InvokeEndpointAsyncInput) {
			in.InputLocation, in.Body = nil, make([]byte, 128001)
		},
		"4 validation errors detected: Value 'ftp://x' at 'inputLocation' failed to satisfy constraint: Member must " +
			"satisfy regular expression pattern: ^(https|s3)://([^/]+)/?(.*)$; Value 'a.b.c' at 'filename' failed to " +
			`satisfy constraint: Member must satisfy regular expression pattern: ^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_\.]*$` +
			"; Value '59' at 'requestTTLSeconds' failed to satisfy constraint: Member must have value greater than or " +
			"equal to 60; Value '3601' at 'invocationTimeoutSeconds' failed to satisfy constraint: Member must have " +
			"value less than or equal to 3600": func(in *sdk.InvokeEndpointAsyncInput) {
			in.InputLocation, in.Filename = aws.String("ftp://x"), aws.String("a.b.c")
			in.RequestTTLSeconds, in.InvocationTimeoutSeconds = aws.Int32(59), aws.Int32(3601)
		},
	} {
		_, err := w.send(change)
		code, message := refusal(t, err)
		assert.Equal(t, []string{"ValidationError", want}, []string{code, message})
	}
}

func TestRequestsWaitUntilThereAreInstancesAndTheBacklogIsMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asynchronous(0, nil))
	w.store.put("/bucket/in", "x")
	require.NoError(t, w.clock.SetSpeed(200))
	w.run()
	for range 6 {
		_, err := w.send(nil)
		require.NoError(t, err)
	}
	last := func(name, unit string) float64 {
		values := w.sink.of(name, "Count", "EndpointName", "e")
		if unit == "Seconds" {
			values = w.sink.of(name, "Seconds", "EndpointName", "e")
		}
		if len(values) == 0 {
			return -1
		}
		return values[len(values)-1]
	}
	w.eventually(func() bool { return last("ApproximateAgeOfOldestRequest", "Seconds") > 0 })
	assert.Equal(t, []float64{6, 1}, []float64{
		last("ApproximateBacklogSize", ""), last("HasBacklogWithoutCapacity", ""),
	})
	assert.NotContains(t, w.sink.names(), "ApproximateBacklogSizePerInstance")
	assert.NotContains(t, w.sink.names(), "Invocations")
	inside, goOn := make(chan bool, 6), make(chan bool)
	w.set(asynchronous(1, fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
		inside <- true
		<-goOn
		return &serving.Response{Body: io.NopCloser(strings.NewReader("y"))}, nil
	})))
	for range 4 {
		<-inside
	}
	w.eventually(func() bool { return last("ApproximateBacklogSizePerInstance", "") == 6 })
	assert.Equal(t, 0.0, last("HasBacklogWithoutCapacity", ""))
	assert.Empty(t, inside, "an instance works on 4 requests at once")
	close(goOn)
	w.eventually(func() bool { return len(w.store.under("/bucket/out/")) == 6 })
	w.eventually(func() bool { return last("ApproximateBacklogSize", "") == 0 })
}
