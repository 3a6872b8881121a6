package loadtest

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
)

// options are those of a test whose answers take 20 ms when nothing waits.
func options() Options {
	return Options{
		Latency: 100 * time.Millisecond, ErrorRate: 0.01, StartRate: 5, MaxRate: 1000, StepTime: 10 * time.Second,
		MaxTime: time.Hour, MaxRequests: 1_000_000,
	}
}

// server answers one request after the other, in this time each: it holds a request for each of them.
func server(each time.Duration) Send {
	turn := make(chan struct{}, 1)
	return func(ctx context.Context, _ int) error {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		time.Sleep(each)
		<-turn
		return nil
	}
}

func unchanged(context.Context) error { return nil }

// rates are those of a result's steps, and whether they were held.
func rates(r *Result) (tried []float64, held []bool) {
	for i := range r.Steps {
		tried, held = append(tried, r.Steps[i].Rate), append(held, r.Steps[i].Held())
	}
	return tried, held
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheLimitIsFoundByDoublingAndHalving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		result, err := o.Run(t.Context(), server(20*time.Millisecond), unchanged, io.Discard)
		require.NoError(t, err)
		tried, held := rates(result)
		assert.Equal(t, []float64{5, 10, 20, 40, 80, 60, 50, 55, 52.5}, tried)
		assert.Equal(t, []bool{true, true, true, true, false, false, true, false, false}, held)
		require.NotNil(t, result.Best)
		assert.Equal(t, 50.0, result.Best.Rate, "what a server holds that takes 20 ms for each")
		assert.InDelta(t, 20*time.Millisecond, result.Best.Latency.P99, float64(time.Microsecond))
		assert.Empty(t, result.Stopped)
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestARateTooHighAtFirstIsHalved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.StartRate = 160
		result, err := o.Run(t.Context(), server(20*time.Millisecond), unchanged, io.Discard)
		require.NoError(t, err)
		tried, _ := rates(result)
		assert.Equal(t, []float64{160, 80, 40, 60, 50, 55, 52.5}, tried)
		assert.Equal(t, 50.0, result.Best.Rate)
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnEndpointThatIsTooSlowHoldsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		result, err := o.Run(t.Context(), server(101*time.Millisecond), unchanged, io.Discard)
		require.NoError(t, err)
		tried, _ := rates(result)
		assert.Equal(t, []float64{5, 2.5, 1.25, 0.625}, tried)
		assert.Nil(t, result.Best)
		assert.Empty(t, result.Stopped)
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestRequestsThatWaitForASlowOneCountAsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.Latency = time.Minute
		// The server stops for half a second: whoever comes in that time waits for the rest of it.
		stalled := func(_ context.Context, n int) error {
			if n < 50 {
				time.Sleep(500*time.Millisecond - time.Duration(n)*10*time.Millisecond)
			}
			return nil
		}
		step, err := o.run(t.Context(), stalled, 100, time.Second, 0)
		require.NoError(t, err)
		assert.Equal(t, 100, step.Sent)
		assert.Equal(t, 490*time.Millisecond, step.Latency.P99)
		assert.Equal(t, 400*time.Millisecond, step.Latency.P90, "and not only the one that was there when it stopped")
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestALateSenderDoesNotHideTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		l := &load{options: &o, send: func(context.Context, int) error { return nil }}
		due := time.Now()
		time.Sleep(70 * time.Millisecond)
		l.start(t.Context(), 0, due)
		l.requests.Wait()
		assert.Equal(t, []time.Duration{70 * time.Millisecond}, l.times)
	})
}

func TestALimitOfThisMachineIsNotTakenForTheEndpoints(t *testing.T) {
	t.Parallel()
	late := Step{Rate: 400, Lag: 51 * time.Millisecond, Problem: "p99 is 1s"}
	assert.Equal(t, "this machine cannot send 400 requests/s: it was 51ms late", late.unsent(100*time.Millisecond))
	assert.Empty(t, late.unsent(102*time.Millisecond))
	late.Problem = ""
	assert.Empty(t, late.unsent(100*time.Millisecond), "it was held all the same")
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestARateIsNotHeldWhenTooManyRequestsFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		every := func(n int) Send {
			return func(_ context.Context, i int) error {
				if i%n == n-1 {
					return errors.New("throttled")
				}
				return nil
			}
		}
		step, err := o.run(t.Context(), every(100), 20, 10*time.Second, 0)
		require.NoError(t, err)
		assert.True(t, step.Held(), "one in a hundred may fail")
		assert.Equal(t, 2, step.Errors)
		step, err = o.run(t.Context(), every(50), 20, 10*time.Second, 0)
		require.NoError(t, err)
		assert.Regexp(t, `^3 of 15\d requests failed: throttled$`, step.Problem, "it ends when it is clear")
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnEndpointThatNeverAnswersIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.ErrorRate = 0.5
		step, err := o.run(t.Context(), func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		}, 5000, 10*time.Second, 0)
		require.NoError(t, err)
		assert.False(t, step.Held())
		assert.Zero(t, step.Latency.Count)
		assert.Less(t, step.Sent, 50_000)
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheTestStopsAtItsLimits(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"the highest rate to try, 30 requests/s, was held":                 func(o *Options) { o.MaxRate = 30 },
		"200 requests were sent, and the next step would be more than 399": func(o *Options) { o.MaxRequests = 399 },
		"the next step would end after more than 40s":                      func(o *Options) { o.MaxTime = 40 * time.Second },
	} {
		t.Run(want, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := options()
				change(&o)
				result, err := o.Run(t.Context(), server(20*time.Millisecond), unchanged, io.Discard)
				require.NoError(t, err)
				assert.Equal(t, want, result.Stopped)
				assert.NotNil(t, result.Best)
			})
		})
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAChangeOfTheEndpointEndsTheTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.WarmUp = 10 * time.Second
		sent := 0
		_, err := o.Run(t.Context(), func(context.Context, int) error { sent++; return nil },
			func(context.Context) error { return errors.New("scaled") }, io.Discard)
		require.EqualError(t, err, "scaled")
		assert.Equal(t, 150, sent, "a warm-up and a step")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = o.Run(ctx, server(0), unchanged, io.Discard)
		assert.ErrorIs(t, err, context.Canceled)
	})
}

func TestOptionsAreCheckedUnderTheNamesOfTheirFlags(t *testing.T) {
	t.Parallel()
	good := options()
	at := check.New("")
	good.Check(at)
	require.NoError(t, at.Err())
	bad := Options{ErrorRate: 1, StartRate: 3, MaxRate: 2, StepTime: time.Millisecond, WarmUp: -time.Second}
	bad.Check(at)
	assert.EqualError(t, at.Err(), strings.Join([]string{
		"error-rate: 1 is not at least 0 and below 1",
		"latency: 0s is not above 0s and at most 1m",
		"max-requests: 0 is less than 1",
		"max-time: 0s is not between 1s and 24h",
		"start: 3 is not between 0.5 and 2",
		"step: 1ms is not a whole number of seconds",
		"step: 1ms is not between 1s and 10m",
		"warm-up: -1s is not between 0s and 10m",
	}, "\n"))
}
