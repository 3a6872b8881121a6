package release

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

	"sagehost/internal/check"
)

var timeType = reflect.TypeFor[time.Time]()

// decode reads a manifest and reports every member that is unknown, given twice or of another type. Unlike yaml.v3 it
// says where by path, goes on after a problem, and takes no number or truth value for text.
func decode(at check.At, text []byte) *Release {
	r := &Release{}
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		at.Addf("is empty")
		return r
	case err != nil:
		at.Addf("%v", err)
		return r
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		at.Addf("is followed by something else")
		return r
	}
	decodeNode(at, document.Content[0], reflect.ValueOf(r).Elem())
	return r
}

// decodeNode stores a node in target. Anchors and aliases are refused: a reader of a manifest must see each value where
// it counts.
func decodeNode(at check.At, node *yaml.Node, target reflect.Value) {
	switch kind := target.Kind(); {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		at.Addf("uses an anchor; write the value itself")
	case target.Type() == timeType:
		decodeTime(at, node, target)
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
	case kind == reflect.Int64 && tag == "!!int":
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
