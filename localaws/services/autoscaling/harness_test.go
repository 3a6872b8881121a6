package autoscaling_test

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
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/autoscaling"
)

const (
	resource = "endpoint/e/variant/v"
	count    = types.ScalableDimensionSageMakerVariantDesiredInstanceCount
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// endpoints stands for SageMaker: variants of the endpoints e (real-time) and a (asynchronous), by instance type.
type endpoints struct{}

func (endpoints) Variant(_, endpoint, variant string) (instanceType string, async, found bool) {
	types := map[string]string{"v": "ml.m5.large", "w": "ml.m5.large", "burst": "ml.t2.medium", "serverless": ""}
	instanceType, found = types[variant]
	return instanceType, endpoint == "a", found && (endpoint == "e" || endpoint == "a")
}

type world struct {
	*sdk.Client
	t    *testing.T
	fake *autoscaling.Fake
	url  string

	mu  sync.Mutex
	now time.Time
}

// clock is the time in the world, which only pass changes.
func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// pass lets time pass, and the fake do what has become due.
func (w *world) pass(span time.Duration) {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.now.Add(span)
	w.mu.Unlock()
	w.fake.Look(w.t.Context())
}

func newWorld(t *testing.T, changes ...func(*autoscaling.Options)) *world {
	t.Helper()
	w := &world{t: t, now: epoch}
	options := autoscaling.Options{
		Clock: w.clock, Endpoints: endpoints{}, Log: io.Discard,
		Other: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			answer, _ := json.Marshal(map[string]string{"__type": "Elsewhere", "message": string(body)})
			http.Error(w, string(answer), http.StatusBadRequest)
		}),
	}
	for _, change := range changes {
		change(&options)
	}
	w.fake = autoscaling.New(options)
	require.NoError(t, w.fake.Restore())
	server := httptest.NewServer(w.fake)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = sdk.New(sdk.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	return w
}

// register makes a scalable target of 1 to 4 instances.
func (w *world) register(resource string, changes ...func(*sdk.RegisterScalableTargetInput)) error {
	w.t.Helper()
	in := &sdk.RegisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(4),
	}
	for _, change := range changes {
		change(in)
	}
	_, err := w.RegisterScalableTarget(w.t.Context(), in)
	return err
}

func (w *world) targets(changes ...func(*sdk.DescribeScalableTargetsInput)) []types.ScalableTarget {
	w.t.Helper()
	in := &sdk.DescribeScalableTargetsInput{ServiceNamespace: types.ServiceNamespaceSagemaker}
	for _, change := range changes {
		change(in)
	}
	out, err := w.DescribeScalableTargets(w.t.Context(), in)
	require.NoError(w.t, err)
	return out.ScalableTargets
}

// call sends a request as it is, and returns the code and the message of the error that it must end with.
func (w *world) call(operation, body string) (code, message string) {
	w.t.Helper()
	request, err := http.NewRequest(http.MethodPost, w.url, strings.NewReader(body))
	require.NoError(w.t, err)
	request.Header.Set("X-Amz-Target", "AnyScaleFrontendService."+operation)
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

func requireError(t *testing.T, err error, code, message string) {
	t.Helper()
	var told smithy.APIError
	require.ErrorAs(t, err, &told)
	require.Equal(t, code, told.ErrorCode())
	require.Equal(t, message, told.ErrorMessage())
}
