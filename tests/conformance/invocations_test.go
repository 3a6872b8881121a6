package conformance_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// invocation is a request to an endpoint and what AWS answers.
type invocation struct {
	title, path string
	header      map[string]string
	body        string

	status int
	// code is the type of an error, and answer is a body, with "(uuid)" for ids; a message stands for the body of an error
	// that has nothing else.
	code, message, answer string
	// answered are headers of the answer.
	answered map[string]string
}

const (
	constraintOf = "1 validation error detected: Value "
	toSatisfy    = " failed to satisfy constraint: Member must "
	shortName    = "satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*"
)

var csv = map[string]string{"Content-Type": "text/csv"}

// with is a header beside the content type.
func with(name, value string) map[string]string {
	return map[string]string{"Content-Type": "text/csv", name: value}
}

// invocations are what is asked while the endpoint "now" answers at once, and "later" asynchronously.
var invocations = []invocation{
	{
		title: "a prediction", path: "/endpoints/now/invocations", body: "5.1,3.5,1.4,0.2\n",
		header: with("X-Amzn-Sagemaker-Inference-Id", "a-1"), status: http.StatusOK,
		answer: "setosa,0.9995617568787971\n",
		answered: map[string]string{
			"Content-Type": "text/csv", "X-Amzn-Invoked-Production-Variant": "v", "X-Amzn-Errortype": "",
		},
	},
	{
		title: "no such endpoint", path: "/endpoints/gone/invocations", body: "1", header: csv, status: http.StatusBadRequest,
		code: "ValidationError", message: "Endpoint gone of account 123456789012 not found.",
	},
	{
		title: "a name that no endpoint has", path: "/endpoints/a_b/invocations", body: "1", header: csv,
		status: http.StatusBadRequest, code: "ValidationError",
		message: constraintOf + "'a_b' at 'endpointName'" + toSatisfy + shortName,
	},
	{
		title: "no body", path: "/endpoints/now/invocations", header: csv, status: http.StatusBadRequest,
		code: "ValidationError", message: constraintOf + "at 'body'" + toSatisfy + "not be null",
	},
	{
		title: "a body that is too large", path: "/endpoints/now/invocations", header: csv,
		body:   strings.Repeat("1", 6291457),
		status: http.StatusRequestEntityTooLarge, message: "HTTP content length exceeded 6291456 bytes.",
	},
	{
		title: "attributes that are too long stay secret", path: "/endpoints/now/invocations", body: "1",
		header: with("X-Amzn-Sagemaker-Custom-Attributes", strings.Repeat("x", 1025)), status: http.StatusBadRequest,
		code:    "ValidationError",
		message: constraintOf + "at 'customAttributes'" + toSatisfy + "have length less than or equal to 1024",
	},
	{
		title: "a variant that is not there", path: "/endpoints/now/invocations", body: "1",
		header: with("X-Amzn-Sagemaker-Target-Variant", "w"), status: http.StatusBadRequest, code: "ValidationError",
		message: "Variant w does not exist for endpoint now.",
	},
	{
		title: "a model of an endpoint that has one", path: "/endpoints/now/invocations", body: "1",
		header: with("X-Amzn-Sagemaker-Target-Model", "m.tar.gz"), status: http.StatusBadRequest, code: "ValidationError",
		answer: `{"ErrorCode":"TARGET_MODEL_HEADER_NOT_SUPPORTED","Message":"Endpoint now is not a multi-model endpoint ` +
			`and does not support target model header."}`,
	},
	{
		title: "what the model refuses", path: "/endpoints/now/invocations", body: "a,b,c,d", header: csv,
		status: http.StatusFailedDependency, code: "ModelError",
		answer: `{"ErrorCode":"CLIENT_ERROR_FROM_MODEL",` +
			`"LogStreamArn":"arn:aws:logs:eu-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/now",` +
			`"Message":"Received client error (400) from primary with message \"{\"error\":\"row 1, column 1: \\\"a\\\" is ` +
			`not a finite number\"}\n\". See https://eu-north-1.console.aws.amazon.com/cloudwatch/home?region=eu-north-1` +
			`#logEventViewer:group=/aws/sagemaker/Endpoints/now in account 123456789012 for more information.",` +
			`"OriginalMessage":"{\"error\":\"row 1, column 1: \\\"a\\\" is not a finite number\"}\n","OriginalStatusCode":400}`,
	},
	{
		title: "at once of an asynchronous endpoint", path: "/endpoints/later/invocations", body: "1", header: csv,
		status: http.StatusBadRequest, code: "ValidationError",
		message: "Endpoint later is an asynchronous endpoint and does not support InvokeEndpoint. Use InvokeEndpointAsync.",
	},
	{
		title: "asynchronously", path: "/endpoints/later/async-invocations", status: http.StatusAccepted,
		header: map[string]string{
			"X-Amzn-Sagemaker-Inputlocation": "s3://conformance/flowers/two.csv", "X-Amzn-Sagemaker-Inference-Id": "a-2",
		},
		answer:   `{"InferenceId":"a-2"}`,
		answered: map[string]string{"X-Amzn-Sagemaker-Outputlocation": "s3://conformance/answers/(uuid).out"},
	},
	{
		title: "asynchronously with an id that is made up", path: "/endpoints/later/async-invocations",
		header: map[string]string{"X-Amzn-Sagemaker-Inputlocation": "s3://conformance/flowers/two.csv"},
		status: http.StatusAccepted, answer: `{"InferenceId":"(uuid)"}`,
	},
	{
		title: "asynchronously with nothing to read", path: "/endpoints/later/async-invocations",
		status: http.StatusBadRequest, code: "ValidationError",
		message: constraintOf + "at 'inputLocation'" + toSatisfy + "not be null",
	},
	{
		title: "asynchronously with a location of no kind", path: "/endpoints/later/async-invocations",
		header: map[string]string{"X-Amzn-Sagemaker-Inputlocation": "two.csv"}, status: http.StatusBadRequest,
		code: "ValidationError",
		message: constraintOf + "'two.csv' at 'inputLocation'" + toSatisfy +
			"satisfy regular expression pattern: ^(https|s3)://([^/]+)/?(.*)$",
	},
	{
		title: "asynchronously with too little time", path: "/endpoints/later/async-invocations",
		header: map[string]string{
			"X-Amzn-Sagemaker-Inputlocation":     "s3://conformance/flowers/two.csv",
			"X-Amzn-Sagemaker-Requestttlseconds": "59",
		},
		status: http.StatusBadRequest, code: "ValidationError",
		message: constraintOf + "'59' at 'requestTTLSeconds'" + toSatisfy + "have value greater than or equal to 60",
	},
	{
		title: "asynchronously of an endpoint that answers at once", path: "/endpoints/now/async-invocations",
		header: map[string]string{"X-Amzn-Sagemaker-Inputlocation": "s3://conformance/flowers/two.csv"},
		status: http.StatusBadRequest, code: "ValidationError",
		message: "Endpoint now is not an asynchronous endpoint and does not support InvokeEndpointAsync.",
	},
}

func TestInvocationsAreAnsweredAsAWSAnswers(t *testing.T) {
	t.Parallel()
	const region = "eu-north-1"
	w := newWorld(t)
	w.prepareInvocations(t, region)
	for _, asked := range invocations {
		got := w.send(t, request{
			service: "sagemaker", region: region, path: asked.path, header: asked.header, body: []byte(asked.body),
		})
		want := asked.answer
		if asked.message != "" {
			text, err := json.Marshal(map[string]string{"Message": asked.message})
			require.NoError(t, err)
			want = string(text)
		}
		assert.Equal(t, asked.status, got.status, asked.title)
		assert.Equal(t, asked.code, got.header.Get("X-Amzn-Errortype"), asked.title)
		assert.NotEmpty(t, got.header.Get("X-Amzn-Requestid"), asked.title)
		if strings.HasPrefix(want, "{") {
			assert.JSONEq(t, want, uuid.ReplaceAllString(string(got.body), "(uuid)"), asked.title)
		} else {
			assert.Equal(t, want, string(got.body), asked.title)
		}
		for name, value := range asked.answered {
			assert.Equal(t, value, uuid.ReplaceAllString(got.header.Get(name), "(uuid)"), "%s: %s", asked.title, name)
		}
	}
}

// prepareInvocations brings two endpoints into service.
func (w *world) prepareInvocations(t *testing.T, region string) {
	t.Helper()
	const variant = `"ProductionVariants":[{"VariantName":"v","ModelName":"m","InstanceType":"ml.m5.large",` +
		`"InitialInstanceCount":1}]`
	for _, row := range [][2]string{
		{"CreateModel", `{"ModelName":"m","ExecutionRoleArn":"arn:aws:iam::123456789012:role/runner","PrimaryContainer":` +
			`{"Image":"` + registry(region) + `scoring","ModelDataUrl":"s3://` + bucket + "/" + modelKey + `"}}`},
		{"CreateEndpointConfig", `{"EndpointConfigName":"now",` + variant + `}`},
		{"CreateEndpointConfig", `{"EndpointConfigName":"later",` + variant +
			`,"AsyncInferenceConfig":{"OutputConfig":{"S3OutputPath":"s3://` + bucket + `/answers"}}}`},
		{"CreateEndpoint", `{"EndpointName":"now","EndpointConfigName":"now"}`},
		{"CreateEndpoint", `{"EndpointName":"later","EndpointConfigName":"later"}`},
	} {
		got := w.call(t, "sagemaker", region, row[0], []byte(row[1]))
		require.Equal(t, http.StatusOK, got.status, "%s: %s", row[0], got.body)
	}
	for _, name := range []string{"now", "later"} {
		w.until(t, inService, jsonRequest("sagemaker", region, "DescribeEndpoint", []byte(`{"EndpointName":"`+name+`"}`)))
	}
}
