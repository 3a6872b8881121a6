package sagemaker

import (
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/world/clock"
)

// Statuses of an endpoint.
const (
	creating       = "Creating"
	inService      = "InService"
	updating       = "Updating"
	rollingBack    = "RollingBack"
	rollbackFailed = "UpdateRollbackFailed"
	deleting       = "Deleting"
	failed         = "Failed"
)

// life is the state of an endpoint. Time does not drive it: whoever looks at an endpoint first lets the phases pass
// that have ended by then. It holds data only, so that it can be kept in a file.
type life struct {
	// Rest is the status once no phase is left.
	Rest string
	// Phases are still to pass; the first one has lasted since Since.
	Phases []phase
	Since  time.Time
	// Deadline is when an update that is not through is given up; zero means never.
	Deadline time.Time
	Reason   string
	Modified time.Time
	// Live is what serves; nil until the endpoint has been in service.
	Live *deployment
	// Pending is what is being deployed.
	Pending *deployment
	// Guard is the deployment configuration of the last change.
	Guard awsjson.Object
	// RollingBack is how long it takes to go back to Live.
	RollingBack time.Duration
	// Gone says that the endpoint was deleted.
	Gone bool
}

// phase is a passing status.
type phase struct {
	Status string
	Lasts  time.Duration
	// Starting makes it last until the containers of the pending deployment are ready, too.
	Starting bool
	// Share of the requests goes to the pending deployment. Range: 0 to 1.
	Share float64
	// Watched says that an alarm that goes off ends the update.
	Watched bool
	// Then is what its end brings about; empty when it only leads to the next one.
	Then effect
	// Reason is why, for effects that are failures.
	Reason string
}

// effect names what the end of a phase brings about.
type effect string

const (
	deploy      effect = "deploy"
	fail        effect = "fail"
	stay        effect = "stay"
	getStuck    effect = "getStuck"
	takeOnScale effect = "scale"
	vanish      effect = "vanish"
)

var effects = map[effect]func(*life, string){
	deploy: func(l *life, _ string) {
		l.Live.close()
		l.Rest, l.Live, l.Pending = inService, l.Pending, nil
	},
	fail:     func(l *life, reason string) { l.giveUp(failed, reason) },
	stay:     func(l *life, reason string) { l.giveUp(l.Rest, reason) },
	getStuck: func(l *life, reason string) { l.giveUp(rollbackFailed, reason) },
	takeOnScale: func(l *life, _ string) {
		for _, v := range l.Live.Variants {
			v.Current = v.Desired
		}
	},
	vanish: func(l *life, _ string) { l.Gone = true },
}

// giveUp drops the pending deployment.
func (l *life) giveUp(rest, reason string) {
	l.Pending.close()
	l.Rest, l.Pending, l.Reason = rest, nil, reason
}

// begin starts a change that passes through some phases.
func (l *life) begin(now time.Time, phases ...phase) {
	l.Modified, l.Reason, l.Deadline = now, "", time.Time{}
	l.enter(now, phases)
	l.settle(now)
}

func (l *life) enter(now time.Time, phases []phase) { l.Since, l.Phases = now, phases }

// settle ends the phases that are over, and reports whether there was one.
func (l *life) settle(now time.Time) (changed bool) {
	for len(l.Phases) > 0 {
		current := l.Phases[0]
		end := l.Since.Add(current.Lasts)
		if current.Starting {
			at, ready, err := l.Pending.started()
			if err != nil {
				l.abort(now, err.Error())
				changed = true
				continue
			}
			end = clock.Later(end, at)
			if !ready {
				// It takes as long as it takes, but not beyond the deadline.
				end = forever
			}
		}
		if l.Pending != nil && !l.Deadline.IsZero() && end.After(l.Deadline) && !now.Before(l.Deadline) {
			l.abort(l.Deadline, "The update exceeded its MaximumExecutionTimeoutInSeconds.")
			changed = true
			continue
		}
		if now.Before(end) {
			return changed
		}
		l.enter(end, l.Phases[1:])
		l.Modified, changed = end, true
		if apply := effects[current.Then]; apply != nil {
			apply(l, current.Reason)
		}
	}
	return changed
}

// forever is after every time that a clock comes to.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// abort ends a change that cannot go on: an endpoint goes back to what is live, and fails when nothing is.
func (l *life) abort(now time.Time, reason string) {
	l.Modified, l.Deadline = now, time.Time{}
	back := phase{Then: fail, Reason: reason}
	if l.Live != nil {
		back = phase{Status: rollingBack, Lasts: l.RollingBack, Then: stay, Reason: reason}
	}
	l.enter(now, []phase{back})
}

// status is the one that DescribeEndpoint shows.
func (l *life) status() string {
	if len(l.Phases) > 0 {
		return l.Phases[0].Status
	}
	return l.Rest
}

// share is how much of the requests the pending deployment gets.
func (l *life) share() float64 {
	if len(l.Phases) > 0 && l.Pending != nil {
		return l.Phases[0].Share
	}
	return 0
}
