package events

import (
	"encoding/json"
	"net/netip"
	"strings"
)

// matcher is a test for one value.
type matcher struct {
	matches func(value any) bool
	// absent is the test for a field that is not there.
	absent bool
}

// compileMatchers reads the list of a field.
func compileMatchers(field string, list []any) ([]matcher, error) {
	if len(list) == 0 {
		return nil, badPattern("Empty arrays are not allowed")
	}
	var matchers []matcher
	for _, element := range list {
		m, err := compileMatcher(field, element)
		if err != nil {
			return nil, err
		}
		matchers = append(matchers, m)
	}
	return matchers, nil
}

func compileMatcher(field string, element any) (matcher, error) {
	switch typed := element.(type) {
	case map[string]any:
		kind, argument, ok := single(typed)
		if !ok {
			return matcher{}, badPattern("Only one key allowed in match expression of %q", field)
		}
		return compileExpression(kind, argument)
	case []any:
		return matcher{}, badPattern("Match value of %q must be String, number, true, false, or null", field)
	default:
		return matcher{matches: equal(element)}, nil
	}
}

// single is the only member of an object.
func single(object map[string]any) (name string, value any, ok bool) {
	for name, value = range object {
		return name, value, len(object) == 1
	}
	return "", nil, false
}

// equal compares values as they are written: to EventBridge 300 and 3.0e2 are different.
func equal(wanted any) func(any) bool { return func(value any) bool { return value == wanted } }

func compileExpression(kind string, argument any) (matcher, error) {
	switch kind {
	case "exists":
		wanted, ok := argument.(bool)
		if !ok {
			return matcher{}, badPattern("exists match pattern must be either true or false")
		}
		return matcher{matches: func(any) bool { return true }, absent: !wanted}, nil
	case "numeric":
		matches, err := numeric(argument)
		return matcher{matches: matches}, err
	case "anything-but":
		matches, err := anythingBut(argument)
		return matcher{matches: matches}, err
	case "cidr":
		matches, err := cidr(argument)
		return matcher{matches: matches}, err
	default:
		matches, err := textMatcher(kind, argument)
		return matcher{matches: matches}, err
	}
}

// textTests are the tests of strings by their name.
var textTests = map[string]func(value, wanted string) bool{
	"prefix":             strings.HasPrefix,
	"suffix":             strings.HasSuffix,
	"equals-ignore-case": strings.EqualFold,
	"wildcard":           wildcard,
}

const ignoreCase = "equals-ignore-case"

// textMatcher reads a test of strings, whose case a prefix or a suffix can ignore.
func textMatcher(kind string, argument any) (func(any) bool, error) {
	test, known := textTests[kind]
	if !known {
		return nil, badPattern("Unrecognized match type %s", kind)
	}
	if object, ok := argument.(map[string]any); ok && (kind == "prefix" || kind == "suffix") {
		name, wanted, only := single(object)
		if !only || name != ignoreCase {
			return nil, badPattern("Only %s is allowed in a %s match expression", ignoreCase, kind)
		}
		argument = wanted
		exact := test
		test = func(value, wanted string) bool { return exact(strings.ToLower(value), strings.ToLower(wanted)) }
	}
	wanted, ok := argument.(string)
	if !ok {
		return nil, badPattern("%s match pattern must be a string", kind)
	}
	if kind == "wildcard" && strings.Contains(strings.ReplaceAll(wanted, `\*`, ""), "**") {
		return nil, badPattern("Consecutive wildcard characters are not allowed in a wildcard match expression")
	}
	return func(value any) bool {
		text, ok := value.(string)
		return ok && test(text, wanted)
	}, nil
}

// wildcard matches * with any text. A backslash takes its meaning from the character after it.
func wildcard(value, pattern string) bool {
	// Go back to the last star whenever the rest does not fit, and let it take one more byte.
	var v, p int
	star, taken := -1, 0
	for v < len(value) {
		literal, width, isStar := byte(0), 0, false
		if p < len(pattern) {
			literal, width, isStar = nextOf(pattern[p:])
		}
		switch {
		case isStar:
			star, taken = p, v
			p++
		case width > 0 && literal == value[v]:
			p += width
			v++
		case star >= 0:
			taken++
			v, p = taken, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// nextOf is the first byte that a pattern stands for, how many bytes it is written in, and whether it is a star.
func nextOf(pattern string) (literal byte, width int, star bool) {
	switch {
	case pattern[0] == '*':
		return 0, 1, true
	case pattern[0] == '\\' && len(pattern) > 1:
		return pattern[1], 2, false
	default:
		return pattern[0], 1, false
	}
}

// anythingBut matches values that are there and are none of some.
func anythingBut(argument any) (func(any) bool, error) {
	if object, ok := argument.(map[string]any); ok {
		kind, inner, only := single(object)
		if !only {
			return nil, badPattern("Only one key allowed in anything-but match expression")
		}
		return notOneOf(inner, func(element any) (func(any) bool, error) { return textMatcher(kind, element) })
	}
	return notOneOf(argument, func(element any) (func(any) bool, error) {
		switch element.(type) {
		case string, json.Number:
			return equal(element), nil
		default:
			return nil, badPattern("anything-but list must be strings or numbers")
		}
	})
}

// notOneOf reads one element or a list of them, none of which may match.
func notOneOf(argument any, read func(any) (func(any) bool, error)) (func(any) bool, error) {
	list, isList := argument.([]any)
	if !isList {
		list = []any{argument}
	}
	if len(list) == 0 {
		return nil, badPattern("Empty arrays are not allowed")
	}
	var tests []func(any) bool
	for _, element := range list {
		test, err := read(element)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	return func(value any) bool {
		for _, test := range tests {
			if test(value) {
				return false
			}
		}
		return true
	}, nil
}

// cidr matches addresses in a network.
func cidr(argument any) (func(any) bool, error) {
	text, _ := argument.(string)
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, badPattern("Malformed CIDR, one '/' required")
	}
	return func(value any) bool {
		text, _ := value.(string)
		address, err := netip.ParseAddr(text)
		return err == nil && network.Contains(address)
	}, nil
}
