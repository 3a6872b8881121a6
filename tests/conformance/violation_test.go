package conformance_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// violation is a request that breaks what the model says of one member.
type violation struct {
	operation string
	// path names the member as messages do, and kind says what is broken.
	path, kind string
	input      map[string]any
	// serialization says that the request is not even read. Else it is invalid.
	serialization bool
	// allowed says that nothing is broken: then the answer must not contain the message.
	allowed bool
	// message is what the answer must contain.
	message *regexp.Regexp
}

// absent stands for a member that is left out.
type absent struct{}

// maxDepth keeps shapes that hold themselves from going on forever.
const maxDepth = 9

// walker gathers the violations of an operation's input.
type walker struct {
	model     *model
	operation string
	// samples are values for shapes of which not all values will do.
	samples map[string]any
	found   []violation
}

// violations breaks each member of an operation's input in each way, and gives it each value that is just allowed.
func violations(m *model, operation string, samples map[string]any) []violation {
	w := &walker{model: m, operation: operation, samples: samples}
	whole := func(value any) map[string]any {
		input, _ := value.(map[string]any)
		return input
	}
	w.members(m.at(m.Operations[operation].Input), "", whole, 0)
	return w.found
}

// place is a request with a value at one member, and no more than it needs elsewhere.
type place func(value any) map[string]any

func (w *walker) members(s *shape, path string, at place, depth int) {
	for _, name := range slices.Sorted(maps.Keys(s.Members)) {
		ref := s.Members[name]
		inner := strings.TrimPrefix(path+"."+strings.ToLower(name[:1])+name[1:], ".")
		put := func(value any) map[string]any {
			whole, _ := w.sampleStructure(s, 0).(map[string]any)
			if _, gone := value.(absent); gone {
				delete(whole, name)
			} else {
				whole[name] = value
			}
			return at(whole)
		}
		if slices.Contains(s.Required, name) && ref.Location != "uri" {
			w.invalid(inner, "required", put(absent{}), fmt.Sprintf("Value null at '%s'", inner), "Member must not be null")
		}
		w.value(&ref, inner, put, depth+1)
	}
}

func (w *walker) value(ref *member, path string, at place, depth int) {
	s := w.model.at(ref)
	if depth > maxDepth {
		return
	}
	if ref.Location == "" {
		w.wrongType(s, path, at)
	}
	switch s.Type {
	case "structure":
		w.members(s, path, at, depth)
	case "list":
		w.list(s, path, at, depth)
	case "map":
		w.dictionary(s, path, at, depth)
	case "blob":
	default:
		for _, bad := range scalarViolations(s) {
			shown := fmt.Sprintf("Value '%v' at '%s'", bad.value, path)
			if s.Sensitive {
				shown = fmt.Sprintf("Value at '%s'", path)
			}
			w.invalid(path, bad.kind, at(bad.value), shown, bad.constraint)
		}
		for _, good := range allowedValues(s) {
			w.allow(path, at(good))
		}
	}
}

// allow is a request in which nothing is wrong with a member. Where it can, it leaves another one out, so that nothing
// is made.
func (w *walker) allow(path string, input map[string]any) {
	root, _, _ := strings.Cut(path, ".")
	for _, name := range w.model.at(w.model.Operations[w.operation].Input).Required {
		if !strings.EqualFold(name, root) && name != "ServiceNamespace" && name != "EndpointName" {
			delete(input, name)
			break
		}
	}
	w.found = append(w.found, violation{
		operation: w.operation, path: path, kind: "allowed", input: input, allowed: true,
		message: regexp.MustCompile("at '" + regexp.QuoteMeta(path) + "' failed"),
	})
}

// invalid is a violation that is told of with these words.
func (w *walker) invalid(path, kind string, input map[string]any, value, constraint string) {
	words := regexp.QuoteMeta(value + " failed to satisfy constraint: " + constraint)
	w.found = append(w.found, violation{
		operation: w.operation, path: path, kind: kind, input: input, message: regexp.MustCompile(words),
	})
}

// inside is a violation of a list or a map, whose value may or may not be shown.
func (w *walker) inside(path, kind string, input map[string]any, constraint string) {
	words := "(?s)Value( '.*')? at '" + regexp.QuoteMeta(path+"' failed to satisfy constraint: "+constraint)
	w.found = append(w.found, violation{
		operation: w.operation, path: path, kind: kind, input: input, message: regexp.MustCompile(words),
	})
}

// wrongTypes are values of a wrong type, by the type that they are sent for, with what AWS tells of them.
var wrongTypes = map[string]struct {
	value   any
	message string
}{
	"string":    {7, `^NUMBER_VALUE can not be converted to a String$`},
	"integer":   {"x", `^STRING_VALUE can not be converted to an Integer$`},
	"boolean":   {7, `^NUMBER_VALUE can not be converted to a Boolean$`},
	"float":     {"x", `^STRING_VALUE can not be converted to a `},
	"double":    {"x", `^STRING_VALUE can not be converted to a `},
	"long":      {"x", `^STRING_VALUE can not be converted to a `},
	"timestamp": {"x", `^STRING_VALUE can not be converted to milliseconds since epoch$`},
	"list":      {"x", `^Expected list or null$`},
	"map":       {"x", `^Expected map or null$`},
	"structure": {"x", `^Expected null$`},
}

func (w *walker) wrongType(s *shape, path string, at place) {
	wrong, known := wrongTypes[s.Type]
	if !known {
		return
	}
	w.found = append(w.found, violation{
		operation: w.operation, path: path, kind: "type of a " + s.Type, input: at(wrong.value), serialization: true,
		message: regexp.MustCompile(wrong.message),
	})
}
