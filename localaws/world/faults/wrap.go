package faults

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Wrap is next behind the faults. Of the faults that match a request, in the order of their names, each hit delays it,
// and the first hit with an error answers it; the faults after that one do not count it. Any other request reaches next
// as it came. Requests for paths below /_local/ are left alone.
func (f *Faults) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		active := f.active.Load()
		if active == nil || strings.HasPrefix(r.URL.Path, "/_local/") || !f.apply(*active, w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// apply reports whether the request needs no other answer.
func (f *Faults) apply(active []*fault, w http.ResponseWriter, r *http.Request) (done bool) {
	q := recognise(r)
	for _, fault := range active {
		if !fault.matches(q) {
			continue
		}
		hit, last := fault.take()
		if last {
			f.retire()
		}
		if hit && f.strike(fault, w, q) {
			return true
		}
	}
	return false
}

// retire leaves out the faults that have used up their counts.
func (f *Faults) retire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.activate()
}

// strike delays and refuses a request as a fault says. It reports whether the request needs no other answer.
func (f *Faults) strike(fault *fault, w http.ResponseWriter, q *request) (done bool) {
	rule := fault.rule
	what := fmt.Sprintf("%s %q %q", q.service, q.http.Method, q.http.URL.Path)
	if operation := q.operation(); operation != "" {
		what = fmt.Sprintf("%s.%q", q.service, operation)
	}
	if rule.Delay != "" {
		// A log that cannot be written must not cost the client its answer.
		_, _ = fmt.Fprintf(f.log, "faults: %s delays %s by %s\n", fault.name, what, rule.Delay)
		if err := f.clock.Sleep(q.http.Context(), fault.delay); err != nil {
			// The client has gone.
			return true
		}
	}
	if rule.Error == "" {
		return false
	}
	refusal := newRefusal(rule, q)
	_, _ = fmt.Fprintf(f.log, "faults: %s refuses %s with %d %s\n", fault.name, what, refusal.status, refusal.code)
	drain(q.http)
	refusal.write(w, q)
	return true
}

// drain takes in what the client still sends: one that is cut off while it sends might not see the answer. AWS's client
// for Go sends its bodies at once even where it announces that it waits for leave to.
func drain(r *http.Request) {
	if r.Body != nil {
		// What cannot be read is not needed.
		_, _ = io.Copy(io.Discard, r.Body)
	}
}
