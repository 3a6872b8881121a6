// Package faults refuses or delays requests to the local AWS on demand, so that it can be seen what a program makes of
// a throttled, broken or slow service.
package faults

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"

	"sagehost/localaws/world/clock"
)

// ErrName is returned for a name of a fault that could not be part of a URL as it is.
var ErrName = errors.New("the name must have 1 to 64 letters, digits, dots, underscores or hyphens")

var namePattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Options says what the faults work with. All fields are required.
type Options struct {
	// Clock is the time that delays pass in.
	Clock *clock.Clock
	// Log gets a line for each request that is refused or delayed, from several goroutines at once.
	Log io.Writer
}

// Faults is the failures that were asked for. It is safe for concurrent use.
type Faults struct {
	clock *clock.Clock
	log   io.Writer

	mu     sync.Mutex
	byName map[string]*fault
	// active is the faults that have hits left, in the order of their names; nil when there are none, so that a
	// request then costs no more than looking.
	active atomic.Pointer[[]*fault]
}

// Fault is a rule and what has become of it.
type Fault struct {
	Name string `json:"name"`
	Rule
	// Hits is how many requests were refused or delayed since the rule was set.
	Hits int `json:"hits"`
}

// New makes an empty set of faults.
func New(options Options) *Faults {
	return &Faults{clock: options.Clock, log: options.Log, byName: map[string]*fault{}}
}

// Set adds a rule, or replaces the one of that name and starts counting anew. The error lists everything that is wrong
// with the name and the rule, one problem a line.
func (f *Faults) Set(name string, rule Rule) error {
	if err := errors.Join(checkName(name), join(rule.problems())); err != nil {
		return fmt.Errorf("fault %q: %w", name, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byName[name] = newFault(name, rule)
	f.activate()
	return nil
}

func checkName(name string) error {
	if !namePattern.MatchString(name) {
		return ErrName
	}
	return nil
}

// Remove ends a fault; it reports whether there was one. Requests that are being delayed wait on.
func (f *Faults) Remove(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, found := f.byName[name]
	delete(f.byName, name)
	f.activate()
	return found
}

// Clear ends all faults.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.byName)
	f.activate()
}

// List is all faults in the order of their names, with those whose count is used up.
func (f *Faults) List() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]Fault, 0, len(f.byName))
	for _, name := range slices.Sorted(maps.Keys(f.byName)) {
		list = append(list, f.byName[name].report())
	}
	return list
}

// activate takes over the faults that have hits left. The caller holds the lock.
func (f *Faults) activate() {
	var active []*fault
	for _, name := range slices.Sorted(maps.Keys(f.byName)) {
		if fault := f.byName[name]; !fault.ended() {
			active = append(active, fault)
		}
	}
	if len(active) == 0 {
		f.active.Store(nil)
		return
	}
	f.active.Store(&active)
}
