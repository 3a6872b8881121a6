package smoke

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/dustin/go-humanize/english"

	"sagehost/kit/secrets"
)

// diffJSON is the first place at which two JSON values differ, and how; empty when they are the same.
func diffJSON(path string, want, have any, tolerance float64) string {
	switch wanted := want.(type) {
	case float64:
		if x, ok := have.(float64); ok && near(wanted, x, tolerance) {
			return ""
		}
	case map[string]any:
		if object, ok := have.(map[string]any); ok {
			return diffObject(path, wanted, object, tolerance)
		}
	case []any:
		if list, ok := have.([]any); ok {
			return diffList(path, wanted, list, tolerance)
		}
	default:
		if reflect.DeepEqual(want, have) {
			return ""
		}
	}
	return fmt.Sprintf("%s is %s; expected %s", path, shown(text(have)), shown(text(want)))
}

func diffObject(path string, want, have map[string]any, tolerance float64) string {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, there := have[key]
		if !there {
			return fmt.Sprintf("%s has no member %s", path, shown(key))
		}
		found := diffJSON(path+"."+bounded(key), want[key], value, tolerance)
		switch {
		case found == "":
		case secrets.Looks(key, text(value)):
			return fmt.Sprintf("%s.%s is not as expected %s", path, bounded(key), hidden)
		default:
			return found
		}
	}
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, expected := want[key]; !expected {
			return fmt.Sprintf("%s has a member %s that is not expected", path, shown(key))
		}
	}
	return ""
}

func diffList(path string, want, have []any, tolerance float64) string {
	if len(have) != len(want) {
		return fmt.Sprintf("%s has %s; expected %d", path, english.Plural(len(have), "element", ""), len(want))
	}
	for i := range want {
		if found := diffJSON(fmt.Sprintf("%s[%d]", path, i), want[i], have[i], tolerance); found != "" {
			return found
		}
	}
	return ""
}

// text is a JSON value as it would be sent.
func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}
