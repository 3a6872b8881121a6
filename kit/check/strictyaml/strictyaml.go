// Package strictyaml reads YAML files that people write, and says everything that is wrong with their form, by path.
// Unlike yaml.v3 it goes on after a problem, refuses unknown members, those given twice, anchors, and a number or truth
// value in the place of text.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"sagehost/kit/check"
)

var (
	timeType = reflect.TypeFor[time.Time]()
	spanType = reflect.TypeFor[time.Duration]()
)

// Decode reads one YAML document into the struct that target points to, whose fields have yaml tags, and reports every
// member that is unknown, given twice or of another type. Fields of type any take what stands there, with every number
// as a float64.
func Decode(at check.At, text []byte, target any) {
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		at.Addf("is empty")
		return
	case err != nil:
		at.Addf("%v", err)
		return
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		at.Addf("is followed by something else")
		return
	}
	decodeNode(at, document.Content[0], reflect.ValueOf(target).Elem())
}

// decodeNode stores a node in target. Anchors and aliases are refused: a reader must see each value where it counts.
func decodeNode(at check.At, node *yaml.Node, target reflect.Value) {
	switch kind := target.Kind(); {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		at.Addf("uses an anchor; write the value itself")
	case target.Type() == timeType:
		decodeTime(at, node, target)
	case target.Type() == spanType:
		decodeSpan(at, node, target)
	case kind == reflect.Interface:
		decodeAny(at, node, target)
	case kind == reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		decodeNode(at, node, target.Elem())
	case kind == reflect.Struct:
		decodeStruct(at, node, target)
	case kind == reflect.Map:
		decodeMap(at, node, target)
	case kind == reflect.Slice:
		decodeList(at, node, target)
	default:
		decodeScalar(at, node, target)
	}
}

func decodeStruct(at check.At, node *yaml.Node, target reflect.Value) {
	given := members(at, node)
	var known []string
	for _, field := range reflect.VisibleFields(target.Type()) {
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		known = append(known, key)
		if value, ok := given[key]; ok {
			decodeNode(at.Key(key), value, target.FieldByIndex(field.Index))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, key) {
			at.Key(key).Addf("is an unknown key%s", check.DidYouMean(key, known))
		}
	}
}

func decodeMap(at check.At, node *yaml.Node, target reflect.Value) {
	target.Set(reflect.MakeMap(target.Type()))
	for key, value := range members(at, node) {
		element := reflect.New(target.Type().Elem()).Elem()
		decodeNode(at.Key(key), value, element)
		target.SetMapIndex(reflect.ValueOf(key), element)
	}
}

// members are an object's members by name.
func members(at check.At, node *yaml.Node) map[string]*yaml.Node {
	if node.Kind != yaml.MappingNode {
		at.Addf("is not an object")
		return nil
	}
	given := map[string]*yaml.Node{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind != yaml.ScalarNode || key.Anchor != "" {
			at.Addf("has a key that is no text in line %d", key.Line)
			continue
		}
		if _, twice := given[key.Value]; twice {
			at.Key(key.Value).Addf("is given twice")
		}
		given[key.Value] = node.Content[i+1]
	}
	return given
}

func decodeList(at check.At, node *yaml.Node, target reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		at.Addf("is not a list")
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(node.Content), len(node.Content)))
	for i, element := range node.Content {
		decodeNode(at.Index(i), element, target.Index(i))
	}
}

func decodeScalar(at check.At, node *yaml.Node, target reflect.Value) {
	kind, tag := target.Kind(), node.ShortTag()
	var err error
	switch {
	case node.Kind != yaml.ScalarNode:
		err = errors.New("is an object or a list, which cannot stand here")
	case kind == reflect.String && tag == "!!str":
		target.SetString(node.Value)
	case kind == reflect.String:
		err = fmt.Errorf("%s is not text; put it in quotes", node.Value)
	case kind == reflect.Bool && tag == "!!bool":
		target.SetBool(strings.EqualFold(node.Value, "true"))
	case kind == reflect.Bool:
		err = fmt.Errorf("%q is not true or false", node.Value)
	case (kind == reflect.Int64 || kind == reflect.Int) && tag == "!!int":
		var n int64
		n, err = strconv.ParseInt(node.Value, 10, 64)
		target.SetInt(n)
	case kind == reflect.Float64 && (tag == "!!int" || tag == "!!float"):
		var x float64
		x, err = strconv.ParseFloat(node.Value, 64)
		target.SetFloat(x)
	default:
		err = fmt.Errorf("%q is not a number", node.Value)
	}
	if number := (*strconv.NumError)(nil); errors.As(err, &number) {
		err = fmt.Errorf("%q is not a number in decimal digits", node.Value)
	}
	if err != nil {
		at.Addf("%v", err)
	}
}

func decodeTime(at check.At, node *yaml.Node, target reflect.Value) {
	moment, err := time.Parse(time.RFC3339, node.Value)
	if node.Kind != yaml.ScalarNode || err != nil {
		at.Addf("%q is not a time; expected one like \"2026-11-23T14:00:00Z\"", node.Value)
		return
	}
	target.Set(reflect.ValueOf(moment))
}

func decodeSpan(at check.At, node *yaml.Node, target reflect.Value) {
	span, err := time.ParseDuration(node.Value)
	if node.Kind != yaml.ScalarNode || err != nil {
		at.Addf("%q is not a span of time; expected one like \"90s\", \"5m\" or \"1h30m\"", node.Value)
		return
	}
	target.SetInt(int64(span))
}

// decodeAny stores what stands there as encoding/json would: objects as map[string]any, lists as []any.
func decodeAny(at check.At, node *yaml.Node, target reflect.Value) {
	switch {
	case node.Kind == yaml.MappingNode:
		object := map[string]any{}
		decodeNode(at, node, reflect.ValueOf(&object).Elem())
		target.Set(reflect.ValueOf(object))
	case node.Kind == yaml.SequenceNode:
		list := []any{}
		decodeNode(at, node, reflect.ValueOf(&list).Elem())
		target.Set(reflect.ValueOf(list))
	case node.ShortTag() == "!!null":
		target.SetZero()
	case node.ShortTag() == "!!bool":
		target.Set(reflect.ValueOf(strings.EqualFold(node.Value, "true")))
	case node.ShortTag() == "!!int", node.ShortTag() == "!!float":
		var number float64
		decodeScalar(at, node, reflect.ValueOf(&number).Elem())
		target.Set(reflect.ValueOf(number))
	default:
		target.Set(reflect.ValueOf(node.Value))
	}
}
