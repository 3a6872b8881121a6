package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"sagehost/kit/check"
)

var durationType = reflect.TypeFor[time.Duration]()

// decode stores a JSON value in target and reports every member that does not fit. Unlike encoding/json it goes on
// after a problem, takes spans such as "5m", and refuses unknown members.
func decode(at check.At, value any, target reflect.Value) {
	if value == nil {
		at.Addf("has no value")
		if target.Kind() == reflect.Pointer { // it was meant to be there, whatever it is
			target.Set(reflect.New(target.Type().Elem()))
		}
		return
	}
	if target.Type() == durationType {
		decodeDuration(at, value, target)
		return
	}
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		decode(at, value, target.Elem())
	case reflect.Struct:
		if members, ok := value.(map[string]any); ok {
			decodeStruct(at, members, target)
			return
		}
		at.Addf("%s is not an object", kind(value))
	case reflect.Map:
		if members, ok := value.(map[string]any); ok {
			decodeMap(at, members, target)
			return
		}
		at.Addf("%s is not an object", kind(value))
	case reflect.Slice:
		if elements, ok := value.([]any); ok {
			decodeSlice(at, elements, target)
			return
		}
		at.Addf("%s is not a list", kind(value))
	default:
		decodeScalar(at, value, target)
	}
}

func decodeStruct(at check.At, members map[string]any, target reflect.Value) {
	fields := fieldsOf(target.Type())
	for _, key := range slices.Sorted(maps.Keys(members)) {
		f, ok := find(fields, key)
		if !ok {
			at.Key(key).Addf("is an unknown key%s", suggestion(key, fields))
			continue
		}
		decode(at.Key(key), members[key], f.of(target))
		if list, isList := members[key].([]any); f.nonempty && isList && len(list) == 0 {
			at.Key(key).Addf("has no entries, which is not the same as leaving it out; do that, or give some")
		}
	}
	for _, f := range fields {
		if _, given := members[f.key]; f.required && !given {
			at.Key(f.key).Addf("is required")
		}
	}
}

func decodeMap(at check.At, members map[string]any, target reflect.Value) {
	target.Set(reflect.MakeMapWithSize(target.Type(), len(members)))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		element := reflect.New(target.Type().Elem()).Elem()
		if text, ok := members[key].(string); ok && element.Kind() == reflect.String {
			// Texts by name are the values of environment variables, which may be empty.
			decodeAnyText(at.Key(key), text, element)
		} else {
			decode(at.Key(key), members[key], element)
		}
		target.SetMapIndex(reflect.ValueOf(key), element)
	}
}

func decodeSlice(at check.At, elements []any, target reflect.Value) {
	target.Set(reflect.MakeSlice(target.Type(), len(elements), len(elements)))
	for i, element := range elements {
		decode(at.Index(i), element, target.Index(i))
	}
}

func decodeScalar(at check.At, value any, target reflect.Value) {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	truth, isTruth := value.(bool)
	switch is := target.Kind(); {
	case is == reflect.String && isText:
		decodeText(at, text, target)
	case is == reflect.String && (isNumber || isTruth):
		at.Addf("%s is not text; put it in quotes", kind(value))
	case is == reflect.String:
		at.Addf("%s is not text", kind(value))
	case is == reflect.Bool && isTruth:
		target.SetBool(truth)
	case is == reflect.Bool:
		at.Addf("%s is not true or false", describe(value))
	case is == reflect.Int && isNumber:
		if n, err := number.Int64(); err == nil {
			target.SetInt(n)
			return
		}
		at.Addf("%s is not a whole number", number)
	case is == reflect.Int:
		at.Addf("%s is not a whole number", describe(value))
	case is == reflect.Float64 && isNumber:
		x, err := number.Float64()
		if err != nil {
			at.Addf("%s is more than any number that AWS takes", number)
			return
		}
		target.SetFloat(x + 0) // -0 is 0
	default:
		at.Addf("%s is not a number", describe(value))
	}
}

// decodeText stores a text, which is not the same as none when it is empty: that would silently stand for the key's
// default.
func decodeText(at check.At, text string, target reflect.Value) {
	switch {
	case text == "":
		at.Addf("is empty; give a value, or leave the key out")
	case strings.TrimSpace(text) == "":
		at.Addf("is blank; give a value, or leave the key out")
	default:
		decodeAnyText(at, text, target)
	}
}

// decodeAnyText stores a text that may be empty. No API takes a NUL character.
func decodeAnyText(at check.At, text string, target reflect.Value) {
	if strings.ContainsRune(text, 0) {
		at.Addf("holds a NUL character")
		return
	}
	target.SetString(text)
}

func decodeDuration(at check.At, value any, target reflect.Value) {
	const example = `expected one like "90s", "5m" or "1h30m"`
	switch v := value.(type) {
	case json.Number:
		at.Addf("%s has no unit; %s", v, example)
	case string:
		span, err := time.ParseDuration(v)
		if err != nil {
			at.Addf("%q is not a span of time; %s", v, example)
			return
		}
		target.SetInt(int64(span))
	default:
		at.Addf("%s is not a span of time; %s", describe(value), example)
	}
}

// kind says what sort of value was given, and not which: in the place of text, an object or a list it could
// be a secret.
func kind(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case json.Number:
		return "a number"
	default:
		return describe(value)
	}
}

// describe says what was given, without the contents of objects and lists.
func describe(value any) string {
	switch v := value.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprint(v)
	}
}

// field is a member of a settings type.
type field struct {
	key   string
	index []int
	// required fields have no value that could stand for "not given".
	required bool
	// nonempty lists mean something else when they are empty than when they are not given.
	nonempty bool
}

func (f field) of(v reflect.Value) reflect.Value { return v.FieldByIndex(f.index) }

// fieldsOf lists the members of a struct, those of embedded structs included, in the order of their declaration.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		if tag, ok := f.Tag.Lookup("json"); ok {
			key, _, _ := strings.Cut(tag, ",")
			fields = append(fields, field{
				key: key, index: f.Index,
				required: f.Tag.Get("required") == "true", nonempty: f.Tag.Get("nonempty") == "true",
			})
		}
	}
	return fields
}

func find(fields []field, key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// suggestion names the nearest key, or all of them.
func suggestion(key string, fields []field) string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	if nearest := check.DidYouMean(key, keys); nearest != "" {
		return nearest
	}
	return "; expected one of " + strings.Join(keys, ", ")
}
