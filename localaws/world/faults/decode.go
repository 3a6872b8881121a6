package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// decode reads a rule, strictly: the error lists every member that is unknown or of another type, and everything that
// is wrong with the rest, one problem a line.
func decode(body []byte) (Rule, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return Rule{}, errors.New("the body is not a JSON object")
	}
	var rule Rule
	fields := map[string]struct {
		target any
		kind   string
	}{
		"service": {&rule.Service, "a string"}, "operation": {&rule.Operation, "a string"},
		"resource": {&rule.Resource, "a string"}, "error": {&rule.Error, "a string"},
		"status": {&rule.Status, "a whole number"}, "message": {&rule.Message, "a string"},
		"rate": {&rule.Rate, "a number"}, "count": {&rule.Count, "a whole number"}, "delay": {&rule.Delay, "a string"},
	}
	var problems []problem
	var mistyped []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		field, known := fields[name]
		if !known {
			problems = append(problems, problem{error: fmt.Errorf("member %q is unknown", name)})
		} else if json.Unmarshal(members[name], field.target) != nil {
			problems = append(problems, problem{error: fmt.Errorf("%s must be %s", name, field.kind)})
			mistyped = append(mistyped, name)
		}
	}
	// A member of another type has no value that anything could be said about.
	rest := slices.DeleteFunc(rule.problems(), func(p problem) bool {
		return slices.ContainsFunc(p.members, func(member string) bool { return slices.Contains(mistyped, member) })
	})
	return rule, join(append(problems, rest...))
}

// join is the problems as one error; nil when there are none.
func join(problems []problem) error {
	list := make([]error, 0, len(problems))
	for _, p := range problems {
		list = append(list, p.error)
	}
	return errors.Join(list...)
}
