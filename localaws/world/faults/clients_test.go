package faults

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	sdkruntime "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/rpccbor"
)

// call makes one request with a client.
type call func(context.Context, aws.Config) error

func describeEndpoint(ctx context.Context, c aws.Config) error {
	_, err := sagemaker.NewFromConfig(c).DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{
		EndpointName: aws.String("e"),
	})
	return err
}

func invokeEndpoint(ctx context.Context, c aws.Config) error {
	_, err := sdkruntime.NewFromConfig(c).InvokeEndpoint(ctx, &sdkruntime.InvokeEndpointInput{
		EndpointName: aws.String("e"), Body: []byte("1,2"),
	})
	return err
}

func invokeEndpointAsync(ctx context.Context, c aws.Config) error {
	_, err := sdkruntime.NewFromConfig(c).InvokeEndpointAsync(ctx, &sdkruntime.InvokeEndpointAsyncInput{
		EndpointName: aws.String("e"), InputLocation: aws.String("s3://b/k"),
	})
	return err
}

func invokeStream(ctx context.Context, c aws.Config) error {
	_, err := sdkruntime.NewFromConfig(c).InvokeEndpointWithResponseStream(ctx,
		&sdkruntime.InvokeEndpointWithResponseStreamInput{EndpointName: aws.String("e"), Body: []byte("1")})
	return err
}

func createRole(ctx context.Context, c aws.Config) error {
	_, err := iam.NewFromConfig(c).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String("{}"),
	})
	return err
}

func publish(ctx context.Context, c aws.Config) error {
	_, err := sns.NewFromConfig(c).Publish(ctx, &sns.PublishInput{
		TopicArn: aws.String("arn:aws:sns:eu-central-1:1:t"), Message: aws.String("m"),
	})
	return err
}

func listMetrics(ctx context.Context, c aws.Config) error {
	_, err := cloudwatch.NewFromConfig(c).ListMetrics(ctx, &cloudwatch.ListMetricsInput{})
	return err
}

func describeTargets(ctx context.Context, c aws.Config) error {
	_, err := scaling.NewFromConfig(c).DescribeScalableTargets(ctx, &scaling.DescribeScalableTargetsInput{
		ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
	})
	return err
}

func getObject(ctx context.Context, c aws.Config) error {
	_, err := s3.NewFromConfig(c).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	return err
}

func headObject(ctx context.Context, c aws.Config) error {
	_, err := s3.NewFromConfig(c).HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	return err
}

func uploadPart(ctx context.Context, c aws.Config) error {
	_, err := s3.NewFromConfig(c).UploadPart(ctx, &s3.UploadPartInput{
		Bucket: aws.String("b"), Key: aws.String("k"), UploadId: aws.String("u"), PartNumber: aws.Int32(1),
		Body: bytes.NewReader(make([]byte, 8<<20)),
	})
	return err
}

func putObject(ctx context.Context, c aws.Config) error {
	_, err := s3.NewFromConfig(c).PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String("b"), Key: aws.String("k"), Body: strings.NewReader("content"),
	})
	return err
}

func TestAClientSeesTheErrorInItsOwnProtocol(t *testing.T) {
	t.Parallel()
	const odd = `no "room" <here> & there`
	tests := []struct {
		name    string
		call    call
		rule    Rule
		status  int
		code    string
		message string
	}{
		{
			"JSON", describeEndpoint,
			Rule{Service: "sagemaker", Operation: "DescribeEndpoint", Error: "ThrottlingException"},
			400, "ThrottlingException", "Rate exceeded",
		},
		{
			"JSON, an error of the model", describeEndpoint,
			Rule{Service: "sagemaker", Error: "ResourceNotFound", Message: odd, Status: 418},
			418, "ResourceNotFound", odd,
		},
		{
			"JSON, another service", describeTargets,
			Rule{Service: "application-autoscaling", Error: "InternalFailure"},
			500, "InternalFailure", internalMessage,
		},
		{
			"JSON, an error of another model", describeTargets,
			Rule{Service: "applicationautoscaling", Error: "ConcurrentUpdateException", Message: odd},
			400, "ConcurrentUpdateException", odd,
		},
		{
			"REST", invokeEndpoint,
			Rule{Service: runtimeService, Operation: "InvokeEndpoint", Error: "ThrottlingException"},
			429, "ThrottlingException", "Rate exceeded",
		},
		{
			"REST, an error of the model", invokeEndpoint,
			Rule{Service: runtimeService, Error: "ModelError", Message: odd},
			424, "ModelError", odd,
		},
		{
			"REST, asynchronous", invokeEndpointAsync,
			Rule{Service: runtimeService, Operation: "InvokeEndpointAsync", Error: "ServiceUnavailable"},
			503, "ServiceUnavailable", unavailableMessage,
		},
		{
			"REST, a stream", invokeStream,
			Rule{Service: runtimeService, Operation: "InvokeEndpointWithResponseStream", Error: "InternalFailure"},
			500, "InternalFailure", internalMessage,
		},
		{
			"Query", createRole,
			Rule{Service: "iam", Operation: "CreateRole", Error: "AccessDenied"},
			403, "AccessDenied", "Access Denied",
		},
		{
			"Query, an error of the model", createRole,
			Rule{Service: "iam", Error: "ServiceFailure", Message: odd},
			500, "ServiceFailure", odd,
		},
		{
			"Query, another service", publish,
			Rule{Service: "sns", Operation: "Publish", Error: "Throttled"},
			429, "Throttled", "Rate exceeded",
		},
		{
			"CBOR, a service with two names", listMetrics,
			Rule{Service: "cloudwatch", Operation: "ListMetrics", Error: "Made-Up"},
			400, "Made-Up", "The local AWS was told to refuse this request with Made-Up.",
		},
		{
			"CBOR, an error of the model", listMetrics,
			Rule{Service: "monitoring", Error: "InternalServiceFault", Status: 500, Message: odd},
			500, "InternalServiceFault", odd,
		},
		{
			"S3", getObject,
			Rule{Service: "s3", Operation: "GetObject", Error: "SlowDown"},
			503, "SlowDown", "Please reduce your request rate.",
		},
		{
			"S3, an error of the model", getObject,
			Rule{Service: "s3", Error: "NoSuchKey", Message: odd},
			404, "NoSuchKey", odd,
		},
		{
			"S3, a small upload", putObject,
			Rule{Service: "s3", Operation: "PutObject", Error: "AccessDenied", Message: odd},
			403, "AccessDenied", odd,
		},
		{
			"S3, a large upload", uploadPart,
			Rule{Service: "s3", Operation: "UploadPart", Error: "InternalError"},
			500, "InternalError", "We encountered an internal error. Please try again.",
		},
		{
			"S3, the head alone", headObject,
			Rule{Service: "s3", Operation: "HeadObject", Error: "AccessDenied"},
			403, "Forbidden", "Forbidden",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(rpccbor.Wrap(set(t, test.rule).Wrap(next)))
			defer server.Close()
			err := test.call(t.Context(), config(server.URL))
			var told smithy.APIError
			require.ErrorAs(t, err, &told)
			assert.Equal(t, test.code, told.ErrorCode())
			assert.Equal(t, test.message, told.ErrorMessage())
			var response *smithyhttp.ResponseError
			require.ErrorAs(t, err, &response)
			assert.Equal(t, test.status, response.HTTPStatusCode())
		})
	}
}

func TestAClientThatTriesAgainGetsThroughWhenTheCountIsUsedUp(t *testing.T) {
	t.Parallel()
	f := set(t, Rule{Service: runtimeService, Error: "ThrottlingException", Count: 2})
	server := httptest.NewServer(f.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	})))
	defer server.Close()
	c := config(server.URL)
	c.RetryMaxAttempts = 3
	out, err := sdkruntime.NewFromConfig(c).InvokeEndpoint(t.Context(), &sdkruntime.InvokeEndpointInput{
		EndpointName: aws.String("e"), Body: []byte("1,2"),
	})
	require.NoError(t, err)
	assert.Equal(t, "1,2", string(out.Body))
	assert.Equal(t, 2, f.List()[0].Hits)
}

func TestEC2AndOlderJSONAreAnsweredInTheirOwnForms(t *testing.T) {
	t.Parallel()
	f := set(t, Rule{Service: "ec2", Operation: "RunInstances", Error: "InsufficientInstanceCapacity", Message: "m"},
		Rule{Service: "stepfunctions", Error: "InternalServerError", Message: "m"})
	w := httptest.NewRecorder()
	f.Wrap(next).ServeHTTP(w, formCall("ec2", "Action=RunInstances"))
	assert.Equal(t, 400, w.Code)
	assert.Contains(t, w.Body.String(), "<Response><Errors><Error><Code>InsufficientInstanceCapacity</Code>"+
		"<Message>m</Message></Error></Errors><RequestID>")

	older := signed(http.MethodPost, "/", "states", "{}")
	older.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
	older.Header.Set("Content-Type", "application/x-amz-json-1.0")
	w = httptest.NewRecorder()
	f.Wrap(next).ServeHTTP(w, older)
	assert.Equal(t, 500, w.Code)
	assert.Equal(t, "application/x-amz-json-1.0", w.Header().Get("Content-Type"))
	assert.JSONEq(t, `{"__type":"InternalServerError","message":"m","Message":"m"}`, w.Body.String())
	assert.NotEmpty(t, w.Header().Get("X-Amzn-Requestid"))
}
