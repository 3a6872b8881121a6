// Package clock is the time of the local AWS, which can run faster than the world's, so that nobody waits an hour for
// what takes one at AWS.
package clock

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// MaxSpeed is the fastest that a Clock runs: a minute passes in 30 milliseconds, which is about what it takes to look
// at all alarms once.
const MaxSpeed = 2000

// Later is the later of two times.
func Later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Clock is a time that runs at a speed. It never runs backwards, but for Restart.
type Clock struct {
	mu    sync.Mutex
	speed float64
	// real and local are two names of the moment at which the speed was set.
	real, local time.Time
	// until is the moment from which on the speed is 1; zero for a speed without an end.
	until time.Time
	// changed is closed when the speed changes.
	changed chan struct{}
}

// New starts a clock at a moment, at the world's speed.
func New(at time.Time) *Clock {
	return &Clock{speed: 1, real: time.Now(), local: at, changed: make(chan struct{})}
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	passed := time.Since(c.real)
	if c.speed == 1 {
		return c.local.Add(passed)
	}
	now := c.local.Add(time.Duration(float64(passed) * c.speed))
	if c.until.IsZero() || !now.After(c.until) {
		return now
	}
	fast := time.Duration(float64(c.until.Sub(c.local)) / c.speed)
	return c.until.Add(passed - fast)
}

// Speed is how many seconds of this clock pass in one of the world's.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speedAt(c.now())
}

func (c *Clock) speedAt(moment time.Time) float64 {
	if !c.until.IsZero() && !moment.Before(c.until) {
		return 1
	}
	return c.speed
}

// SetSpeed changes the speed, which must be from 1 to MaxSpeed.
func (c *Clock) SetSpeed(speed float64) error { return c.SetSpeedFor(speed, 0) }

// SetSpeedFor is SetSpeed for a span of this clock, after which the speed is 1: to the moment, however busy the machine
// is. Without a span there is no end.
func (c *Clock) SetSpeedFor(speed float64, span time.Duration) error {
	if !(speed >= 1 && speed <= MaxSpeed) {
		return fmt.Errorf("speed %v is not between 1 and %d", speed, MaxSpeed)
	}
	if span < 0 {
		return fmt.Errorf("span %s is less than 0", span)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.local, c.real, c.speed, c.until = c.now(), time.Now(), speed, time.Time{}
	if span > 0 {
		c.until = c.local.Add(span)
	}
	close(c.changed)
	c.changed = make(chan struct{})
	return nil
}

// Forward sets the clock to a time that is later than its own; it ignores earlier ones.
func (c *Clock) Forward(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); to.After(now) {
		c.local, c.real = to, time.Now()
	}
}

// Restart sets the clock to the world's time and speed, whatever they were. Nobody may be counting on it.
func (c *Clock) Restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.local, c.real, c.speed, c.until = now, now, 1, time.Time{}
	close(c.changed)
	c.changed = make(chan struct{})
}

// Sleep waits for a span of this clock. It returns the context's error if that ends first.
func (c *Clock) Sleep(ctx context.Context, span time.Duration) error {
	end := c.Now().Add(span)
	for {
		wait, changed := c.away(end)
		if wait <= 0 {
			return ctx.Err()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-changed:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// patience is how long a time limit lasts at least in the world's time, unless it is shorter by itself: what it bounds
// is done by containers, which run no faster when the clock does.
const patience = 2 * time.Second

// Limit is how long a time limit of this clock lasts in the world's time, at the speed that it has now.
func (c *Clock) Limit(span time.Duration) time.Duration {
	return max(time.Duration(float64(span)/c.Speed()), min(span, patience))
}

// Bound is a context that ends when a time limit of this clock has passed, with a cause. The limit lasts at least as
// long in the world's time as Limit says. The caller must cancel it.
func (c *Clock) Bound(ctx context.Context, span time.Duration, cause error) (context.Context, context.CancelFunc) {
	bounded, cancel := context.WithCancelCause(ctx)
	began := time.Now()
	go func() {
		if c.Sleep(bounded, span) != nil {
			return
		}
		rest := time.NewTimer(min(span, patience) - time.Since(began))
		defer rest.Stop()
		select {
		case <-rest.C:
			cancel(cause)
		case <-bounded.Done():
		}
	}()
	return bounded, func() { cancel(context.Canceled) }
}

// away is how long a moment is away in the world's time, at the speed that the clock has until changed is closed.
func (c *Clock) away(end time.Time) (wait time.Duration, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	slow := time.Duration(0)
	if !c.until.IsZero() && end.After(c.until) {
		slow = end.Sub(Later(now, c.until))
	}
	return time.Duration(float64(end.Add(-slow).Sub(now))/c.speed) + slow, c.changed
}
