package asl

import (
	"fmt"
	"maps"
	"slices"
)

// checkTransitions refuses ways to states that are not there, states that no way leads to, and machines that cannot
// end.
func (m *Machine) checkTransitions() Diagnostics {
	var found Diagnostics
	if m.states[m.startAt] == nil {
		found = append(found, missingTarget(transition{m.startAt, "/StartAt"}))
	}
	ends := false
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		ends = ends || m.states[name].terminal()
		for _, t := range m.states[name].transitions("/States/" + name) {
			if m.states[t.to] == nil {
				found = append(found, missingTarget(t))
			}
		}
	}
	if !ends {
		return append(found, Diagnostic{Code: endMissing, Message: "Workflow has no terminal state"})
	}
	reached := map[string]bool{}
	m.reach(m.startAt, reached)
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		if !reached[name] {
			found = append(found, Diagnostic{
				targetMissing, fmt.Sprintf(`State "%s" is not reachable.`, name), "/States/" + name,
			})
		}
	}
	return found
}

func missingTarget(t transition) Diagnostic {
	return Diagnostic{targetMissing, fmt.Sprintf("Missing 'Next' target: %s", t.to), t.location}
}

// reach marks all states that can follow one.
func (m *Machine) reach(name string, reached map[string]bool) {
	todo := []string{name}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if reached[at] || m.states[at] == nil {
			continue
		}
		reached[at] = true
		for _, t := range m.states[at].transitions("") {
			todo = append(todo, t.to)
		}
	}
}
