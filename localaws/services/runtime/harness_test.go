package runtime_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/world/clock"
)

const region = "eu-central-1"

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.UTC)

// world is a runtime with everything around it.
type world struct {
	*sdk.Client
	t     *testing.T
	api   *runtime.Runtime
	url   string
	sink  *sink
	store *bucket
	sns   *topics
	clock *clock.Clock
	log   *logbook

	mu        sync.Mutex
	endpoints map[string]*runtime.Endpoint
}

func newWorld(t *testing.T, endpoints ...*runtime.Endpoint) *world {
	t.Helper()
	w := &world{
		t: t, sink: &sink{}, store: newBucket(t), sns: &topics{}, clock: clock.New(epoch), log: &logbook{},
		endpoints: map[string]*runtime.Endpoint{},
	}
	for _, endpoint := range endpoints {
		w.set(endpoint)
	}
	w.api = runtime.New(runtime.Options{
		Endpoints: w, Metrics: w.sink, Objects: objects.New(w.store.URL), Topics: w.sns, Clock: w.clock, Log: w.log,
		Other: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
	})
	server := httptest.NewServer(w.api)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	return w
}

// set makes or changes an endpoint.
func (w *world) set(endpoint *runtime.Endpoint) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endpoints[endpoint.Name] = endpoint
}

// remove deletes an endpoint.
func (w *world) remove(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.endpoints, name)
}

func (w *world) Serving(at, name string) (*runtime.Endpoint, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	endpoint, ok := w.endpoints[name]
	return endpoint, ok && at == region
}

func (w *world) All() []*runtime.Endpoint {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*runtime.Endpoint
	for _, endpoint := range w.endpoints {
		all = append(all, endpoint)
	}
	return all
}

// run runs the background until the test ends, or stop is called; stop returns when it has ended.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.api.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	w.t.Cleanup(stop)
	return stop
}

// invoke sends a body to the endpoint e.
func (w *world) invoke(change func(*sdk.InvokeEndpointInput)) (*sdk.InvokeEndpointOutput, error) {
	in := &sdk.InvokeEndpointInput{EndpointName: aws.String("e"), Body: []byte("1,2"), ContentType: aws.String("text/csv")}
	if change != nil {
		change(in)
	}
	return w.InvokeEndpoint(w.t.Context(), in)
}

// eventually waits for something that happens in the background.
func (w *world) eventually(is func() bool) {
	w.t.Helper()
	require.Eventually(w.t, is, 20*time.Second, time.Millisecond)
}

// refusal is the code and the message of an error of the API.
func refusal(t *testing.T, err error) (code, message string) {
	t.Helper()
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	return api.ErrorCode(), api.ErrorMessage()
}

var _ runtime.Fleet = (*serving.Fleet)(nil)

// fleet answers with a function.
type fleet func(ctx context.Context, r *serving.Request) (*serving.Response, error)

func (f fleet) Invoke(ctx context.Context, r *serving.Request) (*serving.Response, error) {
	return f(ctx, r)
}

// echo answers with the name of the fleet, the headers and the body.
func echo(name string) fleet {
	return func(_ context.Context, r *serving.Request) (*serving.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		text := strings.Join([]string{
			name, r.ContentType, r.Accept, r.CustomAttributes, r.InferenceID, r.TargetModel, r.TargetContainer,
			fmt.Sprint(r.Size), string(body),
		}, "|")
		return &serving.Response{
			ContentType: "text/plain", CustomAttributes: "said=" + name, Body: io.NopCloser(strings.NewReader(text)),
			Latencies: []serving.Latency{{Hostname: "primary", Took: 1500 * time.Microsecond}},
		}, nil
	}
}

// fails answers with an error.
func fails(err error) fleet {
	return func(context.Context, *serving.Request) (*serving.Response, error) { return nil, err }
}

// variant is one on instances.
func variant(name string, weight float64, instances int, f runtime.Fleet) *runtime.Variant {
	return &runtime.Variant{Name: name, Weight: weight, Instances: instances, Fleet: f, Load: new(runtime.Load)}
}

// endpoint is a real-time endpoint with the name e.
func endpoint(variants ...*runtime.Variant) *runtime.Endpoint {
	return &runtime.Endpoint{Region: region, Name: "e", Variants: variants}
}

// sink remembers metrics.
type sink struct {
	mu     sync.Mutex
	values map[metrics.Metric][]float64
}

func (s *sink) Add(metric metrics.Metric, value float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = map[metrics.Metric][]float64{}
	}
	s.values[metric] = append(s.values[metric], value)
}

// of are the values of a metric; the dimensions are names and values in turns.
func (s *sink) of(name string, unit metrics.Unit, dimensions ...string) []float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]float64(nil), s.values[metrics.Metric{
		Region: region, Namespace: metrics.Invocations, Name: name, Unit: unit, Dimensions: metrics.By(dimensions...),
	}]...)
}

// names are the metrics that were published.
func (s *sink) names() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]bool{}
	for metric := range s.values {
		names[metric.Name] = true
	}
	return names
}

// topics remembers messages.
type topics struct {
	mu   sync.Mutex
	sent []string
	err  error
}

func (s *topics) Publish(_ context.Context, region, topic, _, message string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, region+" "+topic+" "+message)
	return s.err
}

func (s *topics) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.sent...)
}

// logbook is a log that can be read.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
