package alarms

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/rpccbor"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

const region = "eu-west-1"

// start is when the tests take place; the last full minute began at 11:59.
var start = time.Date(2026, 1, 1, 12, 0, 5, 0, time.UTC)

// minute is a minute of the tests: 0 is the last full one, 1 the one before.
func minute(back int) time.Time { return time.Date(2026, 1, 1, 11, 59-back, 0, 0, time.UTC) }

type storedDimension struct{ Name, Value string }

type storedMetric struct {
	Namespace, MetricName string
	Dimensions            []storedDimension
}

type storedStat struct {
	Metric storedMetric
	Period int
	Stat   string
}

type storedQuery struct {
	ID         string      `json:"Id"`
	Expression string      `json:",omitempty"`
	MetricStat *storedStat `json:",omitempty"`
	ReturnData bool
}

// storedAlarm is an alarm as DescribeAlarms shows it.
type storedAlarm struct {
	AlarmName          string
	AlarmArn           string
	ActionsEnabled     bool
	AlarmActions       []string
	OKActions          []string
	InsufficientData   []string `json:"InsufficientDataActions"`
	StateValue         string
	StateReason        string
	MetricName         string            `json:",omitempty"`
	Namespace          string            `json:",omitempty"`
	Statistic          string            `json:",omitempty"`
	ExtendedStatistic  string            `json:",omitempty"`
	LowSampleCount     string            `json:"EvaluateLowSampleCountPercentile,omitempty"`
	Unit               string            `json:",omitempty"`
	Dimensions         []storedDimension `json:",omitempty"`
	Period             int               `json:",omitempty"`
	EvaluationPeriods  int
	DatapointsToAlarm  int      `json:",omitempty"`
	Threshold          *float64 `json:",omitempty"`
	ComparisonOperator string
	TreatMissingData   string        `json:",omitempty"`
	Metrics            []storedQuery `json:",omitempty"`
}

// latency is an alarm as it is after it was put, on a metric that the Series knows.
func latency(change func(*storedAlarm)) *storedAlarm {
	alarm := &storedAlarm{
		AlarmName: "slow", AlarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:slow", ActionsEnabled: true,
		AlarmActions: []string{"arn:aws:test:eu-west-1:123456789012:alarm"},
		OKActions:    []string{"arn:aws:test:eu-west-1:123456789012:ok"},
		StateValue:   "OK", StateReason: initial,
		MetricName: "ModelLatency", Namespace: metrics.Invocations, Statistic: "Average",
		Period: 60, EvaluationPeriods: 1, Threshold: new(100.0), ComparisonOperator: "GreaterThanThreshold",
	}
	if change != nil {
		change(alarm)
	}
	return alarm
}

// cloud is a CloudWatch and an SNS, and the metrics that are in memory.
type cloud struct {
	url string

	mu     sync.Mutex
	alarms []*storedAlarm
	// broken are operations that fail.
	broken map[string]bool
	// calls are the requests, in order; answers are what GetMetricStatistics answers with.
	calls   []url.Values
	answers []storedPoint
	// points are those of a metric's name.
	points map[string][]metrics.Point
	events []Event
	log    strings.Builder
}

func newCloud(t *testing.T, alarms ...*storedAlarm) *cloud {
	t.Helper()
	c := &cloud{alarms: alarms, points: map[string][]metrics.Point{}, broken: map[string]bool{}}
	server := httptest.NewServer(rpccbor.Wrap(c))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *cloud) Knows(namespace string) bool {
	return namespace == metrics.Invocations || namespace == metrics.Instances
}

func (c *cloud) Series(metric metrics.Metric, from, to time.Time) []metrics.Point {
	var found []metrics.Point
	for _, point := range c.points[metric.Name] {
		if !point.Start.Before(from) && point.Start.Before(to) {
			found = append(found, point)
		}
	}
	return found
}

// Values are the least and the greatest value of each point, once each.
func (c *cloud) Values(metric metrics.Metric, from, to time.Time) []metrics.Value {
	var found []metrics.Value
	for _, point := range c.Series(metric, from, to) {
		found = append(found, metrics.Value{Value: point.Min, Count: 1}, metrics.Value{Value: point.Max, Count: 1})
	}
	return found
}

// measure puts one value into each minute; the last one is the newest. NaN is none.
func (c *cloud) measure(metric string, values ...float64) {
	c.points[metric] = nil
	for i, value := range values {
		if !math.IsNaN(value) {
			c.points[metric] = append(c.points[metric], metrics.Point{
				Start: minute(len(values) - 1 - i), Count: 2, Sum: 2 * value, Min: value, Max: value,
			})
		}
	}
}

func (c *cloud) evaluator() *Evaluator {
	act := func(_ context.Context, e Event) error {
		c.events = append(c.events, e)
		return nil
	}
	return New(Options{
		URL: c.url, Clock: clock.New(start), Series: c, Regions: func() []string { return []string{region} }, Log: &c.log,
		Actions: map[string]Action{"test": act, "autoscaling": act, "sns": SNS(c.url)},
	})
}

// evaluate evaluates once and is the state of the only alarm.
func (c *cloud) evaluate(t *testing.T, e *Evaluator) *storedAlarm {
	t.Helper()
	require.NoError(t, e.Evaluate(t.Context(), region))
	return c.alarms[0]
}

// of are the calls of an operation.
func (c *cloud) of(operation string) []url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []url.Values
	for _, call := range c.calls {
		if call.Get("Action") == operation {
			found = append(found, call)
		}
	}
	return found
}

// acted is what the actions were told: which one, the states, and the value.
func (c *cloud) acted() []string {
	var told []string
	for _, e := range c.events {
		action := e.ActionARN[strings.LastIndex(e.ActionARN, ":")+1:]
		told = append(told, fmt.Sprintf("%s: %s -> %s at %v", action, e.OldState, e.NewState, e.Value))
	}
	return told
}

// storedPoint is a data point as GetMetricStatistics shows it.
type storedPoint struct {
	Timestamp                          int64
	SampleCount, Sum, Minimum, Maximum float64
	ExtendedStatistics                 map[string]float64 `json:",omitempty"`
}

// ServeHTTP answers CloudWatch's requests in JSON and those of SNS in XML.
func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, operation, isJSON := strings.Cut(r.Header.Get(awsjson.TargetHeader), ".")
	if !isJSON {
		_ = r.ParseForm()
		c.calls = append(c.calls, r.PostForm)
		if c.broken[r.PostForm.Get("Action")] {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "<ErrorResponse><Error><Code>Broken</Code><Message>as told</Message></Error></ErrorResponse>")
			return
		}
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult></%[1]sResult></%[1]sResponse>", r.PostForm.Get("Action"))
		return
	}
	var members map[string]any
	_ = json.NewDecoder(r.Body).Decode(&members)
	call := url.Values{"Action": {operation}}
	flatten(call, "", members)
	c.calls = append(c.calls, call)
	if c.broken[operation] {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type": "Broken", "Message": "as told"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(c.answer(operation, call))
}

// answer is what an operation of CloudWatch comes to.
func (c *cloud) answer(operation string, call url.Values) map[string]any {
	switch operation {
	case "DescribeAlarms":
		return c.describe(call)
	case "SetAlarmState":
		for _, alarm := range c.alarms {
			if alarm.AlarmName == call.Get("AlarmName") {
				alarm.StateValue, alarm.StateReason = call.Get("StateValue"), call.Get("StateReason")
			}
		}
	case "GetMetricStatistics":
		return map[string]any{"Datapoints": c.answers}
	}
	return map[string]any{}
}

// flatten writes the members of a request as "Dimensions.1.Name".
func flatten(into url.Values, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(into, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		for i, item := range v {
			flatten(into, fmt.Sprintf("%s.%d", path, i+1), item)
		}
	case float64:
		into.Set(path, strconv.FormatFloat(v, 'f', -1, 64))
	default:
		into.Set(path, fmt.Sprint(v))
	}
}

// describe shows the alarms in pages of two.
func (c *cloud) describe(call url.Values) map[string]any {
	var shown []*storedAlarm
	for _, alarm := range c.alarms {
		if name := call.Get("AlarmNames.1"); name == "" || name == alarm.AlarmName {
			shown = append(shown, alarm)
		}
	}
	begin := 0
	_, _ = fmt.Sscan(call.Get("NextToken"), &begin)
	end := min(begin+2, len(shown))
	page := map[string]any{"MetricAlarms": shown[begin:end]}
	if end < len(shown) {
		page["NextToken"] = strconv.Itoa(end)
	}
	return page
}

func assertState(t *testing.T, want string, alarm *storedAlarm) {
	t.Helper()
	assert.Equal(t, want, alarm.StateValue, alarm.StateReason)
}
