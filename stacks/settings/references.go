package settings

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"sagehost/components/model"
	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

// checkReferences reports what the stack refers to and cannot use for being in another region, account or partition.
func (s *Settings) checkReferences(at check.At, stack awsref.Place) {
	described := *s
	described.Models = maps.Clone(s.Models)
	for _, key := range slices.Sorted(maps.Keys(s.Models)) {
		m := s.Models[key]
		if m.Release == "" {
			continue
		}
		delete(described.Models, key)
		manifest := check.New("")
		CheckReferences(manifest, m, stack)
		for _, problem := range manifest.Problems() {
			at.Key("models").Key(key).Key("release").Addf("%v", problem)
		}
	}
	CheckReferences(at, described, stack)
}

// CheckReferences reports every text in a settings value whose kind, in the tag of its field, demands a place in AWS
// that the stack is not in.
func CheckReferences(at check.At, value any, stack awsref.Place) {
	walk(at, reflect.ValueOf(value), "", stack)
}

// walk goes through a value of settings. Kind is what its texts refer to; empty for texts that refer to nothing.
func walk(at check.At, value reflect.Value, kind awsref.Kind, stack awsref.Place) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			walk(at, value.Elem(), kind, stack)
		}
	case reflect.Struct:
		walkStruct(at, value, stack)
	case reflect.Map:
		for _, key := range slices.SortedFunc(slices.Values(value.MapKeys()), byText) {
			walk(at.Key(key.String()), value.MapIndex(key), kind, stack)
		}
	case reflect.Slice:
		for i := range value.Len() {
			walk(at.Index(i), value.Index(i), kind, stack)
		}
	case reflect.String:
		if kind != "" {
			kind.CheckPlace(at, value.String(), stack)
		}
	default:
	}
}

func byText(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }

func walkStruct(at check.At, value reflect.Value, stack awsref.Place) {
	container, isContainer := reflect.TypeAssert[model.Container](value)
	for i := range value.NumField() {
		f := value.Type().Field(i)
		kind := awsref.Kind(f.Tag.Get(awsref.Tag))
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			walk(at, value.Field(i), kind, stack)
		case isContainer && kind == awsref.ImageURI && container.IsPrivate():
			// The model's network leads to the registry, wherever that is.
		case key != "":
			walk(at.Key(key), value.Field(i), kind, stack)
		}
	}
}
