package clock

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheClockRunsAtItsSpeedFromTheMomentItIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(start)
		time.Sleep(time.Second)
		assert.Equal(t, start.Add(time.Second), c.Now())
		require.NoError(t, c.SetSpeed(60))
		time.Sleep(time.Second)
		assert.Equal(t, start.Add(61*time.Second), c.Now())
		assert.InDelta(t, 60, c.Speed(), 0)
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestASleeperWakesEarlierWhenTheClockIsSpedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := New(start), time.Now()
		go func() {
			time.Sleep(time.Minute)
			assert.NoError(t, c.SetSpeed(59))
		}()
		require.NoError(t, c.Sleep(t.Context(), time.Hour))
		assert.Equal(t, 2*time.Minute, time.Since(began))
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestASleeperLeavesWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, New(start).Sleep(ctx, time.Hour), context.DeadlineExceeded)
	})
}

func TestASpeedOutOfRangeIsRefused(t *testing.T) {
	t.Parallel()
	for speed, want := range map[float64]bool{0: false, 0.99: false, 1: true, MaxSpeed: true, MaxSpeed + 1: false} {
		assert.Equal(t, want, New(start).SetSpeed(speed) == nil, speed)
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestALimitLeavesContainersTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(start)
		assert.Equal(t, time.Minute, c.Limit(time.Minute))
		require.NoError(t, c.SetSpeed(60))
		assert.Equal(t, time.Minute, c.Limit(time.Hour))
		assert.Equal(t, 2*time.Second, c.Limit(90*time.Second))
		assert.Equal(t, time.Second, c.Limit(time.Second))
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheClockIsOnlySetForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(start)
		c.Forward(start.Add(-time.Hour))
		assert.Equal(t, start, c.Now())
		c.Forward(start.Add(time.Hour))
		time.Sleep(time.Second)
		assert.Equal(t, start.Add(time.Hour+time.Second), c.Now())
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestASpeedEndsToTheMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(start)
		require.NoError(t, c.SetSpeedFor(60, time.Hour))
		time.Sleep(30 * time.Second)
		assert.Equal(t, start.Add(30*time.Minute), c.Now())
		assert.InDelta(t, 60, c.Speed(), 0)

		// Nobody looks at the clock while the hour ends.
		time.Sleep(40 * time.Second)
		assert.Equal(t, start.Add(time.Hour+10*time.Second), c.Now())
		assert.InDelta(t, 1, c.Speed(), 0)

		require.NoError(t, c.SetSpeed(2))
		time.Sleep(time.Minute)
		assert.Equal(t, start.Add(time.Hour+130*time.Second), c.Now(), "a speed without an end")
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestASleepOverTheEndOfASpeedIsAsLongAsItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(start)
		require.NoError(t, c.SetSpeedFor(60, time.Hour))
		began, world := c.Now(), time.Now()
		require.NoError(t, c.Sleep(t.Context(), time.Hour+time.Minute))
		assert.Equal(t, time.Hour+time.Minute, c.Now().Sub(began))
		assert.Equal(t, 2*time.Minute, time.Since(world))
		require.NoError(t, c.Sleep(t.Context(), time.Second))
		assert.Equal(t, 2*time.Minute+time.Second, time.Since(world))
	})
}

func TestASpeedForLessThanNoTimeIsRefused(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, New(time.Now()).SetSpeedFor(2, -time.Second), "span -1s is less than 0")
}
