package settings

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEmptyIsNotAbsent(t *testing.T) {
	t.Parallel()
	const (
		model   = "models.flowers."
		empty   = "is empty; give a value, or leave the key out"
		blank   = "is blank; give a value, or leave the key out"
		noEntry = "has no entries, which is not the same as leaving it out; do that, or give some"
	)
	for _, r := range []struct{ name, path, value, want string }{
		{"a model without weights", model + "artifactFile", "''", empty},
		{"a required text", model + "image", "''", empty},
		{"a text of spaces", model + "artifact", "'  '", blank},
		{"a text of line breaks", model + "artifactPrefix", `"\n\t"`, blank},
		{"a text in a list", "alerts.emails", "['']", empty},
		{"a text deep down", "endpoints.flowers.variants[0].routingStrategy", "''", empty},
		{"an instance type", "endpoints.flowers.variants[0].instanceType", "''", empty},
		{"a schedule's time zone", variantPath + "scaling", "{min: 1, max: 2, invocationsPerInstance: 1, schedules: " +
			"[{name: a, schedule: rate(1 day), timezone: '', min: 1, max: 2}]}", empty},
		{"subnets", "network", "{subnetIds: []}", noEntry},
		{"security groups", "network", "{securityGroupIds: []}", noEntry},
		{"the models of a caller", "endpoints.flowers.callers", "{website: {targetModels: []}}", noEntry},
		{"a package's images", model + "packageImages", "[]", noEntry},
		{"a NUL in a text", model + "image", `"a\0b"`, "holds a NUL character"},
		{"a NUL in the environment", model + "environment", `{A: "a\0b"}`, "holds a NUL character"},
	} {
		_, err := Parse(configured(t, change{r.path: r.value}))
		problems := lines(t, err)
		assert.True(t, strings.HasSuffix(problems[0], ": "+r.want), "%s: %v", r.name, problems)
		assert.True(t, strings.HasPrefix(problems[0], "sagehost:"+r.path), "%s: %v", r.name, problems)
	}
}

// An environment variable may be empty (pattern EnvironmentValue of the service model), and what has no entries and
// means the same as what is not given may be written.
func TestWhatMayBeEmptyIsTaken(t *testing.T) {
	t.Parallel()
	s := accept(t, change{"models.flowers.environment": `{EMPTY: '', BLANK: ' '}`})
	assert.Equal(t, map[string]string{"EMPTY": "", "BLANK": " "}, s.Models["flowers"].Environment)
	for path, value := range map[string]string{
		"alerts.emails": "[]", "models.flowers.environment": "{}", "endpoints.flowers.callers": "{}", "batch": "{}",
		"network": "{endpoints: []}", "storage": "{}", "endpoints.flowers.alarms": "{}", "endpoints.flowers.update": "{}",
	} {
		accept(t, change{path: value})
	}
}

// Texts by name may be empty, so that nothing else may be texts by name.
func TestOnlyEnvironmentsAreTextsByName(t *testing.T) {
	t.Parallel()
	var found []string
	walkTypes(reflect.TypeFor[Settings](), "", func(path string, typ reflect.Type) {
		if typ.Kind() == reflect.Map && typ.Elem().Kind() == reflect.String {
			found = append(found, path)
		}
	})
	assert.Equal(t, []string{"models{}.environment", "models{}.containers[].environment", "batch{}.environment"}, found)
}

// walkTypes visits every member of a type of settings.
func walkTypes(typ reflect.Type, path string, visit func(path string, typ reflect.Type)) {
	switch typ.Kind() {
	case reflect.Pointer:
		walkTypes(typ.Elem(), path, visit)
	case reflect.Struct:
		for _, f := range fieldsOf(typ) {
			walkTypes(typ.FieldByIndex(f.index).Type, strings.TrimPrefix(path+"."+f.key, "."), visit)
		}
	case reflect.Map:
		visit(path, typ)
		walkTypes(typ.Elem(), path+"{}", visit)
	case reflect.Slice:
		walkTypes(typ.Elem(), path+"[]", visit)
	default:
		visit(path, typ)
	}
}
