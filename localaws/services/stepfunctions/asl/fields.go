package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// fieldsOf are the fields that a state of a type may have, beside those of all states.
var fieldsOf = map[string][]string{
	taskType: {
		"Resource", "Next", "End", "InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "Retry",
		"Catch", "TimeoutSeconds", "TimeoutSecondsPath",
	},
	passType:    {"Result", "Next", "End", "InputPath", "Parameters", "ResultPath", "OutputPath"},
	choiceType:  {"Choices", "Default", "InputPath", "OutputPath"},
	waitType:    {"Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Next", "End", "InputPath", "OutputPath"},
	succeedType: {"InputPath", "OutputPath"},
	failType:    {"Error", "Cause", "ErrorPath", "CausePath"},
}

// types are the types of states in AWS's order.
var types = []string{taskType, waitType, passType, succeedType, failType, choiceType}

var (
	machineFields = []string{"Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage"}
	stateFields   = []string{"Type", "Comment", "QueryLanguage"}
	retryFields   = []string{
		"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment",
	}
	catchFields = []string{"ErrorEquals", "Next", "ResultPath", "Comment"}
)

// object is a JSON object of a definition. What is wrong with it goes to found.
type object struct {
	members map[string]any
	at      string
	found   *Diagnostics
}

// fault notes what is wrong with the object, or with a field of it.
func (o object) fault(field, format string, args ...any) {
	at := o.at
	if field != "" {
		at = strings.TrimSuffix(at, "/") + "/" + field
	}
	*o.found = append(*o.found, Diagnostic{schemaInvalid, fmt.Sprintf(format, args...), at})
}

// allow refuses all fields but some.
func (o object) allow(fields ...[]string) {
	known := slices.Concat(fields...)
	for _, field := range slices.Sorted(maps.Keys(o.members)) {
		if !slices.Contains(known, field) {
			o.fault("", "Field '%s' is not supported", field)
		}
	}
}

// require refuses an object without some fields.
func (o object) require(fields ...string) {
	missing := slices.DeleteFunc(fields, o.has)
	if len(missing) > 0 {
		o.fault("", "These fields are required: [%s]", strings.Join(missing, ", "))
	}
}

func (o object) has(field string) bool {
	_, given := o.members[field]
	return given
}

// oneOf refuses an object that does not have exactly one of some fields; none may do as well.
func (o object) oneOf(none bool, fields ...string) {
	given := slices.DeleteFunc(slices.Clone(fields), func(field string) bool { return !o.has(field) })
	switch {
	case len(given) > 1:
		o.fault("", "Only one of these fields can be set: [%s]", strings.Join(fields, ", "))
	case len(given) == 0 && !none:
		o.fault("", "One of these fields must be set: [%s]", strings.Join(fields, ", "))
	}
}

// fieldOf is a field of a type; ok is false when it is not there, or when it is of another type, which is told.
func fieldOf[T any](o object, field, kind string) (value T, ok bool) {
	given, there := o.members[field]
	if !there {
		return value, false
	}
	if value, ok = given.(T); !ok {
		o.fault(field, "Expected value of type %s", kind)
	}
	return value, ok
}

func (o object) text(field string) string {
	text, _ := fieldOf[string](o, field, "String")
	return text
}

// integer is a whole number in a range.
func (o object) integer(field string, low, high, missing int64) int64 {
	number, ok := fieldOf[json.Number](o, field, "Integer")
	if !ok {
		return missing
	}
	value, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil || value < low || value > high {
		o.fault(field, "Value must be an integer from %d to %d", low, high)
		return missing
	}
	return value
}

// list is the objects of a list.
func (o object) list(field string) []object {
	values, ok := fieldOf[[]any](o, field, "Array")
	if !ok {
		return nil
	}
	var list []object
	for i, value := range values {
		at := field + "[" + itoa(i) + "]"
		members, ok := value.(map[string]any)
		if !ok {
			o.fault(at, "Expected value of type Object")
			continue
		}
		list = append(list, object{members, strings.TrimSuffix(o.at, "/") + "/" + at, o.found})
	}
	return list
}

// path is a JSONPath; nil when there is none.
func (o object) path(field string) *path {
	text, ok := fieldOf[string](o, field, "String")
	if !ok {
		return nil
	}
	p, err := parsePath(text)
	if err != nil {
		o.fault(field, "Value must be a valid JSONPath.")
		return nil
	}
	return p
}

// data is InputPath or OutputPath.
func (o object) data(field string) dataPath {
	if given, there := o.members[field]; there && given == nil {
		return dataPath{none: true}
	}
	return dataPath{path: o.path(field)}
}

// result is a ResultPath.
func (o object) result() resultPath {
	const field = "ResultPath"
	if given, there := o.members[field]; there && given == nil {
		return resultPath{none: true}
	}
	text, ok := fieldOf[string](o, field, "String")
	if !ok {
		return resultPath{}
	}
	p, err := parseResultPath(text)
	if err != nil {
		o.fault(field, "Value must be a valid Reference Path.")
	}
	return p
}

// template is Parameters or a ResultSelector.
func (o object) template(field string) *template {
	given, there := o.members[field]
	if !there {
		return nil
	}
	whole, problems := compile(given)
	for _, problem := range problems {
		o.fault(field, "%s", problem)
	}
	return whole
}
