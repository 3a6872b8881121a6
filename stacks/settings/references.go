package settings

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"sagehost/components/model"
	"sagehost/internal/awsref"
	"sagehost/internal/check"
)

// checkReferences reports what the stack refers to and cannot use, because it is in another region or partition of AWS.
func (s *Settings) checkReferences(at check.At, region string) {
	described := *s
	described.Models = maps.Clone(s.Models)
	for _, key := range slices.Sorted(maps.Keys(s.Models)) {
		m := s.Models[key]
		if m.Release == "" {
			continue
		}
		delete(described.Models, key)
		manifest := check.New("")
		CheckReferences(manifest, m, region)
		for _, problem := range manifest.Problems() {
			at.Key("models").Key(key).Key("release").Addf("%v", problem)
		}
	}
	CheckReferences(at, described, region)
}

// CheckReferences reports every text in a settings value whose kind, in the tag of its field, demands a place in AWS
// that a stack in this region is not in.
func CheckReferences(at check.At, value any, region string) {
	walk(at, reflect.ValueOf(value), "", region)
}

// walk goes through a value of settings. Kind is what its texts refer to; empty for texts that refer to nothing.
func walk(at check.At, value reflect.Value, kind awsref.Kind, region string) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			walk(at, value.Elem(), kind, region)
		}
	case reflect.Struct:
		walkStruct(at, value, region)
	case reflect.Map:
		for _, key := range slices.SortedFunc(slices.Values(value.MapKeys()), byText) {
			walk(at.Key(key.String()), value.MapIndex(key), kind, region)
		}
	case reflect.Slice:
		for i := range value.Len() {
			walk(at.Index(i), value.Index(i), kind, region)
		}
	case reflect.String:
		if kind != "" {
			kind.CheckPlace(at, value.String(), region)
		}
	default:
	}
}

func byText(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }

func walkStruct(at check.At, value reflect.Value, region string) {
	container, isContainer := reflect.TypeAssert[model.Container](value)
	for i := range value.NumField() {
		f := value.Type().Field(i)
		kind := awsref.Kind(f.Tag.Get(awsref.Tag))
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			walk(at, value.Field(i), kind, region)
		case isContainer && kind == awsref.ImageURI && container.IsPrivate():
			// The model's network leads to the registry, wherever that is.
		case key != "":
			walk(at.Key(key), value.Field(i), kind, region)
		}
	}
}
