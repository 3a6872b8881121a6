package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errLate = errors.New("it is late")

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestABoundEndsWithItsTime(t *testing.T) {
	for _, row := range []struct {
		speed float64
		span  time.Duration
		want  time.Duration
	}{
		{1, time.Minute, time.Minute},
		{60, time.Hour, time.Minute},
		{60, time.Minute, patience},
		{60, time.Second, time.Second},
		{1, -time.Second, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, began := New(start), time.Now()
			require.NoError(t, c.SetSpeed(row.speed))
			bounded, cancel := c.Bound(t.Context(), row.span, errLate)
			defer cancel()
			<-bounded.Done()
			assert.Equal(t, errLate, context.Cause(bounded))
			assert.Equal(t, row.want, time.Since(began))
		})
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestABoundIsGivenUpWithItsParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent, stop := context.WithCancelCause(t.Context())
		bounded, cancel := New(start).Bound(parent, time.Second, errLate)
		defer cancel()
		time.Sleep(time.Second / 2)
		stop(errors.New("enough"))
		<-bounded.Done()
		assert.EqualError(t, context.Cause(bounded), "enough")
		left, cancel := New(start).Bound(t.Context(), time.Second, errLate)
		cancel()
		assert.Equal(t, context.Canceled, context.Cause(left))
	})
}
