package runtime_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/runtime"
)

func TestARequestReachesTheModelWithItsHeadersAndTheAnswerComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, echo("v"))))
	out, err := w.invoke(func(in *sdk.InvokeEndpointInput) {
		in.Accept, in.CustomAttributes, in.InferenceId = aws.String("text/x"), aws.String("a=b"), aws.String("id 1")
	})
	require.NoError(t, err)
	assert.Equal(t, "v|text/csv|text/x|a=b|id 1|||3|1,2", string(out.Body))
	assert.Equal(t, []string{"text/plain", "v", "said=v"}, []string{
		aws.ToString(out.ContentType), aws.ToString(out.InvokedProductionVariant), aws.ToString(out.CustomAttributes),
	})
}

func TestABodyWithoutAContentTypeIsAnOctetStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, echo("v"))))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/endpoints/e/invocations",
		strings.NewReader("x"))
	require.NoError(t, err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/"+region+"/sagemaker/aws4_request")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "v|application/octet-stream||||||1|x", string(body))
	assert.Len(t, response.Header.Get("X-Amzn-Requestid"), 36)
}

func TestRequestsForNoOperationGoElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/endpoints/e/invocations/more", "/endpoints/e", "/other", "/endpoints/e/nothing"} {
		response, err := http.Post(w.url+path, "", nil)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, http.StatusTeapot, response.StatusCode, path)
	}
}

func TestRequestsAreRefusedInTheServicesWords(t *testing.T) {
	t.Parallel()
	multi, direct := endpoint(variant("v", 1, 1, echo("v"))), endpoint(variant("v", 1, 1, echo("v")))
	multi.Name, multi.MultiModel = "multi", true
	direct.Name, direct.Direct = "direct", true
	async := endpoint(variant("v", 1, 1, echo("v")))
	async.Name, async.Async = "async", &runtime.Async{}
	w := newWorld(t, endpoint(variant("v", 1, 1, echo("v"))), multi, direct, async)
	cases := map[string]struct {
		change func(*sdk.InvokeEndpointInput)
		want   string
	}{
		"no endpoint": {
			func(in *sdk.InvokeEndpointInput) { in.EndpointName = aws.String("none") },
			"Endpoint none of account 123456789012 not found.",
		},
		"asynchronous": {
			func(in *sdk.InvokeEndpointInput) { in.EndpointName = aws.String("async") },
			"Endpoint async is an asynchronous endpoint and does not support InvokeEndpoint. Use InvokeEndpointAsync.",
		},
		"no variant": {
			func(in *sdk.InvokeEndpointInput) { in.TargetVariant = aws.String("w") },
			"Variant w does not exist for endpoint e.",
		},
		"model": {
			func(in *sdk.InvokeEndpointInput) { in.TargetModel = aws.String("m.tar.gz") },
			"Endpoint e is not a multi-model endpoint and does not support target model header.",
		},
		"no model": {
			func(in *sdk.InvokeEndpointInput) { in.EndpointName = aws.String("multi") },
			"is missing a target model header, which multi-model endpoint multi needs.",
		},
		"container": {
			func(in *sdk.InvokeEndpointInput) { in.TargetContainerHostname = aws.String("c") },
			"does not support target container hostname header.",
		},
		"no container": {
			func(in *sdk.InvokeEndpointInput) { in.EndpointName = aws.String("direct") },
			"is missing a target container hostname header, which endpoint direct with direct invocation needs.",
		},
		"component": {
			func(in *sdk.InvokeEndpointInput) { in.InferenceComponentName = aws.String("c") },
			"Inference Component Name header is not allowed",
		},
		"no body": {
			func(in *sdk.InvokeEndpointInput) { in.Body = []byte{} },
			"1 validation error detected: Value at 'body' failed to satisfy constraint: Member must not be null",
		},
		"two headers": {
			func(in *sdk.InvokeEndpointInput) {
				in.TargetVariant, in.InferenceId = aws.String("-"), aws.String(strings.Repeat("x", 65))
			},
			"2 validation errors detected: Value '" + strings.Repeat("x", 65) + "' at 'inferenceId' failed to satisfy " +
				"constraint: Member must have length less than or equal to 64; Value '-' at 'targetVariant' failed to " +
				"satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*",
		},
		"secret": {
			func(in *sdk.InvokeEndpointInput) { in.CustomAttributes = aws.String(strings.Repeat("x", 1025)) },
			"1 validation error detected: Value at 'customAttributes' failed to satisfy constraint: " +
				"Member must have length less than or equal to 1024",
		},
	}
	for name, c := range cases {
		_, err := w.invoke(c.change)
		code, message := refusal(t, err)
		assert.Equal(t, "ValidationError", code, name)
		assert.Contains(t, message, c.want, name)
	}
	assert.Empty(t, w.sink.names())
}

func TestTheResponseStreamIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, echo("v"))))
	_, err := w.InvokeEndpointWithResponseStream(t.Context(), &sdk.InvokeEndpointWithResponseStreamInput{
		EndpointName: aws.String("e"), Body: []byte("x"),
	})
	code, message := refusal(t, err)
	assert.Equal(t, "ValidationError", code)
	assert.Contains(t, message, "does not stream responses")
}

func TestBodiesOf6MBAreTakenAndLargerOnesAreNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, fleet(
		func(_ context.Context, r *serving.Request) (*serving.Response, error) {
			_, err := io.Copy(io.Discard, r.Body)
			return &serving.Response{Body: io.NopCloser(strings.NewReader("ok"))}, err
		}))))
	out, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.Body = make([]byte, 6291456) })
	require.NoError(t, err)
	assert.Equal(t, "application/octet-stream", aws.ToString(out.ContentType))
	_, err = w.invoke(func(in *sdk.InvokeEndpointInput) { in.Body = make([]byte, 6291457) })
	_, message := refusal(t, err)
	assert.Equal(t, "HTTP content length exceeded 6291456 bytes.", message)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status(t, err))
}

func status(t *testing.T, err error) int {
	t.Helper()
	var answer *awshttp.ResponseError
	require.ErrorAs(t, err, &answer)
	return answer.HTTPStatusCode()
}
