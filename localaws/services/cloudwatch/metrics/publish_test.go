package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/rpccbor"
	"sagehost/localaws/world/clock"
)

// publication is a request of PutMetricData.
type publication struct {
	Region, Target, Namespace string
	MetricData                []publishedDatum
}

type publishedDatum struct {
	MetricName, Unit string
	// Timestamp is in seconds.
	Timestamp      int64
	Dimensions     []Dimension
	Values, Counts []float64
}

// cloudWatch takes what is published.
type cloudWatch struct {
	recorder *Recorder

	mu    sync.Mutex
	calls []publication
	// refuse lets requests fail.
	refuse bool
	log    strings.Builder
}

func newCloudWatch(t *testing.T) *cloudWatch {
	t.Helper()
	c := &cloudWatch{}
	server := httptest.NewServer(rpccbor.Wrap(c))
	t.Cleanup(server.Close)
	c.recorder = NewRecorder(Options{URL: server.URL, Clock: clock.New(noon), Log: &c.log})
	return c
}

func (c *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := publication{Region: protocol.ScopeOf(r).Region, Target: r.Header.Get(awsjson.TargetHeader)}
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.calls = append(c.calls, call)
	if c.refuse {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type": "InvalidParameterValueException", "message": "no"}`)
		return
	}
	fmt.Fprint(w, "{}")
}

// received are the requests so far.
func (c *cloudWatch) received() []publication {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

func TestAMinuteIsPublishedOnceItIsOver(t *testing.T) {
	t.Parallel()
	c := newCloudWatch(t)
	for _, value := range []float64{5, 3, 5} {
		c.recorder.Add(latency, value)
	}
	require.NoError(t, c.recorder.Flush(t.Context()))
	assert.Empty(t, c.received())
	c.recorder.move(noon.Add(time.Minute))
	c.recorder.Add(latency, 9)
	require.NoError(t, c.recorder.Flush(t.Context()))
	require.NoError(t, c.recorder.Flush(t.Context()))
	published := publishedDatum{
		MetricName: "ModelLatency", Unit: "Microseconds", Timestamp: noon.Unix(),
		Dimensions: []Dimension{{"EndpointName", "flowers"}, {"VariantName", "main"}},
	}
	published.Values, published.Counts = []float64{3, 5}, []float64{1, 2}
	assert.Equal(t, []publication{{
		Region: "eu-west-1", Target: "GraniteServiceVersion20100801.PutMetricData", Namespace: "AWS/SageMaker",
		MetricData: []publishedDatum{published},
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
		got[fmt.Sprintf("%s %s %d", call.Region, call.Namespace, len(call.MetricData))]++
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
	assert.Equal(t, noon.Add(time.Minute).Unix(), calls[len(calls)-1].MetricData[0].Timestamp)
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
	var sum float64
	for _, call := range c.received() {
		for _, datum := range call.MetricData {
			for i, value := range datum.Values {
				sum += value * datum.Counts[i]
			}
		}
	}
	assert.InDelta(t, 3, sum, 0)
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
