package sagemaker

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// lookEvery is how often endpoints are looked at when nobody else does, in the world's time.
const lookEvery = 20 * time.Millisecond

// Run lets endpoints change when nobody asks for them, and ends updates when an alarm goes off. When the context ends
// it ends all containers and returns.
func (f *Fake) Run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			f.close()
			return
		case <-ticker.C:
			f.abortWatched(ctx, f.settleAll())
		}
	}
}

// watch is an update that alarms can end.
type watch struct {
	region, endpoint string
	planned          *deployment
	alarms           []string
}

// settleAll brings all endpoints up to date and returns the updates to be watched.
func (f *Fake) settleAll() []watch {
	f.mu.Lock()
	defer f.mu.Unlock()
	var watches []watch
	for name := range f.regions {
		c := f.callNow(name)
		for _, endpoint := range c.all(endpoints) {
			if l := endpoint.Life; len(l.Phases) > 0 && l.Phases[0].Watched {
				watches = append(watches, watch{name, endpoint.Name, l.Pending, alarmNames(l.Guard)})
			}
		}
	}
	if f.unsaved {
		f.logFailure(f.save())
	}
	return watches
}

// abortWatched rolls updates back whose alarms have gone off.
func (f *Fake) abortWatched(ctx context.Context, watches []watch) {
	for _, w := range watches {
		var ringing []string
		for _, alarm := range w.alarms {
			state, err := f.alarms.State(ctx, w.region, alarm)
			f.logFailure(err)
			if state == "ALARM" {
				ringing = append(ringing, alarm)
			}
		}
		if len(ringing) > 0 {
			f.abort(w, "The following CloudWatch alarms went into the ALARM state during the deployment: "+
				strings.Join(ringing, ", ")+".")
		}
	}
}

func (f *Fake) abort(w watch, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.callNow(w.region)
	found, err := c.find(endpoints, w.endpoint)
	// In the meantime the update may have ended, and another one begun.
	if err != nil || found.Life.Pending != w.planned || w.planned == nil {
		return
	}
	found.Life.abort(c.now, reason)
	f.logFailure(f.save())
}

func (f *Fake) logFailure(err error) {
	if err != nil {
		_, _ = fmt.Fprintf(f.Log, "sagemaker: %v\n", err)
	}
}

// close ends all containers and waits for them.
func (f *Fake) close() {
	f.mu.Lock()
	for _, r := range f.regions {
		for _, endpoint := range r.records[endpoints] {
			endpoint.Life.Live.close()
			endpoint.Life.Pending.close()
		}
	}
	f.mu.Unlock()
	f.fleets.ends.Wait()
}
