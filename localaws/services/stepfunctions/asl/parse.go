package asl

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Options say what a definition is read with.
type Options struct {
	// Partition is that of the ARNs of resources, such as "aws".
	Partition string
	Catalog   Catalog
}

// Parse reads a definition. The machine is nil when something is wrong with the definition.
func Parse(definition string, options Options) (*Machine, Diagnostics) {
	if strings.TrimSpace(definition) == "" {
		return nil, Diagnostics{{Code: schemaInvalid, Message: "Definition must be a valid JSON object"}}
	}
	value, err := Decode(definition)
	if err != nil {
		return nil, Diagnostics{malformed(definition, err)}
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, Diagnostics{{Code: schemaInvalid, Message: "Definition must be a valid JSON object"}}
	}
	var found Diagnostics
	m := parseMachine(object{members, "/", &found}, options)
	if len(found) == 0 {
		found = m.checkTransitions()
	}
	if len(found) > 0 {
		return nil, found
	}
	return m, nil
}

func parseMachine(o object, options Options) *Machine {
	o.allow(machineFields)
	o.require("States", "StartAt")
	o.text("Comment")
	o.language()
	if version := o.text("Version"); o.has("Version") && version != "1.0" {
		o.fault("Version", "The field 'Version' should have one of these values: [1.0]")
	}
	m := &Machine{
		startAt: o.text("StartAt"), states: map[string]*state{},
		timeout: time.Duration(o.integer("TimeoutSeconds", 1, int64(maxTimeout/time.Second), 0)) * time.Second,
	}
	states, ok := fieldOf[map[string]any](o, "States", "Object")
	if ok && len(states) == 0 {
		o.fault("States", "Value cannot be empty")
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		members, isObject := states[name].(map[string]any)
		switch at := "/States/" + name; {
		case !isObject:
			o.fault("States/"+name, "Expected value of type Object")
		case len([]rune(name)) > maxName:
			o.fault("States/"+name, "State name must not be longer than %d characters", maxName)
		default:
			m.states[name] = parseState(name, object{members, at, o.found}, options)
		}
	}
	return m
}

// maxName is the length of a state's name, in characters, by the specification of the language.
const maxName = 80

// language refuses all query languages but JSONPath.
func (o object) language() {
	if language := o.text("QueryLanguage"); o.has("QueryLanguage") && language != "JSONPath" {
		o.fault("QueryLanguage", "The field 'QueryLanguage' should have one of these values: [JSONPath]")
	}
}

func parseState(name string, o object, options Options) *state {
	s := &state{name: name, kind: o.text("Type")}
	if !o.has("Type") {
		o.require("Type")
		return s
	}
	fields, known := fieldsOf[s.kind]
	if !known {
		o.fault("Type", "The field 'Type' should have one of these values: [%s]", strings.Join(types, ", "))
		return s
	}
	o.allow(fields, stateFields)
	o.text("Comment")
	o.language()
	s.input, s.output = o.data("InputPath"), o.data("OutputPath")
	s.next = o.text("Next")
	if slices.Contains(fields, "Next") {
		o.oneOf(false, "Next", "End")
	}
	if end, given := fieldOf[bool](o, "End", "Boolean"); given && !end {
		o.fault("End", "Value must be true")
	}
	switch s.kind {
	case taskType:
		s.parseTask(o, options)
	case passType:
		s.parameters, s.result = o.template("Parameters"), o.result()
		s.literal, s.hasLiteral = o.members["Result"], o.has("Result")
	case choiceType:
		s.parseChoices(o)
	case waitType:
		s.wait = parseWait(o)
	case failType:
		s.failure = parseFailure(o)
	}
	return s
}

func (s *state) parseTask(o object, options Options) {
	o.require("Resource")
	s.resource = o.text("Resource")
	s.parameters, s.selector, s.result = o.template("Parameters"), o.template("ResultSelector"), o.result()
	o.oneOf(true, "TimeoutSeconds", "TimeoutSecondsPath")
	s.timeout = limit{
		fixed: time.Duration(o.integer("TimeoutSeconds", 1, int64(maxTimeout/time.Second), 0)) * time.Second,
		path:  o.path("TimeoutSecondsPath"),
	}
	s.parseRetriers(o)
	s.parseCatchers(o)
	if s.resource == "" {
		return
	}
	var known bool
	s.integration, known = options.Catalog.find(s.resource, options.Partition)
	if !known {
		o.fault("Resource", "The resource provided %s is not recognized. The value is not a valid resource ARN, or the "+
			"resource is not available in this region.", s.resource)
		return
	}
	parameters, isObject := o.members["Parameters"].(map[string]any)
	switch {
	case isObject:
		for _, problem := range s.integration.Check(parameters) {
			o.fault("Parameters", "%s", problem)
		}
	case o.has("Parameters") && !isObject:
		o.fault("Parameters", "Expected value of type Object")
	}
}
