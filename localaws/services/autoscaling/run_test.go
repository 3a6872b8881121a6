package autoscaling_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/autoscaling"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// action is a scheduled action in UTC.
func action(schedule string, low, high *int32) func(*sdk.PutScheduledActionInput) {
	return func(in *sdk.PutScheduledActionInput) {
		in.Schedule, in.Timezone = &schedule, nil
		in.ScalableTargetAction = &types.ScalableTargetAction{MinCapacity: low, MaxCapacity: high}
	}
}

func (w *world) bounds() [2]int32 {
	w.t.Helper()
	list := w.targets()
	require.Len(w.t, list, 1)
	return [2]int32{*list[0].MinCapacity, *list[0].MaxCapacity}
}

func TestAScheduledActionSetsBoundsAndScalesToThem(t *testing.T) {
	t.Parallel()
	s := &scaler{initial: 2}
	w := newWorld(t, s.with)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putAction("day", action("cron(0 8 * * ? *)", aws.Int32(3), aws.Int32(9))))
	require.NoError(t, w.putAction("night", action("cron(0 20 * * ? *)", nil, aws.Int32(3))))
	w.pass(8*time.Hour - time.Second)
	assert.Equal(t, [2]int32{1, 4}, w.bounds())
	w.pass(time.Second)
	assert.Equal(t, [2]int32{3, 9}, w.bounds())
	assert.Equal(t, []int64{3}, s.scaled)
	w.pass(12 * time.Hour)
	assert.Equal(t, [2]int32{3, 3}, w.bounds())

	list := w.activities()
	require.Len(t, list, 3)
	assert.Equal(t, "Setting max capacity to 3", *list[0].Description)
	assert.Equal(t, "scheduled action name night was triggered", *list[0].Cause)
	assert.Equal(t, "Setting desired instance count to 3.", *list[1].Description)
	assert.Equal(t, "minimum capacity was set to 3", *list[1].Cause)
	assert.Equal(t, "Setting min capacity to 3 and max capacity to 9", *list[2].Description)
	assert.Equal(t, "Successfully set min capacity to 3 and max capacity to 9", *list[2].StatusMessage)
	assert.Equal(t, "scheduled action name day was triggered", *list[2].Cause)
	assert.Equal(t, types.ScalingActivityStatusCodeSuccessful, list[2].StatusCode)
}

func TestOfMissedTimesOnlyTheNewestCounts(t *testing.T) {
	t.Parallel()
	s := &scaler{initial: 2}
	w := newWorld(t, s.with)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putAction("night", action("cron(0 20 * * ? *)", aws.Int32(1), aws.Int32(1))))
	require.NoError(t, w.putAction("day", action("cron(0 8 * * ? *)", aws.Int32(3), aws.Int32(3))))
	require.NoError(t, w.putAction("gone", action("at(2025-12-31T23:59:59)", aws.Int32(4), aws.Int32(4))))
	w.pass(10*24*time.Hour + 21*time.Hour)
	assert.Equal(t, []int64{3, 1}, s.scaled, "the older of the two that are due comes first")
	w.pass(0)
	w.pass(time.Hour)
	assert.Equal(t, []int64{3, 1}, s.scaled)
}

func TestSuspendedSchedulesAreNotMadeUpFor(t *testing.T) {
	t.Parallel()
	suspend := func(on bool) func(*sdk.RegisterScalableTargetInput) {
		return func(in *sdk.RegisterScalableTargetInput) {
			in.MinCapacity, in.MaxCapacity = aws.Int32(1), aws.Int32(4)
			in.SuspendedState = &types.SuspendedState{ScheduledScalingSuspended: &on}
		}
	}
	s := &scaler{initial: 2}
	w := newWorld(t, s.with)
	require.NoError(t, w.register(resource, suspend(true)))
	require.NoError(t, w.putAction("x", action("rate(1 hour)", aws.Int32(3), nil)))
	w.pass(90 * time.Minute)
	require.NoError(t, w.register(resource, suspend(false)))
	w.pass(0)
	assert.Equal(t, [2]int32{1, 4}, w.bounds())
	w.pass(30 * time.Minute)
	assert.Equal(t, [2]int32{3, 4}, w.bounds())
}

func TestAnActionThatCannotBeDoneFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		low, high *int32
		message   string
	}{
		"real time to zero": {
			aws.Int32(0), nil,
			"Failed to set min capacity to 0. Reason: Minimum capacity of endpoint/e/variant/v must be at least 1",
		},
		"above the maximum": {
			aws.Int32(5), nil, "Failed to set min capacity to 5. Reason: Maximum capacity cannot be less than minimum capacity",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scaler{initial: 2}
			w := newWorld(t, s.with)
			require.NoError(t, w.register(resource))
			require.NoError(t, w.putAction("x", action("rate(1 hour)", test.low, test.high)))
			w.pass(time.Hour)
			assert.Equal(t, [2]int32{1, 4}, w.bounds())
			assert.Empty(t, s.scaled)
			list := w.activities()
			require.Len(t, list, 1)
			assert.Equal(t, types.ScalingActivityStatusCodeFailed, list[0].StatusCode)
			assert.Equal(t, test.message, *list[0].StatusMessage)
		})
	}
}

func TestRunFiresActionsUntilItsContextEnds(t *testing.T) {
	t.Parallel()
	s, fast := &scaler{initial: 2}, clock.New(epoch)
	require.NoError(t, fast.SetSpeed(clock.MaxSpeed))
	w := newWorld(t, s.with, func(o *autoscaling.Options) { o.Clock, o.Pace = fast.Now, fast })
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putAction("x", action("rate(1 minute)", aws.Int32(3), nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.fake.Run(ctx) })
	assert.Eventually(t, func() bool { return w.bounds() == [2]int32{3, 4} }, 30*time.Second, 10*time.Millisecond)
	cancel()
	running.Wait()
}

func TestWhatTheFakeKnowsOutlivesIt(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	keep := func(o *autoscaling.Options) { o.State = dir }
	s, watch := &scaler{initial: 2}, &watch{}
	w := newWorld(t, s.with, watch.with, keep)
	require.NoError(t, w.register(resource, func(in *sdk.RegisterScalableTargetInput) {
		in.Tags = map[string]string{"a": "1"}
	}))
	require.NoError(t, w.register("endpoint/a/variant/v"))
	require.NoError(t, w.putPolicy("p", tracking(hundred)))
	require.NoError(t, w.putAction("x", action("cron(30 * * * ? *)", aws.Int32(2), nil)))
	require.NoError(t, w.ring("p", "high", 150, 100))
	watch.down = true
	w.fake.DeregisterEndpoint("eu-central-1", "a")

	again := newWorld(t, s.with, watch.with, keep)
	assert.Equal(t, w.targets(), again.targets())
	assert.Equal(t, w.policies(), again.policies())
	assert.Equal(t, w.actions(), again.actions())
	assert.Equal(t, w.activities(), again.activities())
	assert.Equal(t, map[string]string{"a": "1"}, again.tags(*again.targets()[0].ScalableTargetARN))
	require.NoError(t, again.ring("p", "high", 150, 100))
	assert.Equal(t, []int64{3}, s.scaled, "the cooldown goes on")
	again.pass(time.Hour)
	assert.Equal(t, [2]int32{2, 4}, again.bounds(), "what was missed is made up for")
}

func TestAlarmsToDeleteOutliveTheFake(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	keep := func(o *autoscaling.Options) { o.State = dir }
	var watch watch
	w := newWorld(t, watch.with, keep)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	w.fake.DeregisterEndpoint("eu-central-1", "e")
	alarms := watch.alarms
	again := newWorld(t, watch.with, keep)
	watch.alarms = alarms
	again.pass(0)
	assert.Empty(t, watch.alarms)
}

func TestStateThatCannotBeKeptIsTold(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	var log bytes.Buffer
	fake := autoscaling.New(autoscaling.Options{
		Clock: func() time.Time { return epoch }, State: state.Dir(file), Log: &log,
	})
	require.ErrorContains(t, fake.Restore(), "state of application-autoscaling")
	fake.DeregisterEndpoint("eu-central-1", "e")
	assert.Contains(t, log.String(), "AnyScaleFrontendService: state of application-autoscaling")
}
