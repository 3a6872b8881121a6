package faults

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/rpccbor"
)

func TestTheRequestsOfClientsAreRecognised(t *testing.T) {
	t.Parallel()
	tests := []struct {
		call                         call
		service, operation, resource string
	}{
		{describeEndpoint, "sagemaker", "DescribeEndpoint", "e"},
		{invokeEndpoint, runtimeService, "InvokeEndpoint", "e"},
		{invokeEndpointAsync, runtimeService, "InvokeEndpointAsync", "e"},
		{invokeStream, runtimeService, "InvokeEndpointWithResponseStream", "e"},
		{createRole, "iam", "CreateRole", "r"},
		{publish, "sns", "Publish", "arn:aws:sns:eu-central-1:1:t"},
		{getObject, "s3", "GetObject", "b/k"},
		{putObject, "s3", "PutObject", "b/k"},
		{uploadPart, "s3", "UploadPart", "b/k"},
		{putMetrics, "monitoring", "PutMetricData", ""},
	}
	for _, test := range tests {
		t.Run(test.operation, func(t *testing.T) {
			t.Parallel()
			var q *request
			// What clients of the newest protocol send arrives translated.
			rpccbor.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { q = recognise(r) })).
				ServeHTTP(httptest.NewRecorder(), record(t, test.call))
			assert.Equal(t, test.service, q.service)
			assert.Equal(t, test.operation, q.operation())
			if test.resource != "" {
				assert.Equal(t, []string{test.resource}, q.resources())
			}
		})
	}
}

// record is the request of a call.
func record(t *testing.T, call call) *http.Request {
	t.Helper()
	var seen recorder
	c := config("http://127.0.0.1:4566")
	c.HTTPClient = &seen
	require.ErrorIs(t, call(t.Context(), c), errSeen)
	return seen.last
}

// putMetrics sends so much that the client compresses it.
func putMetrics(ctx context.Context, c aws.Config) error {
	data := make([]types.MetricDatum, 500)
	for i := range data {
		data[i] = types.MetricDatum{MetricName: aws.String(strings.Repeat("m", 100)), Value: aws.Float64(1)}
	}
	_, err := cloudwatch.NewFromConfig(c).PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace: aws.String("n"), MetricData: data,
	})
	return err
}

func TestTheClientCompressesLongMetrics(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "gzip", record(t, putMetrics).Header.Get("Content-Encoding"))
}

func TestRequestsWithoutASignatureAreRecognised(t *testing.T) {
	t.Parallel()
	tests := []struct{ method, target, header, contentType, body, service, operation string }{
		{"POST", "/", "SageMaker.CreateModel", "", "{}", "sagemaker", "CreateModel"},
		{"POST", "/", "AnyScaleFrontendService.X", "", "{}", "application-autoscaling", "X"},
		{"POST", "/", "AWSStepFunctions.X", "", "{}", "states", "X"},
		{"POST", "/", "GraniteServiceVersion20100801.X", "", "{}", "monitoring", "X"},
		{"POST", "/", "Unheard.Of", "", "{}", "", "Of"},
		{"POST", "/endpoints/e/invocations", "", "text/csv", "1", runtimeService, "InvokeEndpoint"},
		{"GET", "/endpoints/e/invocations", "", "", "", "s3", "GetObject"},
		{"POST", "/", "", formContent, "Action=AssumeRoleWithWebIdentity", "sts", "AssumeRoleWithWebIdentity"},
		{"POST", "/b", "", formContent, "Action=AssumeRoleWithSAML", "s3", ""},
		{"GET", "/b/k", "", "", "", "s3", "GetObject"},
		{
			"GET", "/b/k?X-Amz-Credential=k%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Security-Token=", "", "", "",
			"s3", "GetObject",
		},
	}
	for _, test := range tests {
		r := httptest.NewRequest(test.method, test.target, strings.NewReader(test.body))
		r.Host = "localhost:4566"
		r.Header.Set("X-Amz-Target", test.header)
		r.Header.Set("Content-Type", test.contentType)
		q := recognise(r)
		assert.Equal(t, test.service, q.service, test.target)
		assert.Equal(t, test.operation, q.operation(), test.target)
	}
}

func TestOperationsInAQueryStringAreRecognised(t *testing.T) {
	t.Parallel()
	q := recognise(signed("GET", "/?Action=GetRole&RoleName=r", "iam", ""))
	assert.Equal(t, "GetRole", q.operation())
	assert.Equal(t, []string{"r"}, q.resources())
}

func TestOtherRESTServicesHaveNoOperationButAPath(t *testing.T) {
	t.Parallel()
	q := recognise(signed("GET", "/2015-03-31/functions/f", "lambda", ""))
	assert.Equal(t, "lambda", q.service)
	assert.Empty(t, q.operation())
	assert.Equal(t, []string{"2015-03-31/functions/f"}, q.resources())
}

func TestNamesARNsAndIDsInABodyAreWhatARequestIsFor(t *testing.T) {
	t.Parallel()
	body := `{"EndpointName":"e","EndpointConfigName":"c","RoleArn":"a","ResourceId":"i","name":"n",` +
		`"Other":"x","ListName":["y"],"ModelName":null}`
	assert.ElementsMatch(t, []string{"e", "c", "a", "i", "n"}, recognise(jsonCall("X", body)).resources())
	assert.ElementsMatch(t, []string{"r", "s"},
		recognise(formCall("iam", "Action=X&RoleName=r&RoleName=s&Path=p")).resources())
	for _, body := range []string{"", "null", "[]", "{", `"EndpointName"`} {
		assert.Empty(t, recognise(jsonCall("X", body)).resources(), body)
	}
}

func TestABodyThatIsTooLongIsNotLookedAt(t *testing.T) {
	t.Parallel()
	long := `{"EndpointName":"e","Other":"` + strings.Repeat("x", maxBody) + `"}`
	assert.Empty(t, recognise(jsonCall("X", long)).resources())

	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write([]byte(long))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	r := jsonCall("X", packed.String())
	r.Header.Set("Content-Encoding", "gzip")
	assert.Empty(t, recognise(r).resources())
}
