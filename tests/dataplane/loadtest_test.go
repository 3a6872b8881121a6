package dataplane_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/loadtest"
	"sagehost/internal/measure/smoke"
)

// A container that takes 20 ms for each request, one after the other, holds 50 a second. At a higher rate the last of
// 100 requests waits 100 × (20 ms − 1/rate), so that no more than 62 a second can seem to be held within 400 ms.
func TestALoadTestFindsTheLimitOfASlowContainer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("slow", told("slow"))
	serving, err := inservice.Describe(t.Context(), w.sagemaker, "slow")
	require.NoError(t, err)
	target, err := loadtest.Choose(serving, "")
	require.NoError(t, err)
	assert.Equal(t, 1, target.Variant.Instances)
	options := loadtest.Options{
		Latency: 400 * time.Millisecond, StartRate: 30, MaxRate: 1000, StepTime: time.Second, MaxTime: 10 * time.Minute,
		MaxRequests: 10_000,
	}
	cases := []smoke.Case{{Body: order{Alone: 20}.String(), ContentType: "application/json"}}
	result, err := options.Run(t.Context(), target.Sender(w.runtime, cases), target.Unchanged(w.sagemaker), t.Output())
	require.NoError(t, err)
	require.NotNil(t, result.Best)
	assert.GreaterOrEqual(t, result.Best.Rate, 7.5)
	assert.LessOrEqual(t, result.Best.Rate, 62.0)
	assert.GreaterOrEqual(t, result.Best.Latency.P50, 20*time.Millisecond)
}
