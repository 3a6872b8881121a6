package dataplane_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// admin sends a request that only the local AWS understands, and returns its status and its answer.
func (w *world) admin(method, path, body string) (int, string) {
	w.tb.Helper()
	request, err := http.NewRequestWithContext(w.tb.Context(), method, w.url+path, strings.NewReader(body))
	require.NoError(w.tb, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.tb, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(w.tb, err)
	return response.StatusCode, string(text)
}

// setSpeed is speed for a local AWS in another process.
func (w *world) setSpeed(times float64) {
	w.tb.Helper()
	status, text := w.admin(http.MethodPut, "/_local/clock", fmt.Sprintf(`{"speed": %v}`, times))
	require.Equal(w.tb, http.StatusOK, status, text)
}

// emulator is the process id of moto.
func (w *world) emulator() int {
	w.tb.Helper()
	_, text := w.admin(http.MethodGet, "/_local/health", "")
	var health struct {
		Services []struct {
			Name string
			PID  int
		}
	}
	require.NoError(w.tb, json.Unmarshal([]byte(text), &health))
	for _, service := range health.Services {
		if service.Name == "moto" {
			return service.PID
		}
	}
	require.Fail(w.tb, "no moto in "+text)
	return 0
}

// script tells the local AWS how something is to go, and expects it to agree.
func (w *world) script(method, path, body string) {
	w.tb.Helper()
	status, text := w.admin(method, path, body)
	require.Equal(w.tb, http.StatusNoContent, status, text)
}

// pass lets a span of the local AWS's time pass quickly. Then time runs as in the world again.
func (w *world) pass(span time.Duration) {
	w.tb.Helper()
	require.NoError(w.tb, w.clock.SetSpeedFor(clock.MaxSpeed, span))
	require.NoError(w.tb, w.clock.Sleep(w.tb.Context(), span))
}

// dimensions are those of a metric, from names and values in turn.
func dimensions(pairs ...string) []cwtypes.Dimension {
	var list []cwtypes.Dimension
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, cwtypes.Dimension{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return list
}

// total is the sum and the number of the values of a metric in all the time there has been.
type total struct{ sum, count float64 }

// total asks CloudWatch about a metric of invocations.
func (w *world) total(metric string, pairs ...string) total {
	w.tb.Helper()
	return w.totalOf("AWS/SageMaker", metric, pairs...)
}

// totalOf asks CloudWatch about a metric of any namespace.
func (w *world) totalOf(namespace, metric string, pairs ...string) total {
	w.tb.Helper()
	got, err := w.cloudwatch.GetMetricStatistics(w.tb.Context(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: &namespace, MetricName: &metric, Dimensions: dimensions(pairs...),
		StartTime: aws.Time(time.Now().Add(-time.Hour)), EndTime: aws.Time(w.clock.Now().Add(time.Hour)),
		Period:     aws.Int32(60),
		Statistics: []cwtypes.Statistic{cwtypes.StatisticSum, cwtypes.StatisticSampleCount},
	})
	require.NoError(w.tb, err)
	var all total
	for _, point := range got.Datapoints {
		all.sum += *point.Sum
		all.count += *point.SampleCount
	}
	return all
}

// assertSum waits until a metric is published and compares the sum of its values.
func (w *world) assertSum(want float64, metric string, pairs ...string) {
	w.tb.Helper()
	var got total
	assert.Eventually(w.tb, func() bool {
		got = w.total(metric, pairs...)
		return got.count > 0 && got.sum >= want
	}, soon, often, "%s of %v was not published", metric, pairs)
	assert.Equal(w.tb, want, got.sum, "%s of %v", metric, pairs)
}
