package stackfile

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// spelledOut is the text of a YAML file in which infinities, and what is no number, are texts: a configuration is JSON,
// which has none of them. Whoever wants a number there says so by its path.
func spelledOut(text []byte) []byte {
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || !spellOut(&document) {
		return text
	}
	spelled, err := yaml.Marshal(&document)
	if err != nil {
		return text
	}
	return spelled
}

// spellOut reports whether it has changed anything.
func spellOut(node *yaml.Node) (changed bool) {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!float" {
		switch strings.ToLower(strings.TrimLeft(node.Value, "+-")) {
		case ".nan", ".inf":
			node.Tag, node.Style = "!!str", yaml.DoubleQuotedStyle
			changed = true
		}
	}
	for _, child := range node.Content {
		changed = spellOut(child) || changed
	}
	return changed
}
