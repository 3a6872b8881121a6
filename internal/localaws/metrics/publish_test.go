package metrics

import (
	"context"
	"fmt"
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
)

// cloudWatch takes what is published.
type cloudWatch struct {
	recorder *Recorder

	mu    sync.Mutex
	calls []url.Values
	// refuse lets requests fail.
	refuse bool
	log    strings.Builder
}

func newCloudWatch(t *testing.T) *cloudWatch {
	t.Helper()
	c := &cloudWatch{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.recorder = NewRecorder(Options{URL: server.URL, Clock: clock.New(noon), Log: &c.log})
	return c
}

func (c *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	// The region is in the signature.
	r.PostForm.Set("region", strings.Split(r.Header.Get("Authorization"), "/")[2])
	c.calls = append(c.calls, r.PostForm)
	if c.refuse {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<ErrorResponse><Error><Code>InvalidParameterValue</Code><Message>no</Message></Error></ErrorResponse>")
		return
	}
	fmt.Fprint(w, "<PutMetricDataResponse></PutMetricDataResponse>")
}

// received are the requests so far.
func (c *cloudWatch) received() []url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

func TestAMinuteIsPublishedOnceItIsOver(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	c.recorder.Add(latency, 3)
	c.recorder.Add(latency, 5)
	require.NoError(t, c.recorder.Flush(t.Context()))
	assert.Empty(t, c.received())
	c.recorder.move(noon.Add(time.Minute))
	c.recorder.Add(latency, 9)
	require.NoError(t, c.recorder.Flush(t.Context()))
	require.NoError(t, c.recorder.Flush(t.Context()))
	assert.Equal(t, []url.Values{{
		"Action": {"PutMetricData"}, "Version": {"2010-08-01"}, "region": {"eu-west-1"}, "Namespace": {"AWS/SageMaker"},
		"MetricData.member.1.MetricName":                  {"ModelLatency"},
		"MetricData.member.1.Unit":                        {"Microseconds"},
		"MetricData.member.1.Timestamp":                   {"2026-01-01T12:00:00Z"},
		"MetricData.member.1.Dimensions.member.1.Name":    {"EndpointName"},
		"MetricData.member.1.Dimensions.member.1.Value":   {"flowers"},
		"MetricData.member.1.Dimensions.member.2.Name":    {"VariantName"},
		"MetricData.member.1.Dimensions.member.2.Value":   {"main"},
		"MetricData.member.1.StatisticValues.SampleCount": {"2"},
		"MetricData.member.1.StatisticValues.Sum":         {"8"},
		"MetricData.member.1.StatisticValues.Minimum":     {"3"},
		"MetricData.member.1.StatisticValues.Maximum":     {"5"},
	}}, c.received())
}

func TestARequestIsForOneRegionAndNamespaceAndNotTooLong(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	for i := range 600 {
		metric := latency
		metric.Name = fmt.Sprint("m", i)
		c.recorder.Add(metric, 1)
	}
	abroad, instance := latency, latency
	abroad.Region, instance.Namespace = "us-east-1", Instances
	c.recorder.Add(abroad, 1)
	c.recorder.Add(instance, 1)
	c.recorder.move(noon.Add(time.Minute))
	require.NoError(t, c.recorder.Flush(t.Context()))
	got := map[string]int{}
	for _, call := range c.received() {
		count := 0
		for call.Has(fmt.Sprintf("MetricData.member.%d.MetricName", count+1)) {
			count++
		}
		got[fmt.Sprintf("%s %s %d", call.Get("region"), call.Get("Namespace"), count)]++
	}
	assert.Equal(t, map[string]int{
		"eu-west-1 AWS/SageMaker 500": 1, "eu-west-1 AWS/SageMaker 100": 1, "us-east-1 AWS/SageMaker 1": 1,
		"eu-west-1 /aws/sagemaker/Endpoints 1": 1,
	}, got)
}

func TestAFailureDoesNotCostLaterMinutes(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	c.recorder.Add(latency, 1)
	c.recorder.move(noon.Add(time.Minute))
	c.refuse = true
	assert.ErrorContains(t, c.recorder.Flush(t.Context()), "publish 1 data points of AWS/SageMaker in eu-west-1: ")
	c.recorder.Add(latency, 2)
	c.recorder.move(noon.Add(2 * time.Minute))
	c.refuse = false
	require.NoError(t, c.recorder.Flush(t.Context()))
	calls := c.received()
	assert.Equal(t, "2026-01-01T12:01:00Z", calls[len(calls)-1].Get("MetricData.member.1.Timestamp"))
	assert.Len(t, c.recorder.Series(latency, noon, noon.Add(time.Hour)), 2, "memory has both")
}

func TestRunPublishesEachMinuteAndWhatIsLeft(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	require.NoError(t, c.recorder.options.Clock.SetSpeed(clock.MaxSpeed))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.recorder.Run(ctx)
	}()
	c.recorder.Add(latency, 1)
	assert.Eventually(t, func() bool { return len(c.received()) == 1 }, time.Minute, time.Millisecond)
	require.NoError(t, c.recorder.options.Clock.SetSpeed(1))
	c.recorder.Add(latency, 2)
	cancel()
	<-done
	var sum int
	for _, call := range c.received() {
		for i := 1; call.Has(fmt.Sprintf("MetricData.member.%d.MetricName", i)); i++ {
			var value int
			_, err := fmt.Sscan(call.Get(fmt.Sprintf("MetricData.member.%d.StatisticValues.Sum", i)), &value)
			require.NoError(t, err)
			sum += value
		}
	}
	assert.Equal(t, 3, sum)
	assert.Empty(t, c.log.String())
}

func TestRunLogsWhatFails(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	c.refuse = true
	c.recorder.Add(latency, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.recorder.Run(ctx)
	assert.Contains(t, c.log.String(), "metrics: publish 1 data points of AWS/SageMaker in eu-west-1: ")
}
