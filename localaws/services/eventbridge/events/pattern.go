package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Pattern is an event pattern of EventBridge: what an event must look like to match a rule.
type Pattern struct {
	fields map[string]condition
	// alternatives are the lists under $or, of each of which one pattern must match.
	alternatives [][]*Pattern
}

// condition is what one field must satisfy: a pattern of its own, or one of some matchers.
type condition struct {
	nested *Pattern
	any    []matcher
}

// PatternError says what is wrong with a pattern.
type PatternError struct{ Reason string }

// Error is the reason.
func (e *PatternError) Error() string { return e.Reason }

func badPattern(format string, args ...any) error { return &PatternError{fmt.Sprintf(format, args...)} }

// or is the name under which alternatives stand.
const or = "$or"

// Compile reads a pattern. The error is a *PatternError.
func Compile(text string) (*Pattern, error) {
	value, err := decode([]byte(text))
	object, ok := value.(map[string]any)
	if err != nil || !ok {
		return nil, badPattern("it is not a JSON object")
	}
	return compile(object)
}

// decode reads one JSON value, whose numbers keep their digits.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("data after the value")
	}
	return value, nil
}

func compile(object map[string]any) (*Pattern, error) {
	if len(object) == 0 {
		return nil, badPattern("Empty objects are not allowed")
	}
	p := &Pattern{fields: map[string]condition{}}
	for name, value := range object {
		var err error
		switch typed := value.(type) {
		case map[string]any:
			var nested *Pattern
			nested, err = compile(typed)
			p.fields[name] = condition{nested: nested}
		case []any:
			if name == or {
				err = p.addAlternatives(typed)
				break
			}
			var c condition
			c.any, err = compileMatchers(name, typed)
			p.fields[name] = c
		default:
			err = badPattern("%q must be an object or an array", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// addAlternatives reads a list under $or, which must have two patterns at least.
func (p *Pattern) addAlternatives(list []any) error {
	if len(list) < 2 {
		return badPattern("There must be at least 2 patterns in %s", or)
	}
	var patterns []*Pattern
	for _, element := range list {
		object, ok := element.(map[string]any)
		if !ok {
			return badPattern("Only objects are allowed in %s", or)
		}
		nested, err := compile(object)
		if err != nil {
			return err
		}
		patterns = append(patterns, nested)
	}
	p.alternatives = append(p.alternatives, patterns)
	return nil
}

// Match reports whether an event satisfies the pattern. The event is decoded JSON, whose numbers are json.Number.
func (p *Pattern) Match(event map[string]any) bool {
	for name, c := range p.fields {
		value, present := event[name]
		if !c.match(value, present) {
			return false
		}
	}
	for _, patterns := range p.alternatives {
		if !slices.ContainsFunc(patterns, func(one *Pattern) bool { return one.Match(event) }) {
			return false
		}
	}
	return true
}

func (c condition) match(value any, present bool) bool {
	if c.nested != nil {
		return c.matchNested(value)
	}
	leaves := leavesOf(value, present)
	for _, m := range c.any {
		if m.absent && len(leaves) == 0 {
			return true
		}
		for _, leaf := range leaves {
			if !m.absent && m.matches(leaf) {
				return true
			}
		}
	}
	return false
}

// matchNested looks into objects. A field that is missing is an empty one, so that a pattern can ask for what must not
// exist in it; of a list, one element must match.
func (c condition) matchNested(value any) bool {
	switch typed := value.(type) {
	case map[string]any:
		return c.nested.Match(typed)
	case []any:
		return slices.ContainsFunc(typed, c.matchNested)
	default:
		return c.nested.Match(nil)
	}
}

// leavesOf is the values that matchers see: the field's own, or those of a list. Objects are none.
func leavesOf(value any, present bool) []any {
	if !present {
		return nil
	}
	switch typed := value.(type) {
	case map[string]any:
		return nil
	case []any:
		var leaves []any
		for _, element := range typed {
			leaves = append(leaves, leavesOf(element, true)...)
		}
		return leaves
	default:
		return []any{value}
	}
}
