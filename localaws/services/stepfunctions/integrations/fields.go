package integrations

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sagehost/localaws/services/stepfunctions/asl"
)

// fields are the parameters that a Task takes; those of objects and of lists of objects are nested.
type fields map[string]fields

// check is what is wrong with parameters: names that AWS Step Functions does not know, and required ones that are
// missing.
func (f fields) check(parameters map[string]any, required ...string) []string {
	var problems []string
	given := map[string]bool{}
	for _, field := range slices.Sorted(maps.Keys(parameters)) {
		name, _ := strings.CutSuffix(field, ".$")
		given[name] = true
		inner, known := f[name]
		if !known {
			problems = append(problems, fmt.Sprintf(`The field "%s" is not supported by Step Functions`, field))
			continue
		}
		problems = append(problems, inner.checkInside(parameters[field])...)
	}
	for _, name := range required {
		if !given[name] {
			problems = append(problems, fmt.Sprintf(`The field "%s" is required but was missing`, name))
		}
	}
	return problems
}

// checkInside looks into objects whose members are known.
func (f fields) checkInside(value any) []string {
	if f == nil {
		return nil
	}
	switch typed := value.(type) {
	case map[string]any:
		return f.check(typed)
	case []any:
		var problems []string
		for _, element := range typed {
			problems = append(problems, f.checkInside(element)...)
		}
		return problems
	default:
		return nil
	}
}

// named gives an integration its names in the history, which are the parts of its resource.
func named(resource string, integration asl.Integration) asl.Integration {
	last := strings.LastIndexByte(resource, ':')
	integration.Type, integration.Action = resource[:last], resource[last+1:]
	return integration
}
