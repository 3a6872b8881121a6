package shape

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mismatch is a value of the wrong JSON type.
type Mismatch struct{ text string }

// Error words the mismatch as AWS does.
func (m *Mismatch) Error() string { return m.text }

// Violations are values that break a constraint.
type Violations []string

// Error words the violations as AWS does.
func (v Violations) Error() string {
	noun := "errors"
	if len(v) == 1 {
		noun = "error"
	}
	return fmt.Sprintf("%d validation %s detected: %s", len(v), noun, strings.Join(v, "; "))
}

// Check returns a *Mismatch for a value of the wrong type, else Violations for values outside their constraints, else
// nil. Numbers are expected as json.Number.
func (s Shape) Check(value map[string]any) error {
	c := &checker{}
	c.check(s, "", value)
	switch {
	case c.mismatch != nil:
		return c.mismatch
	case len(c.violations) > 0:
		return c.violations
	}
	return nil
}

type checker struct {
	mismatch   *Mismatch
	violations Violations
}

func (c *checker) check(s Shape, path string, value any) {
	switch typed := value.(type) {
	case string:
		if s.kind == kindText {
			c.require(path, s.told(typed), s.textProblem(typed))
			return
		}
	case json.Number:
		if s.takesNumber(typed) {
			c.require(path, s.told(typed.String()), s.numberProblem(typed))
			return
		}
	case bool:
		if s.kind == kindFlag {
			return
		}
	case []any:
		if s.kind == kindList {
			c.list(s, path, typed)
			return
		}
	case map[string]any:
		if s.kind == kindMap || s.kind == kindStructure {
			c.object(s, path, typed)
			return
		}
	}
	if c.mismatch == nil {
		c.mismatch = &Mismatch{s.mismatch(value)}
	}
}

func (c *checker) list(s Shape, path string, values []any) {
	c.require(path, s.told(listed(values)), s.sizeProblem(len(values)))
	inside := c.inside()
	for i, value := range values {
		inside.check(*s.element, fmt.Sprintf("%s.%d.member", path, i+1), value)
	}
	c.take(inside, s.element, path, listed(values), "Member must satisfy constraint: ")
}

func (c *checker) object(s Shape, path string, values map[string]any) {
	if s.kind == kindMap {
		c.mapping(s, path, values)
		return
	}
	for _, m := range s.members {
		at := join(path, m.name)
		value, given := values[m.name]
		switch {
		case given:
			c.check(m.shape, at, value)
		case m.required:
			c.violations = append(c.violations,
				fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", at))
		}
	}
}

func (c *checker) mapping(s Shape, path string, values map[string]any) {
	if problem := s.sizeProblem(len(values)); problem != "" {
		c.violations = append(c.violations, fmt.Sprintf("Value at '%s' failed to satisfy constraint: %s", path, problem))
	}
	keys, elements := c.inside(), c.inside()
	for _, key := range slices.Sorted(maps.Keys(values)) {
		keys.check(*s.key, path, key)
		elements.check(*s.element, path+"."+key+".member", values[key])
	}
	c.take(keys, s.key, path, "", "Map keys must satisfy constraint: ")
	c.take(elements, s.element, path, "", "Map value must satisfy constraint: ")
}

// inside is a checker for the elements of a list or a map.
func (c *checker) inside() *checker { return &checker{mismatch: c.mismatch} }

// take adds what was found inside a list or a map. Of elements that are no structures AWS names all the constraints,
// and the list or the map in place of the element. The values of maps stay untold: they may be secrets.
func (c *checker) take(inside *checker, element *Shape, path, value, words string) {
	c.mismatch = inside.mismatch
	constraints := element.constraints()
	switch {
	case len(inside.violations) == 0:
	case constraints == nil:
		c.violations = append(c.violations, inside.violations...)
	default:
		if value != "" {
			value = " '" + value + "'"
		}
		c.violations = append(c.violations, fmt.Sprintf("Value%s at '%s' failed to satisfy constraint: %s[%s]",
			value, path, words, strings.Join(constraints, ", ")))
	}
}

func (c *checker) require(path, value, problem string) {
	if problem != "" {
		c.violations = append(c.violations,
			fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: %s", value, path, problem))
	}
}

// told is a value as messages have it, with a space; empty for one that they must not tell.
func (s Shape) told(value string) string {
	if s.secret {
		return ""
	}
	return "'" + value + "' "
}

// join names a member as AWS does in its messages, with a small first letter.
func join(path, name string) string {
	name = strings.ToLower(name[:1]) + name[1:]
	if path == "" {
		return name
	}
	return path + "." + name
}
