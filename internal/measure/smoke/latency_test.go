package smoke_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/measure/smoke"
)

func TestPercentilesAreTimesOfRequests(t *testing.T) {
	t.Parallel()
	var times []time.Duration
	for i := 200; i >= 1; i-- {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	assert.Equal(t, smoke.Latency{
		Count: 200, Mean: 100500 * time.Microsecond, P50: 100 * time.Millisecond, P90: 180 * time.Millisecond,
		P99: 198 * time.Millisecond,
	}, smoke.SummarizeLatency(times))
	assert.Equal(t, 200*time.Millisecond, times[0], "the times keep their order")
}

func TestOneRequestIsAllPercentiles(t *testing.T) {
	t.Parallel()
	assert.Equal(t, smoke.Latency{Count: 1, Mean: 3, P50: 3, P90: 3, P99: 3}, smoke.SummarizeLatency([]time.Duration{3}))
	assert.Zero(t, smoke.SummarizeLatency(nil))
}

func TestMillisecondsKeepTheirFraction(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 1.5, smoke.Milliseconds(1500*time.Microsecond))
}
