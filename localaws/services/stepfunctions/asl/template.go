package asl

import (
	"maps"
	"slices"
	"strings"
)

// template is Parameters or a ResultSelector: JSON in which the members whose names end in ".$" are expressions.
type template struct{ root any }

// computed is a member of a template that is an expression. Its name is without the ".$".
type computed struct {
	field      string
	expression expression
}

// expression is a path or a call of an intrinsic function.
type expression interface {
	// eval computes the value for a field.
	eval(in scope, field string) (any, *Error)
}

// invalidExpression words that the value of a field is no expression.
func invalidExpression(field string) string {
	return "The value for the field '" + field + "' must be a valid JSONPath or a valid intrinsic function call"
}

// compile reads a template; the problems are in AWS's words.
func compile(value any) (whole *template, problems []string) {
	root, problems := compileValue(value)
	return &template{root}, problems
}

func compileValue(value any) (compiled any, problems []string) {
	switch typed := value.(type) {
	case map[string]any:
		object := map[string]any{}
		for _, field := range slices.Sorted(maps.Keys(typed)) {
			name, found, wrong := compileMember(field, typed[field])
			if _, twice := object[name]; twice {
				wrong = append(wrong, "Duplicate field '"+name+"'")
			}
			object[name] = found
			problems = append(problems, wrong...)
		}
		return object, problems
	case []any:
		list := make([]any, len(typed))
		for i, element := range typed {
			found, wrong := compileValue(element)
			list[i], problems = found, append(problems, wrong...)
		}
		return list, problems
	default:
		return value, nil
	}
}

// compileMember reads a member, whose name may say that it is an expression.
func compileMember(field string, value any) (name string, compiled any, problems []string) {
	name, isExpression := strings.CutSuffix(field, ".$")
	if !isExpression {
		compiled, problems = compileValue(value)
		return field, compiled, problems
	}
	text, ok := value.(string)
	e, err := parseExpression(text)
	if !ok || err != nil {
		return name, nil, []string{invalidExpression(field)}
	}
	return name, computed{field, e}, nil
}

// eval fills a template in.
func (t *template) eval(in scope) (any, *Error) { return fill(t.root, in) }

func fill(value any, in scope) (any, *Error) {
	switch typed := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(typed))
		// In an order that is the same each time, for the error to be as well.
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			filled, err := fill(typed[name], in)
			if err != nil {
				return nil, err
			}
			object[name] = filled
		}
		return object, nil
	case []any:
		list := make([]any, len(typed))
		for i := range typed {
			filled, err := fill(typed[i], in)
			if err != nil {
				return nil, err
			}
			list[i] = filled
		}
		return list, nil
	case computed:
		return typed.expression.eval(in, typed.field)
	default:
		return value, nil
	}
}

// eval looks the path up.
func (p *path) eval(in scope, field string) (any, *Error) {
	value, found := p.find(in)
	if !found {
		root := in.input
		if p.context {
			root = in.context
		}
		return nil, &Error{Name: runtimeError, Cause: "The JSONPath '" + p.text + "' specified for the field '" + field +
			"' could not be found in the input '" + Encode(root) + "'"}
	}
	return value, nil
}
