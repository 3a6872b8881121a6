package serving

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// variable is what SageMaker takes as the name of an environment variable.
var variable = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// problems gathers what is wrong with a file, so that a user can mend all at once.
type problems []error

func (p *problems) add(at *yaml.Node, where, format string, args ...any) {
	*p = append(*p, fmt.Errorf("line %d: %s: %s", at.Line, where, fmt.Sprintf(format, args...)))
}

// decodeImages reads the text of a file of images.
func decodeImages(text []byte) ([]image, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errors.New("the file is empty; want a list called images")
	}
	var found problems
	entries := []image{}
	found.members(document.Content[0], "the file", map[string]func(*yaml.Node, string){
		"images": func(list *yaml.Node, where string) {
			if list.Kind != yaml.SequenceNode {
				found.add(list, where, "want a list")
				return
			}
			for i, node := range list.Content {
				entries = append(entries, found.image(node, fmt.Sprintf("%s[%d]", where, i)))
			}
		},
	})
	return entries, errors.Join(found...)
}

// image reads one entry.
func (p *problems) image(node *yaml.Node, where string) image {
	var read image
	before := len(*p)
	p.members(node, where, map[string]func(*yaml.Node, string){
		"repository": func(n *yaml.Node, where string) { read.repository = p.repository(n, where) },
		"go":         func(n *yaml.Node, where string) { read.source = p.source(n, where) },
		"command":    func(n *yaml.Node, where string) { read.command = p.command(n, where) },
		"directory":  func(n *yaml.Node, where string) { read.directory = p.text(n, where) },
		"environment": func(n *yaml.Node, where string) {
			read.environment = p.environment(n, where)
		},
	})
	switch {
	case len(*p) > before:
		// What is missing may be what could not be read.
	case read.repository == "":
		p.add(node, where, "want a repository")
	case (read.source == "") == (len(read.command) == 0):
		p.add(node, where, "want either go or command")
	case read.directory != "" && read.source != "":
		p.add(node, where, "directory goes only with command")
	}
	return read
}

// members hands each member of a mapping to the function for its name.
func (p *problems) members(node *yaml.Node, where string, known map[string]func(*yaml.Node, string)) {
	p.pairs(node, where, func(key, value *yaml.Node, inner string) {
		read, ok := known[key.Value]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			p.add(key, inner, "unknown key; allowed are: %s", strings.Join(names, ", "))
			return
		}
		read(value, inner)
	})
}

// pairs goes through the members of a mapping, each once.
func (p *problems) pairs(node *yaml.Node, where string, visit func(key, value *yaml.Node, where string)) {
	if node.Kind != yaml.MappingNode {
		p.add(node, where, "want keys with values")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, inner := node.Content[i], node.Content[i].Value
		if where != "the file" {
			inner = where + "." + inner
		}
		if seen[key.Value] {
			p.add(key, inner, "the key is there twice")
			continue
		}
		seen[key.Value] = true
		visit(key, node.Content[i+1], inner)
	}
}

// text reads a value that is not empty. Numbers and the like are taken as they are written.
func (p *problems) text(node *yaml.Node, where string) string {
	if node.Kind != yaml.ScalarNode || node.Value == "" || node.Tag == "!!null" {
		p.add(node, where, "want a text")
		return ""
	}
	return node.Value
}

func (p *problems) repository(node *yaml.Node, where string) string {
	text := p.text(node, where)
	if _, err := path.Match(text, ""); err != nil || strings.ContainsAny(text, ":@") ||
		strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/") {
		p.add(node, where, "%q is not the end of a repository, such as scoring, team/scoring or scoring-*; "+
			"leave registry, tag and digest out", text)
		return ""
	}
	return text
}

func (p *problems) source(node *yaml.Node, where string) string {
	text := p.text(node, where)
	if text != "" && !filepath.IsLocal(text) {
		p.add(node, where, "%q is not a folder below the root of the checkout", text)
	}
	return text
}

func (p *problems) command(node *yaml.Node, where string) []string {
	if node.Kind != yaml.SequenceNode || len(node.Content) == 0 {
		p.add(node, where, "want a list of a program and its arguments, such as [python3, server.py]")
		return nil
	}
	words := make([]string, len(node.Content))
	for i, word := range node.Content {
		words[i] = word.Value
		if word.Kind != yaml.ScalarNode || i == 0 && word.Value == "" {
			p.add(word, fmt.Sprintf("%s[%d]", where, i), "want a text")
		}
	}
	return words
}

func (p *problems) environment(node *yaml.Node, where string) map[string]string {
	values := map[string]string{}
	p.pairs(node, where, func(key, value *yaml.Node, inner string) {
		if !variable.MatchString(key.Value) {
			p.add(key, inner, "want a name of letters, digits and _")
		}
		if value.Kind != yaml.ScalarNode {
			p.add(value, inner, "want a text")
		}
		values[key.Value] = value.Value
	})
	return values
}
