package asl

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Defaults of a retrier, by the specification of the language.
const (
	defaultInterval = time.Second
	defaultAttempts = 3
	defaultBackoff  = 2.0
	// maxInterval is the longest wait before an attempt, in seconds, by the documentation of AWS Step Functions.
	maxInterval = 31622400
	maxAttempts = 99999999
)

// retrier says after which errors a task is tried again.
type retrier struct {
	errors   []string
	interval time.Duration
	attempts int
	backoff  float64
	// most bounds the wait before an attempt; 0 does not.
	most time.Duration
	// jitter waits from nothing to what it would wait otherwise.
	jitter bool
}

// catcher says where an execution goes on after an error.
type catcher struct {
	errors []string
	next   string
	result resultPath
}

// matches reports whether a Retry or a Catch is for an error.
func matches(names []string, err *Error) bool {
	if err.Name == runtimeError {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return name == err.Name || name == anyError || (name == TaskFailed && err.Name != timeoutError)
	})
}

// pause is how long to wait before an attempt; done counts those before it that failed.
func (r retrier) pause(done int) time.Duration {
	most := float64(maxInterval * time.Second)
	if r.most > 0 {
		most = float64(r.most)
	}
	wait := time.Duration(min(most, float64(r.interval)*math.Pow(r.backoff, float64(done))))
	if r.jitter {
		return time.Duration(rand.Float64() * float64(wait)) //nolint:gosec // it is no secret
	}
	return wait
}

// again finds the retrier that lets a task be tried again.
func (s *state) again(err *Error, attempts []int) (index int, ok bool) {
	for i, r := range s.retriers {
		if matches(r.errors, err) {
			// Only the first that matches counts.
			return i, attempts[i] < r.attempts
		}
	}
	return 0, false
}

// caught finds the catcher for an error.
func (s *state) caught(err *Error) (catcher, bool) {
	for _, c := range s.catchers {
		if matches(c.errors, err) {
			return c, true
		}
	}
	return catcher{}, false
}

// output is what an error looks like to the state after a catcher.
func (e *Error) output() map[string]any {
	out := map[string]any{"Error": e.Name}
	if e.Cause != "" {
		out["Cause"] = e.Cause
	}
	return out
}
