package scheduler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/services/eventbridge/scheduler"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// epoch is a minute's start.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// emulator keeps schedules as moto does, by name.
type emulator struct {
	mu        sync.Mutex
	schedules map[string]map[string]any
}

func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := path.Base(r.URL.Path)
	switch {
	case r.URL.Path == "/schedules":
		list := []map[string]any{}
		for name := range e.schedules {
			list = append(list, map[string]any{"Name": name, "GroupName": "default"})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"Schedules": list})
	case r.Method == http.MethodGet:
		_ = json.NewEncoder(w).Encode(e.schedules[name])
	case r.Method == http.MethodDelete:
		delete(e.schedules, name)
		_, _ = io.WriteString(w, "{}")
	default:
		var put map[string]any
		_ = json.NewDecoder(r.Body).Decode(&put)
		put["Name"], put["GroupName"], put["Arn"] = name, "default", "arn:"+name
		e.schedules[name] = put
		_, _ = io.WriteString(w, `{"ScheduleArn":"arn"}`)
	}
}

// stand is a scheduler before an emulator.
type stand struct {
	t         *testing.T
	clock     *clock.Clock
	emulator  *emulator
	handler   http.Handler
	url       string
	scheduler *scheduler.Scheduler
	dir       state.Dir
	// end ends the process.
	end func()

	mu    sync.Mutex
	calls []string
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{
		t: t, clock: clock.New(epoch), dir: state.Dir(t.TempDir()),
		emulator: &emulator{schedules: map[string]map[string]any{}}, end: func() {},
	}
	t.Cleanup(func() { s.end() })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	s.make()
	return s
}

// make makes a scheduler as a new process would.
func (s *stand) make() {
	s.t.Helper()
	s.end()
	queue, err := deliveries.New(deliveries.Options{
		URL: s.url, Executions: s, Clock: s.clock, State: s.dir, Metrics: s, Log: s.t.Output(),
	})
	require.NoError(s.t, err)
	s.scheduler, err = scheduler.New(scheduler.Options{
		URL: s.url, Clock: s.clock, Deliveries: queue, State: s.dir, Log: s.t.Output(),
	})
	require.NoError(s.t, err)
	s.handler = s.scheduler.Wrap(s.emulator)
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		queue.Run(ctx)
	}()
	s.end = func() {
		cancel()
		<-ended
	}
}

func (s *stand) StartExecution(_ context.Context, _, _, _, input string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, input)
	return nil
}

func (s *stand) Add(metrics.Metric, float64) {}

// put sends CreateSchedule or UpdateSchedule.
func (s *stand) put(method, name, expression, more string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"ScheduleExpression":%q,"FlexibleTimeWindow":{"Mode":"OFF"},"Target":{`+
		`"Arn":"arn:aws:states:eu-west-1:123456789012:stateMachine:m","RoleArn":"arn:aws:iam::123456789012:role/r",`+
		`"Input":"\"<aws.scheduler.scheduled-time>\""}%s}`, expression, more)
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/schedules/"+name, strings.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/scheduler/aws4_request")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	require.NoError(s.t, answer.Body.Close())
	require.Equal(s.t, http.StatusOK, answer.StatusCode)
}

// look looks after some minutes and takes what was started.
func (s *stand) look(minutes float64) []string {
	s.t.Helper()
	s.clock.Forward(epoch.Add(time.Duration(minutes * float64(time.Minute))))
	s.scheduler.Look(s.t.Context())
	return s.taken()
}

// pending is how many deliveries have not come through.
func (s *stand) pending() int {
	s.t.Helper()
	var list []deliveries.Delivery
	_, err := s.dir.Load("deliveries", &list)
	require.NoError(s.t, err)
	return len(list)
}

// taken waits until nothing is pending, and takes the inputs of what was started.
func (s *stand) taken() []string {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.pending() == 0 }, 30*time.Second, time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.calls
	s.calls = nil
	return taken
}

func at(times ...string) []string {
	var list []string
	for _, one := range times {
		list = append(list, `"2026-01-01T`+one+`Z"`)
	}
	return list
}

func TestMissedTimesAreMadeUpForOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.put(http.MethodPost, "n", "cron(0/2 * * * ? *)", "")
	assert.Empty(t, s.look(1))
	assert.ElementsMatch(t, at("00:02:00", "00:04:00", "00:06:00"), s.look(7))
	assert.Empty(t, s.look(7.5))
	s.make()
	assert.Empty(t, s.look(7.9))
	assert.ElementsMatch(t, at("00:08:00"), s.look(9))
	assert.Len(t, s.look(24*60), 60)
}

func TestAnUpdatedScheduleFiresFromThenOn(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.put(http.MethodPost, "n", "cron(0 1 * * ? *)", "")
	assert.Empty(t, s.look(30))
	s.put(http.MethodPut, "n", "cron(0/20 * * * ? *)", "")
	assert.ElementsMatch(t, at("00:40:00", "01:00:00"), s.look(65))
	s.put(http.MethodPut, "n", "cron(0/20 * * * ? *)", `,"State":"DISABLED"`)
	assert.Empty(t, s.look(105))
	s.put(http.MethodPut, "n", "cron(0/20 * * * ? *)", "")
	assert.ElementsMatch(t, at("02:00:00"), s.look(125))
}

func TestACompletedScheduleIsDeletedIfItSaysSo(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const deletes = `,"ActionAfterCompletion":"DELETE"`
	s.put(http.MethodPost, "once", "at(2026-01-01T00:10:00)", deletes)
	s.put(http.MethodPost, "stays", "at(2026-01-01T00:10:00)", "")
	s.put(http.MethodPost, "passed", "at(2025-01-01T00:10:00)", deletes)
	s.put(http.MethodPost, "ends", "cron(0 * * * ? *)",
		fmt.Sprintf(`,"EndDate":%d`, epoch.Add(90*time.Minute).Unix())+deletes)
	assert.ElementsMatch(t, at("00:10:00", "00:10:00"), s.look(11))
	assert.ElementsMatch(t, at("01:00:00"), s.look(89))
	assert.Len(t, s.emulator.schedules, 3)
	assert.Empty(t, s.look(95))
	assert.Empty(t, s.look(125))
	s.emulator.mu.Lock()
	defer s.emulator.mu.Unlock()
	assert.Contains(t, s.emulator.schedules, "stays")
	assert.Contains(t, s.emulator.schedules, "passed")
	assert.Len(t, s.emulator.schedules, 2)
}
