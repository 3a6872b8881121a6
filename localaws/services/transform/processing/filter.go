package processing

import (
	"fmt"
	"strings"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"
)

// everything is the filter that selects the whole record.
const everything = "$"

// filter is a parsed InputFilter or OutputFilter. Slices leave out their end, as JSONPath has it; the developer guide
// says so in its table of operators, and the contrary below its CSV example.
type filter struct {
	text     string
	segments []*spec.Segment
}

// parse reads a filter in SageMaker's subset of JSONPath: names, indexes, slices without a step, and wildcards.
func parse(text string) (filter, error) {
	path, err := jsonpath.Parse(plain(text))
	if err != nil {
		return filter{}, invalid(text, strings.TrimPrefix(err.Error(), "jsonpath: "))
	}
	f := filter{text: text, segments: path.Query().Segments()}
	for _, segment := range f.segments {
		for _, selector := range segment.Selectors() {
			if segment.IsDescendant() || !supported(selector) {
				return filter{}, invalid(text, segment.String()+" is not supported")
			}
		}
	}
	return f, nil
}

// invalid is the error for a filter that cannot be used.
func invalid(text, why string) error {
	return fmt.Errorf("Invalid JsonPath: %s: %s", text, why) //nolint:staticcheck // AWS's words
}

func supported(selector spec.Selector) bool {
	switch typed := selector.(type) {
	case spec.Name, spec.Index, spec.WildcardSelector:
		return true
	case spec.SliceSelector:
		return typed.Step() == 1
	default:
		return false
	}
}

// plain leaves out the dot of ".[", which SageMaker allows and the standard of JSONPath does not.
func plain(text string) string {
	var out strings.Builder
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote == 0 && r == '.' && strings.HasPrefix(text[i:], ".["):
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// all reports whether the filter selects the whole record.
func (f filter) all() bool { return len(f.segments) == 0 }

// missing is the error for something that a record does not have.
func (f filter) missing(selector spec.Selector) error {
	return fmt.Errorf("JsonPath %s: the record has no [%s]", f.text, selector)
}
