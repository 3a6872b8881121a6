package latency_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/measure/latency"
)

func TestPercentilesAreTimesOfRequests(t *testing.T) {
	t.Parallel()
	var times []time.Duration
	for i := 200; i >= 1; i-- {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	assert.Equal(t, latency.Summary{
		Count: 200, Mean: 100500 * time.Microsecond, P50: 100 * time.Millisecond, P90: 180 * time.Millisecond,
		P99: 198 * time.Millisecond,
	}, latency.Summarize(times))
	assert.Equal(t, 200*time.Millisecond, times[0], "the times keep their order")
}

func TestOneRequestIsAllPercentiles(t *testing.T) {
	t.Parallel()
	assert.Equal(t, latency.Summary{Count: 1, Mean: 3, P50: 3, P90: 3, P99: 3}, latency.Summarize([]time.Duration{3}))
	assert.Zero(t, latency.Summarize(nil))
}

func TestMillisecondsKeepTheirFraction(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 1.5, latency.Milliseconds(1500*time.Microsecond))
}
