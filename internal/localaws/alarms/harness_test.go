package alarms

import (
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/localaws/clock"
	"sagehost/internal/localaws/metrics"
)

const region = "eu-west-1"

// start is when the tests take place; the last full minute began at 11:59.
var start = time.Date(2026, 1, 1, 12, 0, 5, 0, time.UTC)

// minute is a minute of the tests: 0 is the last full one, 1 the one before.
func minute(back int) time.Time { return time.Date(2026, 1, 1, 11, 59-back, 0, 0, time.UTC) }

type dimensionXML struct{ Name, Value string }

type statXML struct {
	Namespace  string         `xml:"Metric>Namespace"`
	MetricName string         `xml:"Metric>MetricName"`
	Dimensions []dimensionXML `xml:"Metric>Dimensions>member"`
	Period     int
	Stat       string
}

type queryXML struct {
	ID         string `xml:"Id"`
	Expression string `xml:",omitempty"`
	MetricStat *statXML
	ReturnData bool
}

// alarmXML is an alarm as DescribeAlarms shows it.
type alarmXML struct {
	AlarmName          string
	AlarmArn           string
	ActionsEnabled     bool
	AlarmActions       []string `xml:"AlarmActions>member"`
	OKActions          []string `xml:"OKActions>member"`
	InsufficientData   []string `xml:"InsufficientDataActions>member"`
	StateValue         string
	StateReason        string
	MetricName         string         `xml:",omitempty"`
	Namespace          string         `xml:",omitempty"`
	Statistic          string         `xml:",omitempty"`
	ExtendedStatistic  string         `xml:",omitempty"`
	Unit               string         `xml:",omitempty"`
	Dimensions         []dimensionXML `xml:"Dimensions>member"`
	Period             int            `xml:",omitempty"`
	EvaluationPeriods  int
	DatapointsToAlarm  int `xml:",omitempty"`
	Threshold          *float64
	ComparisonOperator string
	TreatMissingData   string     `xml:",omitempty"`
	Metrics            []queryXML `xml:"Metrics>member"`
}

// latency is an alarm as it is after it was put, on a metric that the Series knows.
func latency(change func(*alarmXML)) *alarmXML {
	alarm := &alarmXML{
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
	alarms []*alarmXML
	// broken are operations that fail.
	broken map[string]bool
	// calls are the requests, in order; answers are what GetMetricStatistics answers with.
	calls   []url.Values
	answers string
	// points are those of a metric's name.
	points map[string][]metrics.Point
	events []Event
	log    strings.Builder
}

func newCloud(t *testing.T, alarms ...*alarmXML) *cloud {
	t.Helper()
	c := &cloud{alarms: alarms, points: map[string][]metrics.Point{}, broken: map[string]bool{}}
	server := httptest.NewServer(c)
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
func (c *cloud) evaluate(t *testing.T, e *Evaluator) *alarmXML {
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

// ServeHTTP answers in the Query protocol.
func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = r.ParseForm()
	c.calls = append(c.calls, r.PostForm)
	operation := r.PostForm.Get("Action")
	if c.broken[operation] {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<ErrorResponse><Error><Code>Broken</Code><Message>as told</Message></Error></ErrorResponse>")
		return
	}
	body := ""
	switch operation {
	case "DescribeAlarms":
		body = c.describe(r.PostForm)
	case "SetAlarmState":
		for _, alarm := range c.alarms {
			if alarm.AlarmName == r.PostForm.Get("AlarmName") {
				alarm.StateValue, alarm.StateReason = r.PostForm.Get("StateValue"), r.PostForm.Get("StateReason")
			}
		}
	case "GetMetricStatistics":
		body = "<Datapoints>" + c.answers + "</Datapoints>"
	}
	fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", operation, body)
}

// describe shows the alarms in pages of two.
func (c *cloud) describe(form url.Values) string {
	var shown []*alarmXML
	for _, alarm := range c.alarms {
		if name := form.Get("AlarmNames.member.1"); name == "" || name == alarm.AlarmName {
			shown = append(shown, alarm)
		}
	}
	begin, next := 0, ""
	_, _ = fmt.Sscan(form.Get("NextToken"), &begin)
	end := min(begin+2, len(shown))
	if end < len(shown) {
		next = fmt.Sprintf("<NextToken>%d</NextToken>", end)
	}
	members, err := xml.Marshal(struct {
		XMLName xml.Name    `xml:"MetricAlarms"`
		Members []*alarmXML `xml:"member"`
	}{Members: shown[begin:end]})
	if err != nil {
		return err.Error()
	}
	return string(members) + next
}

func assertState(t *testing.T, want string, alarm *alarmXML) {
	t.Helper()
	assert.Equal(t, want, alarm.StateValue, alarm.StateReason)
}
