package sagemaker_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
)

const (
	roleARN   = "arn:aws:iam::123456789012:role/runner"
	arnPrefix = "arn:aws:sagemaker:eu-central-1:123456789012:"
	// repo begins the images of the account in its region.
	repo = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a fake with its client. Time stands still unless a test moves it.
type world struct {
	*sdk.Client
	t    *testing.T
	fake *sagemaker.Fake
	url  string
	// fleets are what the fake has started, if the test gave it a way to.
	fleets fleets

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T, changes ...func(*sagemaker.Options)) *world {
	t.Helper()
	w := &world{t: t, now: epoch}
	options := sagemaker.Options{
		Clock: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
		Durations: sagemaker.Durations{
			Creating: 5 * time.Minute, Updating: 10 * time.Minute, RollingBack: 4 * time.Minute,
			Scaling: 3 * time.Minute, Deleting: time.Minute,
		},
		Other: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, `{"__type":"Elsewhere","message":"`+r.Header.Get("X-Amz-Target")+`"}`, http.StatusBadRequest)
		}),
		Log: io.Discard,
	}
	for _, change := range changes {
		change(&options)
	}
	w.fake = sagemaker.New(options)
	mux := http.NewServeMux()
	mux.Handle("/_local/", w.fake.Admin())
	mux.Handle("/", w.fake)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = w.in("eu-central-1")
	return w
}

// in is a client of a region. It does not retry: errors are what the tests are about.
func (w *world) in(region string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// call sends a request as it is, and returns the code and the message of the error that it must end with.
func (w *world) call(operation, body string) (code, message string) {
	w.t.Helper()
	request, err := http.NewRequest(http.MethodPost, w.url, strings.NewReader(body))
	require.NoError(w.t, err)
	request.Header.Set("X-Amz-Target", "SageMaker."+operation)
	request.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	var answer struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&answer))
	require.Equal(w.t, http.StatusBadRequest, response.StatusCode, "%s %s: %+v", operation, body, answer)
	return answer.Type, answer.Message
}

func (w *world) model(name, image string) {
	w.t.Helper()
	_, err := w.CreateModel(w.t.Context(), &sdk.CreateModelInput{
		ModelName: aws.String(name), ExecutionRoleArn: aws.String(roleARN),
		PrimaryContainer: &types.ContainerDefinition{Image: aws.String(image)},
	})
	require.NoError(w.t, err)
}

// variant is two ml.m5.large of the model "m" with weight 1.
func variant(name string, changes ...func(*types.ProductionVariant)) types.ProductionVariant {
	v := types.ProductionVariant{
		VariantName: aws.String(name), ModelName: aws.String("m"), InitialInstanceCount: aws.Int32(2),
		InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
	}
	for _, change := range changes {
		change(&v)
	}
	return v
}

func (w *world) config(name string, variants ...types.ProductionVariant) {
	w.t.Helper()
	_, err := w.CreateEndpointConfig(w.t.Context(), &sdk.CreateEndpointConfigInput{
		EndpointConfigName: aws.String(name), ProductionVariants: variants,
	})
	require.NoError(w.t, err)
}

func (w *world) endpoint(name, config string) {
	w.t.Helper()
	_, err := w.CreateEndpoint(w.t.Context(), &sdk.CreateEndpointInput{
		EndpointName: aws.String(name), EndpointConfigName: aws.String(config),
	})
	require.NoError(w.t, err)
}

// serving makes the model "m", the configuration "c1" and the endpoint "e", and waits until it is in service.
func (w *world) serving(variants ...types.ProductionVariant) {
	w.t.Helper()
	w.model("m", repo+"m:1")
	w.config("c1", variants...)
	w.endpoint("e", "c1")
	w.pass(5 * time.Minute)
}

func (w *world) update(config string, changes ...func(*sdk.UpdateEndpointInput)) error {
	w.t.Helper()
	input := &sdk.UpdateEndpointInput{EndpointName: aws.String("e"), EndpointConfigName: aws.String(config)}
	for _, change := range changes {
		change(input)
	}
	_, err := w.UpdateEndpoint(w.t.Context(), input)
	return err
}

func (w *world) describe(name string) *sdk.DescribeEndpointOutput {
	w.t.Helper()
	out, err := w.DescribeEndpoint(w.t.Context(), &sdk.DescribeEndpointInput{EndpointName: aws.String(name)})
	require.NoError(w.t, err)
	return out
}

// requireError checks what the client was told.
func requireError(t *testing.T, err error, code, message string) {
	t.Helper()
	var told smithy.APIError
	require.ErrorAs(t, err, &told)
	require.Equal(t, code, told.ErrorCode())
	require.Equal(t, message, told.ErrorMessage())
}
