package deliveries_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

const (
	machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:nightly"
	soon    = 30 * time.Second
	often   = time.Millisecond
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// stand is a queue with everything around it.
type stand struct {
	t     *testing.T
	queue *deliveries.Queue
	clock *clock.Clock
	dir   state.Dir
	url   string

	mu sync.Mutex
	// answers are the errors of the next executions; after them, executions start.
	answers []error
	calls   []string
	counts  map[string]float64
	log     strings.Builder
}

func newStand(t *testing.T, answers ...error) *stand {
	t.Helper()
	s := &stand{
		t: t, clock: clock.New(epoch), dir: state.Dir(t.TempDir()), answers: answers, counts: map[string]float64{},
	}
	s.make()
	return s
}

// make makes a queue as a new process would.
func (s *stand) make() {
	s.t.Helper()
	var err error
	s.queue, err = deliveries.New(deliveries.Options{
		URL: s.url, Executions: s, Clock: s.clock, State: s.dir, Metrics: s, Log: s,
	})
	require.NoError(s.t, err)
}

// run lets the queue deliver until the test or the returned function ends it.
func (s *stand) run() (end func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.queue.Run(ctx)
	}()
	end = func() {
		cancel()
		<-ended
	}
	s.t.Cleanup(end)
	return end
}

func (s *stand) StartExecution(_ context.Context, region, machine, name, input string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, strings.Join([]string{region, machine, name, input}, " "))
	if len(s.answers) == 0 {
		return nil
	}
	err := s.answers[0]
	s.answers = s.answers[1:]
	return err
}

func (s *stand) Add(m metrics.Metric, value float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[fmt.Sprint(m.Namespace, " ", m.Name, " ", m.Dimensions[0])] += value
}

func (s *stand) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// await waits for a line of the log.
func (s *stand) await(line string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return strings.Contains(s.log.String(), line)
	}, soon, often, line)
}

func (s *stand) started() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.calls...)
}

func delivery(id string) deliveries.Delivery {
	return deliveries.Delivery{
		ID: id, Kind: deliveries.Schedule, Maker: "default/nightly", Dimension: "default", Region: "eu-west-1",
		TargetARN: machine, Input: `{"attempt":"<n>"}`, AttemptMark: "<n>", Made: epoch,
		MaxAge: time.Hour, MaxRetries: 3,
	}
}

func TestWhatFailsIsTriedAgainAndCounted(t *testing.T) {
	t.Parallel()
	s := newStand(t, errors.New("broken"), awsjson.Errorf("ThrottlingException", "slow down"))
	require.NoError(t, s.clock.SetSpeed(2000))
	s.queue.Add(delivery("a"))
	s.run()
	s.await("delivered")
	assert.Equal(t, []string{
		"eu-west-1 " + machine + ` a {"attempt":"1"}`,
		"eu-west-1 " + machine + ` a {"attempt":"2"}`,
		"eu-west-1 " + machine + ` a {"attempt":"3"}`,
	}, s.started())
	assert.Equal(t, map[string]float64{
		"AWS/Scheduler InvocationAttemptCount {ScheduleGroup default}": 3,
		"AWS/Scheduler TargetErrorCount {ScheduleGroup default}":       2,
	}, s.counts)
}

func TestWhatCannotComeThroughIsGivenUp(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	tests := map[string]struct {
		answers []error
		change  func(*deliveries.Delivery)
		calls   int
	}{
		"refused":          {[]error{awsjson.Errorf("StateMachineDoesNotExist", "none")}, nil, 1},
		"too often":        {[]error{broken, broken, broken, broken}, nil, 4},
		"no second chance": {[]error{broken}, func(d *deliveries.Delivery) { d.MaxRetries = 0 }, 1},
		"too old":          {[]error{broken}, func(d *deliveries.Delivery) { d.Made = epoch.Add(-time.Hour) }, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, test.answers...)
			require.NoError(t, s.clock.SetSpeed(2000))
			d := delivery("a")
			d.Kind, d.Dimension = deliveries.Rule, "arrivals"
			if test.change != nil {
				test.change(&d)
			}
			s.queue.Add(d)
			s.run()
			s.await(fmt.Sprintf("given up after %d attempts", test.calls))
			assert.Len(t, s.started(), test.calls)
			assert.Equal(t, map[string]float64{
				"AWS/Events Invocations {RuleName arrivals}":       1,
				"AWS/Events FailedInvocations {RuleName arrivals}": 1,
			}, s.counts)
		})
	}
}

func TestAnExecutionThatExistsIsStarted(t *testing.T) {
	t.Parallel()
	s := newStand(t, awsjson.Errorf("ExecutionAlreadyExists", "again"))
	s.queue.Add(delivery("a"), delivery("a"))
	s.run()
	s.await("delivered")
	assert.Len(t, s.started(), 1)
}

func TestWhatWasNotDeliveredOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.queue.Add(delivery("a"), delivery("b"))
	s.make()
	end := s.run()
	s.await(" as a: delivered")
	s.await(" as b: delivered")
	end()
	assert.Len(t, s.started(), 2)
	s.make()
	s.queue.Add(delivery("c"))
	s.run()
	s.await(" as c: delivered")
	assert.Len(t, s.started(), 3)
}

func TestOtherTargetsAreNamedInTheLog(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, target := range []string{"arn:aws:lambda:eu-west-1:123456789012:function:f", "x", machine[:30]} {
		d := delivery(target)
		d.TargetARN = target
		s.queue.Add(d)
		s.await("schedule default/nightly in eu-west-1: the local AWS does not deliver to " + target)
	}
}

func TestQueuesAndTopicsGetMessages(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	requests := make(chan string, 10)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		var message map[string]string
		if json.Unmarshal(body, &message) == nil {
			requests <- r.Header.Get("X-Amz-Target") + " " + message["QueueUrl"] + " " + message["MessageBody"] + " " +
				message["MessageGroupId"]
			w.WriteHeader(map[bool]int{true: http.StatusOK, false: http.StatusBadRequest}[message["MessageGroupId"] != ""])
			return
		}
		requests <- string(body)
		_, err = io.WriteString(w, "<PublishResponse><PublishResult/></PublishResponse>")
		assert.NoError(t, err)
	}))
	t.Cleanup(service.Close)
	s.url = service.URL
	s.make()
	s.run()
	queue := delivery("queue")
	queue.TargetARN, queue.MessageGroup = "arn:aws:sqs:eu-west-1:123456789012:q.fifo", "g"
	s.queue.Add(queue)
	assert.Equal(t, "AmazonSQS.SendMessage "+s.url+`/123456789012/q.fifo {"attempt":"1"} g`, <-requests)
	refused := delivery("refused")
	refused.TargetARN = "arn:aws:sqs:eu-west-1:123456789012:none"
	s.queue.Add(refused)
	<-requests
	s.await("given up after 1 attempts: SendMessage: status 400")
	topic := delivery("topic")
	topic.TargetARN = "arn:aws:sns:eu-west-1:123456789012:t"
	s.queue.Add(topic)
	assert.Contains(t, <-requests, "TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3At")
	s.await(" as topic: delivered")
}

func TestIDsAreUUIDs(t *testing.T) {
	t.Parallel()
	const form = `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`
	assert.Regexp(t, form, deliveries.NewUUID())
	first, second := deliveries.NewUUID(), deliveries.NewUUID()
	assert.NotEqual(t, first, second)
	assert.Regexp(t, form, deliveries.UUIDOf("a", "b"))
	assert.Equal(t, "59b271ae-1bbc-41d3-9d41-929817f4b16f", deliveries.UUIDOf("a", "b"))
	assert.NotEqual(t, deliveries.UUIDOf("a", "b"), deliveries.UUIDOf("ab"))
	assert.Equal(t, "a_b", deliveries.ID("a", "b"))
}
