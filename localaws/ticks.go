package localaws

import (
	"context"
	"time"

	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// ticks keeps the time, so that it does not run backwards when a process that was killed had a clock which ran fast.
type ticks struct {
	clock *clock.Clock
	state state.Dir
}

const (
	ticksName = "clock"
	// ticksEvery is how often the time is kept, in the world's time.
	ticksEvery = time.Second
)

// resume sets the clock forward to the time that was kept last, and to what may have passed until the next.
func (t ticks) resume() error {
	var kept struct {
		Now   time.Time
		Speed float64
	}
	found, err := t.state.Load(ticksName, &kept)
	if err != nil || !found {
		return err
	}
	t.clock.Forward(kept.Now.Add(time.Duration(kept.Speed * float64(ticksEvery))))
	return nil
}

// run keeps the time until the context ends.
func (t ticks) run(ctx context.Context) {
	ticker := time.NewTicker(ticksEvery)
	defer ticker.Stop()
	for {
		// A folder that cannot be written shows in the services, which say so.
		_ = t.state.Save(ticksName, map[string]any{"Now": t.clock.Now(), "Speed": t.clock.Speed()})
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
