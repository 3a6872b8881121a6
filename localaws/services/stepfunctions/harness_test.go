package stepfunctions_test

import (
	"context"
	"io"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/stepfunctions"
	"sagehost/localaws/services/stepfunctions/asl"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

const (
	region   = "eu-west-1"
	role     = "arn:aws:iam::123456789012:role/runner"
	machine  = "arn:aws:states:eu-west-1:123456789012:stateMachine:m"
	passes   = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	waits    = `{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.s","End":true}}}`
	contexts = `{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"c.$":"$$"},"End":true}}}`
	follows  = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::test:do.sync","End":true}}}`
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// sums are metrics without their times.
type sums struct {
	mu  sync.Mutex
	all map[string]float64
}

func (s *sums) Add(m metrics.Metric, value float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[m.Region+" "+m.Namespace+" "+m.Name+" "+m.Dimensions[0].Name+" "+m.Dimensions[0].Value] += value
}

func (s *sums) of(name string) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all["eu-west-1 AWS/States "+name+" StateMachineArn "+machine]
}

// lines are what was logged, by region, group and stream.
type lines struct {
	mu  sync.Mutex
	all map[string][]string
}

func (l *lines) Write(_ context.Context, region, group, stream string, more []stepfunctions.Line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range more {
		key := region + " " + group + " " + stream
		l.all[key] = append(l.all[key], line.Text)
	}
	return nil
}

// world is a fake with a client.
type world struct {
	*sfn.Client
	t       *testing.T
	fake    *stepfunctions.Fake
	clock   *clock.Clock
	metrics *sums
	logs    *lines
	state   state.Dir
	// stopped gets what is stopped of what Tasks have begun.
	stopped chan any
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, clock: clock.New(noon), metrics: &sums{all: map[string]float64{}}, state: state.Dir(t.TempDir()),
		stopped: make(chan any, 10), logs: &lines{all: map[string][]string{}},
	}
	w.open()
	return w
}

// catalog has a Task that begins something that never ends.
func (w *world) catalog() asl.Catalog {
	return asl.Catalog{"test:do.sync": {
		Type: "test", Action: "do.sync",
		Check: func(map[string]any) []string { return nil },
		Start: func(context.Context, asl.Call) (any, error) { return "begun", nil },
		Follow: func(ctx context.Context, _ asl.Call, _ any) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		Stop: func(_ context.Context, _ asl.Call, begun any) error {
			w.stopped <- begun
			return nil
		},
	}}
}

// open makes the fake from the state.
func (w *world) open() {
	w.t.Helper()
	w.fake = stepfunctions.New(stepfunctions.Options{
		Clock: w.clock, Catalog: w.catalog(), Metrics: w.metrics, Logs: w.logs, State: w.state,
		Log: io.Discard,
	})
	require.NoError(w.t, w.fake.Restore())
	w.fake.Run(w.t.Context())
	w.t.Cleanup(w.fake.Close)
	server := httptest.NewServer(w.fake)
	w.t.Cleanup(server.Close)
	w.Client = sfn.New(sfn.Options{
		Region: region, BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// reopen ends the fake, and makes another one of what it has left.
func (w *world) reopen() {
	w.t.Helper()
	w.fake.Close()
	w.open()
}

func (w *world) create(definition string) {
	w.t.Helper()
	_, err := w.CreateStateMachine(w.t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: &definition, RoleArn: aws.String(role),
	})
	require.NoError(w.t, err)
}

func arnOf(name string) *string {
	return aws.String("arn:aws:states:eu-west-1:123456789012:execution:m:" + name)
}

func (w *world) start(name, input string) {
	w.t.Helper()
	require.NoError(w.t, w.fake.StartExecution(w.t.Context(), region, machine, name, input))
}

// await waits until an execution has a status.
func (w *world) await(name string, status types.ExecutionStatus) *sfn.DescribeExecutionOutput {
	w.t.Helper()
	var got *sfn.DescribeExecutionOutput
	require.Eventually(w.t, func() bool {
		var err error
		got, err = w.DescribeExecution(w.t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: arnOf(name)})
		require.NoError(w.t, err)
		return got.Status == status
	}, 30*time.Second, time.Millisecond)
	return got
}

// awaitEvents waits until an execution has so many events.
func (w *world) awaitEvents(name string, count int) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		got, err := w.GetExecutionHistory(w.t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arnOf(name)})
		require.NoError(w.t, err)
		return len(got.Events) >= count
	}, 30*time.Second, time.Millisecond)
}

func assertCode(t *testing.T, code string, err error) {
	t.Helper()
	var told smithy.APIError
	require.ErrorAs(t, err, &told)
	assert.Equal(t, code, told.ErrorCode())
}
