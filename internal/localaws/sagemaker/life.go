package sagemaker

import (
	"time"

	"sagehost/internal/localaws/awsjson"
)

// Statuses of an endpoint.
const (
	creating    = "Creating"
	inService   = "InService"
	updating    = "Updating"
	rollingBack = "RollingBack"
	deleting    = "Deleting"
	failed      = "Failed"
)

// life is the state of an endpoint. Nothing runs in the background: whoever looks at an endpoint first lets the phases
// pass that have ended by then.
type life struct {
	// rest is the status once no phase is left.
	rest     string
	phases   []phase
	reason   string
	modified time.Time
	// live is what serves; nil until the endpoint has been in service.
	live *deployment
	// pending is what is being deployed.
	pending *deployment
	// guard is the deployment configuration of the last change.
	guard awsjson.Object
	gone  bool
}

// phase is a passing status.
type phase struct {
	status string
	lasts  time.Duration
	ends   time.Time
	// then is what its end brings about; nil for a phase that only leads to the next one.
	then func(*life)
}

// begin starts a change that passes through some phases.
func (l *life) begin(now time.Time, phases ...phase) {
	l.modified, l.reason = now, ""
	end := now
	for i := range phases {
		end = end.Add(phases[i].lasts)
		phases[i].ends = end
	}
	l.phases = phases
	l.settle(now)
}

// settle ends the phases that are over.
func (l *life) settle(now time.Time) {
	for len(l.phases) > 0 && !now.Before(l.phases[0].ends) {
		over := l.phases[0]
		l.phases = l.phases[1:]
		l.modified = over.ends
		if over.then != nil {
			over.then(l)
		}
	}
}

func (l *life) status() string {
	if len(l.phases) > 0 {
		return l.phases[0].status
	}
	return l.rest
}

// deployed puts the pending deployment into service.
func (l *life) deployed() { l.rest, l.live, l.pending = inService, l.pending, nil }

// failed ends a creation that did not succeed.
func (l *life) failed(reason string) { l.rest, l.pending, l.reason = failed, nil, reason }

// rolledBack leaves the old deployment in service.
func (l *life) rolledBack(reason string) { l.pending, l.reason = nil, reason }
