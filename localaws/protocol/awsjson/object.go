package awsjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strconv"
	"time"
)

// Object is a JSON object as it was sent: numbers keep their digits, members that are null are left out.
type Object map[string]any

// Decode reads a request. An empty body stands for an empty object, as it does at AWS.
func Decode(body []byte) (Object, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return Object{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil || value == nil {
		return nil, Errorf(SerializationException, "the request body is not a JSON object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, Errorf(SerializationException, "the request body has data after its JSON object")
	}
	dropNulls(value)
	return value, nil
}

func dropNulls(value any) {
	switch typed := value.(type) {
	case map[string]any:
		maps.DeleteFunc(typed, func(_ string, member any) bool { return member == nil })
		for _, member := range typed {
			dropNulls(member)
		}
	case []any:
		for _, element := range typed {
			dropNulls(element)
		}
	}
}

// Has reports whether a member is there.
func (o Object) Has(name string) bool {
	_, ok := o[name]
	return ok
}

// Text is a string member, or "".
func (o Object) Text(name string) string {
	text, _ := o[name].(string)
	return text
}

// Flag is a boolean member, or false.
func (o Object) Flag(name string) bool {
	flag, _ := o[name].(bool)
	return flag
}

// Number is a number member, or 0.
func (o Object) Number(name string) int64 {
	number, _ := o[name].(json.Number)
	n, _ := number.Int64()
	return n
}

// Time is a timestamp member, to the millisecond; ok is false when there is none.
func (o Object) Time(name string) (t time.Time, ok bool) {
	number, given := o[name].(json.Number)
	seconds, err := number.Float64()
	if !given || err != nil {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

// Within checks a time, to the millisecond, against the members <name>After, which is included, and <name>Before, which
// is not. Members that are not there bound nothing.
func (o Object) Within(name string, t time.Time) bool {
	t = t.Truncate(time.Millisecond)
	if after, bounded := o.Time(name + "After"); bounded && t.Before(after) {
		return false
	}
	before, bounded := o.Time(name + "Before")
	return !bounded || t.Before(before)
}

// Object is a structure or map member; nil when there is none.
func (o Object) Object(name string) Object {
	member, _ := o[name].(map[string]any)
	return member
}

// Objects is a member that is a list of structures.
func (o Object) Objects(name string) []Object {
	list, _ := o[name].([]any)
	objects := make([]Object, 0, len(list))
	for _, element := range list {
		if object, ok := element.(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

// Texts is a member that is a list of strings.
func (o Object) Texts(name string) []string {
	list, _ := o[name].([]any)
	texts := make([]string, 0, len(list))
	for _, element := range list {
		if text, ok := element.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// With is a copy that also has the given members.
func (o Object) With(more Object) Object {
	both := maps.Clone(o)
	if both == nil {
		both = Object{}
	}
	maps.Copy(both, more)
	return both
}

// Without is a copy that lacks some members.
func (o Object) Without(names ...string) Object {
	rest := maps.Clone(o)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

// Time writes a timestamp as the protocol does: seconds since 1970, with milliseconds.
func Time(t time.Time) json.Number {
	return json.Number(strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64))
}
