package asl

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// format puts arguments in the place of braces.
func format(a []any) (any, error) {
	template, err := argument[string](a, 0, "a string")
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	arguments := a[1:]
	for i := 0; i < len(template); i++ {
		switch {
		case template[i] == '\\' && i+1 < len(template) && strings.IndexByte(`{}\`, template[i+1]) >= 0:
			i++
			text.WriteByte(template[i])
		case strings.HasPrefix(template[i:], "{}"):
			if len(arguments) == 0 {
				return nil, errors.New("there are fewer arguments than places for them")
			}
			text.WriteString(shown(arguments[0]))
			arguments = arguments[1:]
			i++
		default:
			text.WriteByte(template[i])
		}
	}
	if len(arguments) > 0 {
		return nil, errors.New("there are more arguments than places for them")
	}
	return text.String(), nil
}

// shown writes a value as States.Format does: objects and arrays are as Java prints them.
func shown(value any) string {
	switch typed := value.(type) {
	case string:
		return typed
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			parts = append(parts, name+"="+shown(typed[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(typed))
		for i, element := range typed {
			parts[i] = shown(element)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return Encode(value)
	}
}
