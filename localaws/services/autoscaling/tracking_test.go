package autoscaling_test

import (
	"math"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTargetTrackingScalesInProportionToTheMetric(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                 string
		low, high            int32
		current              int64
		alarm                string
		value                float64
		want                 []int64
		disabled, busy, gone bool
	}{
		{name: "half more", low: 1, high: 10, current: 2, alarm: "high", value: 150, want: []int64{3}},
		{name: "rounded up", low: 1, high: 10, current: 3, alarm: "high", value: 101, want: []int64{4}},
		{name: "to the maximum", low: 1, high: 4, current: 2, alarm: "high", value: 1e9, want: []int64{4}},
		{name: "infinite", low: 1, high: 4, current: 2, alarm: "high", value: math.Inf(1), want: []int64{4}},
		{name: "at the maximum", low: 1, high: 2, current: 2, alarm: "high", value: 500},
		{name: "from zero", low: 0, high: 5, current: 0, alarm: "high", value: 250, want: []int64{3}},
		{name: "not above", low: 1, high: 5, current: 2, alarm: "high", value: 100},
		{name: "scale in", low: 1, high: 10, current: 10, alarm: "low", value: 40, want: []int64{4}},
		{name: "scale in, rounded up", low: 1, high: 10, current: 10, alarm: "low", value: 41, want: []int64{5}},
		{name: "not so far that the metric is above", low: 1, high: 10, current: 3, alarm: "low", value: 89},
		{name: "to the minimum", low: 2, high: 10, current: 10, alarm: "low", value: 0, want: []int64{2}},
		{name: "to zero", low: 0, high: 10, current: 10, alarm: "low", value: 0, want: []int64{0}},
		{name: "changing", low: 1, high: 10, current: 2, alarm: "high", value: 150, busy: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, s := scaling(t, test.low, test.high, test.current)
			w.policy("p", tracking(hundred))
			s.busy = test.busy
			require.NoError(t, w.ring("p", test.alarm, test.value, 0))
			assert.Equal(t, test.want, s.scaled)
		})
	}
}

func TestAllTrackingPoliciesMustAgreeToScaleIn(t *testing.T) {
	t.Parallel()
	w, s := scaling(t, 1, 20, 10)
	w.policy("p", tracking(hundred))
	w.policy("q", tracking(hundred))
	w.policy("out only", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
		hundred(c)
		c.DisableScaleIn = aws.Bool(true)
	}))
	require.NoError(t, w.ring("p", "low", 20, 90))
	assert.Empty(t, s.scaled, "one is not enough")
	w.pass(2 * time.Minute)
	require.NoError(t, w.ring("q", "low", 50, 90))
	assert.Empty(t, s.scaled, "what the other said is too old")
	w.pass(time.Minute)
	require.NoError(t, w.ring("p", "low", 20, 90))
	assert.Equal(t, []int64{5}, s.scaled, "to the larger capacity")
	w.pass(5 * time.Minute)
	require.NoError(t, w.ring("q", "high", 200, 100))
	assert.Equal(t, []int64{5, 10}, s.scaled, "one is enough to scale out")
	w.pass(5 * time.Minute)
	require.NoError(t, w.ring("p", "low", 20, 90))
	require.NoError(t, w.ring("q", "low", 20, 90))
	assert.Equal(t, []int64{5, 10, 2}, s.scaled)
}
