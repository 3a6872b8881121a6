package conformance_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// common are the errors of every operation, which no model lists.
var common = []string{"ValidationException", "SerializationException"}

// unsaid are members that AWS leaves out, whatever its model says: versions of model packages have no names.
var unsaid = []string{"DescribeModelPackage.ModelPackageName"}

// checkShapes holds the answers of a story against the model: members that it knows, of the right types, with all that
// it requires; and errors that it names.
func checkShapes(t *testing.T, models map[string]*model, said []spoken) {
	t.Helper()
	for _, s := range said {
		m := models[s.service]
		o := m.Operations[s.operation]
		if s.status == 200 {
			if o.Output != nil {
				assert.Empty(t, m.misfits(o.Output, s.operation, s.content))
			} else {
				assert.Empty(t, s.content, s.operation)
			}
			continue
		}
		names := slices.Clone(common)
		for _, e := range o.Errors {
			names = append(names, e.Shape)
		}
		assert.Contains(t, names, s.content["__type"], s.operation)
	}
}

// misfits says what of a value does not have its shape.
func (m *model) misfits(ref *member, path string, value any) []string {
	s := m.at(ref)
	fits := false
	var found []string
	switch typed := value.(type) {
	case map[string]any:
		fits = s.Type == "structure" || s.Type == "map"
		found = m.objectMisfits(s, path, typed)
	case []any:
		fits = s.Type == "list"
		for i, element := range typed {
			if fits {
				found = append(found, m.misfits(s.Member, fmt.Sprintf("%s[%d]", path, i), element)...)
			}
		}
	case string:
		fits = s.Type == "string" && (len(s.Enum) == 0 || slices.Contains(s.Enum, typed))
	case json.Number:
		fits = slices.Contains([]string{"integer", "long"}, s.Type) && !strings.ContainsAny(typed.String(), ".eE") ||
			slices.Contains([]string{"float", "double", "timestamp"}, s.Type)
	case bool:
		fits = s.Type == "boolean"
	}
	if !fits {
		found = append(found, fmt.Sprintf("%s: %v is no %s", path, value, ref.Shape))
	}
	return found
}

func (m *model) objectMisfits(s *shape, path string, object map[string]any) []string {
	var found []string
	for name, value := range object {
		ref, known := s.Members[name]
		switch {
		case known:
			found = append(found, m.misfits(&ref, path+"."+name, value)...)
		case s.Type == "map":
			found = append(found, m.misfits(s.Value, path+"."+name, value)...)
		default:
			found = append(found, path+"."+name+" is not in the model")
		}
	}
	for _, name := range s.Required {
		if _, given := object[name]; !given && !slices.Contains(unsaid, path+"."+name) {
			found = append(found, path+"."+name+" is missing")
		}
	}
	return found
}
