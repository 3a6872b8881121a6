package asl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"
)

// scope is what paths are looked up in.
type scope struct {
	input any
	// context is the context object, "$$".
	context map[string]any
}

// path is a JSONPath over the input or, with "$$", over the context object.
type path struct {
	text    string
	context bool
	query   *jsonpath.Path
	// single says that the path names one value. Others select a list.
	single bool
}

func parsePath(text string) (*path, error) {
	p := &path{text: text, context: strings.HasPrefix(text, "$$")}
	var err error
	if p.query, err = jsonpath.Parse(p.plain()); err != nil {
		return nil, err
	}
	p.single = p.query.Query().Singular() != nil
	return p, nil
}

// plain is the text with one "$".
func (p *path) plain() string {
	if p.context {
		return p.text[1:]
	}
	return p.text
}

// find looks a value up. A path that names one value finds it or not; others find a list, which may be empty.
func (p *path) find(in scope) (value any, found bool) {
	root := in.input
	if p.context {
		root = in.context
	}
	nodes := p.query.Select(root)
	if !p.single {
		return []any(nodes), true
	}
	if len(nodes) == 0 {
		return nil, false
	}
	return nodes[0], true
}

// dataPath is InputPath or OutputPath: a path, or null, which stands for an empty object.
type dataPath struct {
	path *path
	none bool
}

// apply is the part of the input that the path selects, or what is wrong, in AWS's words.
func (d dataPath) apply(in scope) (value any, problem string) {
	switch {
	case d.none:
		return map[string]any{}, ""
	case d.path == nil:
		return in.input, ""
	}
	value, found := d.path.find(in)
	if !found {
		return nil, fmt.Sprintf("Invalid path '%s' : No results for path: %s", d.path.text, normal(d.path))
	}
	return value, ""
}

// normal writes a path with brackets, as messages of AWS do.
func normal(p *path) string {
	var text strings.Builder
	text.WriteString("$")
	for _, segment := range p.query.Query().Segments() {
		for _, selector := range segment.Selectors() {
			if name, ok := selector.(spec.Name); ok {
				text.WriteString("['" + string(name) + "']")
			} else {
				text.WriteString("[" + selector.String() + "]")
			}
		}
	}
	return text.String()
}

// resultPath says where a result goes in the input: everywhere by default, nowhere for null.
type resultPath struct {
	none      bool
	text      string
	selectors []spec.Selector
}

// parseResultPath reads a reference path: names and indexes.
func parseResultPath(text string) (resultPath, error) {
	p, err := parsePath(text)
	if err != nil {
		return resultPath{}, err
	}
	if !p.single || p.context {
		return resultPath{}, fmt.Errorf("%q is no reference path", text)
	}
	result := resultPath{text: text}
	for _, segment := range p.query.Query().Segments() {
		selector := segment.Selectors()[0]
		if index, ok := selector.(spec.Index); ok && index < 0 {
			return resultPath{}, fmt.Errorf("%q has a negative index", text)
		}
		result.selectors = append(result.selectors, selector)
	}
	return result, nil
}

// put is a copy of the input with the result in its place.
func (p resultPath) put(input, result any) (any, *Error) {
	if p.none {
		return input, nil
	}
	whole, ok := insert(input, p.selectors, result)
	if !ok {
		return nil, &Error{
			Name:  resultPathError,
			Cause: fmt.Sprintf("Unable to apply step \"%s\" to input %s", strings.TrimPrefix(p.text, "$."), Encode(input)),
		}
	}
	return whole, nil
}

// insert puts a value into a copy of another; names that are missing are made, elements of lists must be there.
func insert(in any, selectors []spec.Selector, value any) (any, bool) {
	if len(selectors) == 0 {
		return value, true
	}
	switch selector := selectors[0].(type) {
	case spec.Name:
		object, ok := in.(map[string]any)
		if !ok && in != nil {
			return nil, false
		}
		inner, ok := insert(object[string(selector)], selectors[1:], value)
		whole := maps.Clone(object)
		if whole == nil {
			whole = map[string]any{}
		}
		whole[string(selector)] = inner
		return whole, ok
	case spec.Index:
		list, ok := in.([]any)
		if !ok || int(selector) >= len(list) {
			return nil, false
		}
		inner, ok := insert(list[selector], selectors[1:], value)
		whole := slices.Clone(list)
		whole[selector] = inner
		return whole, ok
	default:
		return nil, false
	}
}
