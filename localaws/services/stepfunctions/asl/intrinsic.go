package asl

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const (
	// maxNesting is how deep calls may be nested, by the documentation of AWS Step Functions.
	maxNesting = 10
	formatName = "States.Format"
)

// call is a call of an intrinsic function.
type call struct {
	text      string
	function  function
	arguments []expression
}

// constant is an argument that is written out.
type constant struct {
	value any
	// template is a string in which escaped braces and backslashes still are escaped.
	template string
}

func (c constant) eval(scope, string) (any, *Error) { return c.value, nil }

// eval computes the arguments, and calls the function.
func (c *call) eval(in scope, field string) (any, *Error) {
	arguments := make([]any, len(c.arguments))
	for i, argument := range c.arguments {
		value, err := argument.eval(in, field)
		if err != nil {
			return nil, err
		}
		arguments[i] = value
	}
	value, err := c.function.run(arguments)
	if err != nil {
		return nil, &Error{
			Name:  intrinsicError,
			Cause: fmt.Sprintf("The function '%s' had the following error: %v", c.text, err),
		}
	}
	return value, nil
}

// parseExpression reads a path or a call.
func parseExpression(text string) (expression, error) {
	if strings.HasPrefix(text, "$") {
		return parsePath(text)
	}
	p := &expressionParser{rest: text}
	e, err := p.call(1)
	if err == nil && p.rest != "" {
		err = fmt.Errorf("there is more after %q", strings.TrimSuffix(text, p.rest))
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// expressionParser reads a call from the left.
type expressionParser struct{ rest string }

func (p *expressionParser) skipSpaces() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take takes a prefix, if it is there.
func (p *expressionParser) take(prefix string) bool {
	rest, found := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return found
}

// call reads "States.Name(argument, …)".
func (p *expressionParser) call(depth int) (*call, error) {
	name, rest, found := strings.Cut(p.rest, "(")
	f, known := functions[name]
	switch {
	case !found || !known:
		return nil, fmt.Errorf("%q is no intrinsic function", name)
	case depth > maxNesting:
		return nil, fmt.Errorf("calls are nested more than %d deep", maxNesting)
	}
	whole := p.rest
	p.rest = rest
	c := &call{function: f}
	p.skipSpaces()
	for closed := p.take(")"); !closed; {
		argument, err := p.argument(depth)
		if err != nil {
			return nil, err
		}
		c.arguments = append(c.arguments, argument)
		p.skipSpaces()
		if closed = p.take(")"); !closed && !p.take(",") {
			return nil, errors.New("an argument is not followed by a comma or a bracket")
		}
	}
	if n := len(c.arguments); n < f.least || (f.most >= 0 && n > f.most) {
		return nil, fmt.Errorf("%s does not take %d arguments", name, n)
	}
	if name == formatName {
		if text, written := c.arguments[0].(constant); written && text.template != "" {
			c.arguments[0] = constant{value: text.template}
		}
	}
	c.text = strings.TrimSuffix(whole, p.rest)
	return c, nil
}

func (p *expressionParser) argument(depth int) (expression, error) {
	p.skipSpaces()
	switch {
	case strings.HasPrefix(p.rest, "$"):
		return p.path()
	case strings.HasPrefix(p.rest, "'"):
		return p.text()
	case strings.HasPrefix(p.rest, "States."):
		return p.call(depth + 1)
	}
	end := strings.IndexAny(p.rest, ",) \t\r\n")
	if end < 0 {
		return nil, errors.New("an argument does not end")
	}
	value, err := Decode(p.rest[:end])
	switch value.(type) {
	case json.Number, bool, nil:
	default:
		err = errors.New("strings are written with single quotes")
	}
	if err != nil {
		return nil, fmt.Errorf("argument %q: %w", p.rest[:end], err)
	}
	p.rest = p.rest[end:]
	return constant{value: value}, nil
}

// path reads up to the comma or bracket that is not part of the path.
func (p *expressionParser) path() (expression, error) {
	var quote rune
	open := 0
	for i, r := range p.rest {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case open > 0 && (r == '\'' || r == '"'):
			quote = r
		case r == '[' || r == '(':
			open++
		case open > 0 && (r == ']' || r == ')'):
			open--
		case open == 0 && (r == ',' || r == ')'):
			found, err := parsePath(strings.TrimRight(p.rest[:i], " \t\r\n"))
			p.rest = p.rest[i:]
			if err != nil {
				return nil, err
			}
			return found, nil
		}
	}
	return nil, errors.New("a path does not end")
}

// text reads a string in single quotes, in which a backslash keeps what follows it.
func (p *expressionParser) text() (expression, error) {
	var text, template strings.Builder
	escaped := false
	for i, r := range p.rest[1:] {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '\'':
			p.rest = p.rest[i+2:]
			return constant{text.String(), template.String()}, nil
		case escaped && strings.ContainsRune(`{}\`, r):
			template.WriteByte('\\')
		}
		escaped = false
		text.WriteRune(r)
		template.WriteRune(r)
	}
	return nil, errors.New("a string does not end")
}
