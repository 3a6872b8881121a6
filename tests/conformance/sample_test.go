package conformance_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// badValue is a value that a scalar's shape does not allow.
type badValue struct {
	kind       string
	value      any
	constraint string
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// scalarViolations are values that break what the model says of a string or a number, one for each thing that it says.
func scalarViolations(s *shape) []badValue {
	var found []badValue
	switch {
	case len(s.Enum) > 0:
		return []badValue{{"enum", "no-such-value", "Member must satisfy enum value set: ["}}
	case s.Type == "string":
		if s.Min != nil && *s.Min > 0 {
			found = append(found, badValue{
				"length", strings.Repeat("x", int(*s.Min)-1), "Member must have length greater than or equal to " + number(*s.Min),
			})
		}
		if s.Max != nil && *s.Max < maxSize {
			found = append(found, badValue{
				"length", strings.Repeat("x", int(*s.Max)+1), "Member must have length less than or equal to " + number(*s.Max),
			})
		}
		if value, ok := unmatched(s); ok {
			found = append(found, badValue{"pattern", value, "Member must satisfy regular expression pattern: " + s.Pattern})
		}
	case slices.Contains([]string{"integer", "long", "float", "double"}, s.Type):
		if s.Min != nil {
			found = append(found, badValue{
				"range", whole(*s.Min - 1), "Member must have value greater than or equal to " + number(*s.Min),
			})
		}
		if s.Max != nil {
			found = append(found, badValue{
				"range", whole(*s.Max + 1), "Member must have value less than or equal to " + number(*s.Max),
			})
		}
	}
	return found
}

// allowedValues are the outermost values that the model allows for a string or a number, and all of an enumeration.
// Strings with a pattern have none: what matches is not known.
func allowedValues(s *shape) []any {
	var values []any
	for _, value := range s.Enum {
		values = append(values, value)
	}
	for _, bound := range []*float64{s.Min, s.Max} {
		switch {
		case bound == nil || *bound > maxSize:
		case s.Type != "string":
			values = append(values, whole(*bound))
		case s.Pattern == "":
			values = append(values, strings.Repeat("x", int(*bound)))
		}
	}
	return values
}

// whole makes a number one, which is sent without a point.
func whole(f float64) int64 { return int64(f) }

// unmatched is a text that a shape's pattern does not match, but whose length is right; ok is false when there is none,
// or when the pattern cannot be read.
func unmatched(s *shape) (text string, ok bool) {
	if s.Pattern == "" {
		return "", false
	}
	pattern, err := regexp.Compile(`^(?:` + s.Pattern + `)$`)
	if err != nil {
		return "", false
	}
	for _, one := range []string{"_", "-", "!", "é", "/", "x"} {
		text := strings.Repeat(one, minimum(s))
		if !pattern.MatchString(text) {
			return text, true
		}
	}
	return "", false
}

// minimum is the smallest size of a shape that has one, but not 0.
func minimum(s *shape) int {
	if s.Min == nil {
		return 1
	}
	return max(1, int(*s.Min))
}

// sample is a value of the right type. It may break other things that the model says: AWS tells of all that is wrong.
func (w *walker) sample(ref *member, depth int) any {
	s := w.model.at(ref)
	if value, ok := w.samples[ref.Shape]; ok {
		return value
	}
	switch s.Type {
	case "structure":
		return w.sampleStructure(s, depth)
	case "list":
		return slices.Repeat([]any{w.sample(s.Member, depth+1)}, minimum(s))
	case "map":
		return map[string]any{}
	case "boolean":
		return true
	case "string", "blob":
		if len(s.Enum) > 0 {
			return s.Enum[0]
		}
		return strings.Repeat("x", minimum(s))
	default:
		return minimum(s)
	}
}

// sampleStructure has the required members of a structure.
func (w *walker) sampleStructure(s *shape, depth int) any {
	whole := map[string]any{}
	for _, name := range s.Required {
		if ref := s.Members[name]; depth < maxDepth {
			whole[name] = w.sample(&ref, depth+1)
		}
	}
	return whole
}
