package runtime

import "sync/atomic"

// Load counts what a fleet is doing. Its zero value is that of a fleet which never had a request.
type Load struct {
	underWay atomic.Int64
	answered atomic.Bool
}

// InFlight is how many requests are under way.
func (l *Load) InFlight() int { return int(l.underWay.Load()) }

// enter notes the start of a request and returns how many are under way with it.
func (l *Load) enter() int { return int(l.underWay.Add(1)) }

// leave notes the end of a request.
func (l *Load) leave() { l.underWay.Add(-1) }

// first is true once in the life of a fleet, for the first answer that it gives.
func (l *Load) first() bool { return !l.answered.Load() && l.answered.CompareAndSwap(false, true) }
