package autoscaling_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/require"
)

func TestCooldowns(t *testing.T) {
	t.Parallel()
	type ring struct {
		after  time.Duration
		policy string
		alarm  string
		value  float64
		want   int64
	}
	const s = time.Second
	tests := map[string][]ring{
		"scaling out again waits": {
			{0, "track", "high", 150, 6},
			{60 * s, "track", "high", 150, 6},
			{239 * s, "track", "high", 150, 6},
			{s, "track", "high", 150, 9},
		},
		"a larger scale out counts what was added": {
			{0, "track", "high", 150, 6}, {60 * s, "track", "high", 200, 8}, {60 * s, "track", "high", 200, 8},
		},
		"steps count what was added": {
			{0, "up", "", 51, 6}, {60 * s, "up", "", 61, 7}, {60 * s, "up", "", 61, 7}, {300 * s, "up", "", 61, 10},
		},
		"a larger scale out begins the cooldown again": {
			{0, "track", "high", 150, 6},
			{299 * s, "track", "high", 200, 8},
			{299 * s, "track", "high", 150, 8},
			{s, "track", "high", 150, 12},
		},
		"scaling in again waits": {
			{0, "track", "low", 75, 3}, {299 * s, "track", "low", 30, 3}, {s, "track", "low", 30, 1},
		},
		"scaling out does not wait for scaling in": {
			{0, "track", "low", 50, 2}, {s, "track", "high", 150, 3}, {60 * s, "track", "low", 30, 1},
		},
		"a policy's own cooldown": {{0, "quick", "", 51, 5}, {10 * s, "quick", "", 51, 6}, {9 * s, "quick", "", 51, 6}},
	}
	for name, rings := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, s := scaling(t, 1, 20, 4)
			w.policy("track", tracking(hundred))
			w.policy("up", step(types.AdjustmentTypeChangeInCapacity, nil,
				adjust(aws.Float64(0), aws.Float64(10), 2), adjust(aws.Float64(10), nil, 3)))
			w.policy("quick", func(in *sdk.PutScalingPolicyInput) {
				step(types.AdjustmentTypeChangeInCapacity, nil, adjust(nil, nil, 1))(in)
				in.StepScalingPolicyConfiguration.Cooldown = aws.Int32(10)
			})
			for i, r := range rings {
				w.pass(r.after)
				require.NoError(t, w.ring(r.policy, r.alarm, r.value, 50))
				got, _ := s.Capacity("eu-central-1", "a", "v", string(count))
				require.Equal(t, r.want, got, "alarm %d", i)
			}
		})
	}
}
