package release

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// Environment is variables by name.
type Environment map[string]string

// MarshalYAML writes the variables in quotes where they hold more than printable characters: what yaml.v3 makes of a
// line break by itself, it does not always read back.
func (e Environment) MarshalYAML() (any, error) {
	object := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, key := range slices.Sorted(maps.Keys(e)) {
		var name, value yaml.Node
		name.SetString(key)
		value.SetString(e[key])
		if !printable(e[key]) {
			value.Style = yaml.DoubleQuotedStyle
		}
		object.Content = append(object.Content, &name, &value)
	}
	return object, nil
}

// printable reports whether a text is one line without control characters.
func printable(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
