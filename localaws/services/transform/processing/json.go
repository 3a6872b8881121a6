package processing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/theory/jsonpath/spec"
)

// Members of joined records.
const (
	inputMember  = "SageMakerInput"
	outputMember = "SageMakerOutput"
)

var (
	errInputJSON  = errors.New("Failed to parse " + input + " as JSON")  //nolint:staticcheck // AWS's words
	errOutputJSON = errors.New("Failed to parse " + output + " as JSON") //nolint:staticcheck // AWS's words
)

// selectJSON applies a filter to a JSON text. One name or index gives the value, several names an object in their
// order, anything else an array.
func (f filter) selectJSON(text []byte) ([]byte, error) {
	value, err := decode(text)
	if err != nil {
		return nil, err
	}
	found, single := []any{value}, true
	for i, segment := range f.segments {
		selectors := segment.Selectors()
		if single && i == len(f.segments)-1 && names(selectors) {
			return f.object(selectors, found[0])
		}
		var next []any
		for _, node := range found {
			for _, selector := range selectors {
				nodes := nodes(selector, node)
				if len(nodes) == 0 && singular(selector) {
					return nil, f.missing(selector)
				}
				next = append(next, nodes...)
			}
		}
		found = next
		single = single && len(selectors) == 1 && singular(selectors[0])
	}
	if single {
		return encode(found[0])
	}
	return encode(append([]any{}, found...))
}

// object selects several members.
func (f filter) object(selectors []spec.Selector, value any) ([]byte, error) {
	out := []byte{'{'}
	for i, selector := range selectors {
		nodes := nodes(selector, value)
		if len(nodes) == 0 {
			return nil, f.missing(selector)
		}
		name, _ := selector.(spec.Name)
		key, err := encode(string(name))
		if err != nil {
			return nil, err
		}
		member, err := encode(nodes[0])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, key...), ':'), member...)
	}
	return append(out, '}'), nil
}

// nodes is what a selector finds. The members of an object come in the order of their names.
func nodes(selector spec.Selector, value any) []any {
	object, ok := value.(map[string]any)
	if _, wildcard := selector.(spec.WildcardSelector); !wildcard || !ok {
		return selector.Select(value, value)
	}
	var found []any
	for _, name := range slices.Sorted(maps.Keys(object)) {
		found = append(found, object[name])
	}
	return found
}

func singular(selector spec.Selector) bool {
	switch selector.(type) {
	case spec.Name, spec.Index:
		return true
	default:
		return false
	}
}

// names reports whether selectors are several names.
func names(selectors []spec.Selector) bool {
	return len(selectors) > 1 && !slices.ContainsFunc(selectors, func(s spec.Selector) bool {
		_, ok := s.(spec.Name)
		return !ok
	})
}

// joinJSON adds a prediction to a record. The record's text stays as it is, with its order and its digits.
func joinJSON(record, prediction []byte) ([]byte, error) {
	record = bytes.TrimSpace(record)
	if !json.Valid(record) {
		return nil, errInputJSON
	}
	if record[0] != '{' {
		return fmt.Appendf(nil, `{"%s":%s,"%s":%s}`, inputMember, record, outputMember, prediction), nil
	}
	// A record may have the reserved member, spelled in any way; it is overwritten.
	if bytes.Contains(record, []byte(outputMember)) || bytes.Contains(record, []byte(`\u`)) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(record, &members); err != nil {
			return nil, errInputJSON
		}
		members[outputMember] = prediction
		return encode(members)
	}
	members := bytes.TrimSpace(record[1 : len(record)-1])
	comma := ","
	if len(members) == 0 {
		comma = ""
	}
	return fmt.Appendf(nil, `{%s%s"%s":%s}`, members, comma, outputMember, prediction), nil
}

// valuesJSON takes predictions that follow one another apart.
func valuesJSON(predictions []byte) ([][]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(predictions))
	var values [][]byte
	for {
		var value json.RawMessage
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, errOutputJSON
		}
		values = append(values, value)
	}
}

func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errInputJSON
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errInputJSON
	}
	return value, nil
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
