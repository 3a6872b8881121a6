package stackedit

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"sagehost/kit/check"
)

// releaseKey is the key of a model that names its release.
const releaseKey = "release"

// modelsKeys are how Pulumi lets a stack's file write the key of the models: with the project's name or without.
var modelsKeys = []string{"sagehost:models", "models"}

// find finds the model's settings. What leads there and is in it must stand in one place only: an edit of what an
// anchor shares would change something else too.
func find(root *yaml.Node, model string) (*yaml.Node, error) {
	config, err := step(root, "the file", "config")
	if err != nil {
		return nil, err
	}
	for _, key := range modelsKeys {
		if member(config, key) == nil {
			continue
		}
		models, err := step(config, "config", key)
		if err != nil {
			return nil, err
		}
		found, err := step(models, key, model)
		if err != nil {
			return nil, err
		}
		return found, checkAnchors(found, key+"."+model)
	}
	return nil, fmt.Errorf("config has no %s", modelsKeys[0])
}

// step is the mapping under a key of a mapping.
func step(node *yaml.Node, name, key string) (*yaml.Node, error) {
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s is not an object", name)
	}
	value := member(node, key)
	switch {
	case value == nil:
		return nil, fmt.Errorf("%s has no %s%s", name, key, check.DidYouMean(key, keys(node)))
	case value.Kind == yaml.AliasNode || value.Anchor != "":
		return nil, anchored(key)
	case value.Kind != yaml.MappingNode:
		return nil, fmt.Errorf("%s is not an object", key)
	default:
		return value, nil
	}
}

func checkAnchors(node *yaml.Node, name string) error {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return anchored(name)
	}
	for _, child := range node.Content {
		if err := checkAnchors(child, name); err != nil {
			return err
		}
	}
	return nil
}

func anchored(name string) error {
	return fmt.Errorf("%s uses an anchor, whose value stands for several things; write the value itself", name)
}

func keys(node *yaml.Node) []string {
	var list []string
	for i := 0; i+1 < len(node.Content); i += 2 {
		list = append(list, node.Content[i].Value)
	}
	return list
}

// member is the value of a key; nil when there is none.
func member(node *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}
