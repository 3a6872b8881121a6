package asl

import (
	"encoding/json"
	"strings"
	"time"
)

// operator is what a comparison does.
type operator struct {
	// compare compares a variable with a value. What is of another type than the operator is about is never true.
	compare func(variable, value any) bool
	// fits reports whether a value may be written out in a definition.
	fits func(value any) bool
	// kind names what fits.
	kind string
	// paths says that there is a form whose value is a path.
	paths bool
	// presence is for IsPresent, which is about the path itself.
	presence bool
}

// orders are the ends of the names of operators that compare by order.
var orders = map[string]func(order int) bool{
	"Equals":            func(order int) bool { return order == 0 },
	"LessThan":          func(order int) bool { return order < 0 },
	"GreaterThan":       func(order int) bool { return order > 0 },
	"LessThanEquals":    func(order int) bool { return order <= 0 },
	"GreaterThanEquals": func(order int) bool { return order >= 0 },
}

// ordered are the types that have an order.
var ordered = map[string]struct {
	compare func(a, b any) (order int, ok bool)
	kind    string
}{
	"String":    {compareTexts, "STRING"},
	"Numeric":   {compareAsNumbers, "NUMBER"},
	"Timestamp": {compareTimes, "TIMESTAMP"},
}

// operators are all comparisons but And, Or and Not.
var operators = func() map[string]operator {
	all := map[string]operator{
		"BooleanEquals": {compare: isEqualFlag, fits: isFlag, kind: "BOOLEAN", paths: true},
		"StringMatches": {compare: matchesPattern, fits: isText, kind: "STRING"},
		"IsPresent":     {fits: isFlag, kind: "BOOLEAN", presence: true},
	}
	for name, is := range map[string]func(any) bool{
		"IsNull": func(v any) bool { return v == nil }, "IsNumeric": isNumber, "IsString": isText, "IsBoolean": isFlag,
		"IsTimestamp": func(v any) bool { _, ok := timeOf(v); return ok },
	} {
		all[name] = operator{
			compare: func(variable, value any) bool { return is(variable) == value }, fits: isFlag, kind: "BOOLEAN",
		}
	}
	for kind, t := range ordered {
		for name, wanted := range orders {
			all[kind+name] = operator{
				compare: func(variable, value any) bool {
					order, ok := t.compare(variable, value)
					return ok && wanted(order)
				},
				fits: func(value any) bool { _, ok := t.compare(value, value); return ok },
				kind: t.kind, paths: true,
			}
		}
	}
	return all
}()

func isFlag(v any) bool   { _, ok := v.(bool); return ok }
func isText(v any) bool   { _, ok := v.(string); return ok }
func isNumber(v any) bool { _, ok := v.(json.Number); return ok }

func isEqualFlag(a, b any) bool { return isFlag(a) && a == b }

func compareTexts(a, b any) (order int, ok bool) {
	x, isX := a.(string)
	y, isY := b.(string)
	return strings.Compare(x, y), isX && isY
}

func compareAsNumbers(a, b any) (order int, ok bool) {
	x, isX := a.(json.Number)
	y, isY := b.(json.Number)
	if !isX || !isY {
		return 0, false
	}
	return compareNumbers(x, y)
}

func compareTimes(a, b any) (order int, ok bool) {
	x, isX := timeOf(a)
	y, isY := timeOf(b)
	return x.Compare(y), isX && isY
}

// timeOf reads a timestamp: ISO 8601 with an offset, as RFC 3339 has it.
func timeOf(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}

// matchesPattern compares with a pattern in which * is any text, unless a backslash is before it.
func matchesPattern(variable, value any) bool {
	text, isText := variable.(string)
	pattern, isPattern := value.(string)
	if !isText || !isPattern {
		return false
	}
	parts := literals(pattern)
	if len(parts) == 1 {
		return text == parts[0]
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[last])
}

// literals are the texts between the stars of a pattern.
func literals(pattern string) []string {
	parts := []string{""}
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '*':
			parts = append(parts, "")
			continue
		}
		escaped = false
		parts[len(parts)-1] += string(r)
	}
	return parts
}
