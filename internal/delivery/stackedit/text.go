package stackedit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// checkText refuses texts in which a line of YAML is not a line of the file.
func checkText(text []byte) error {
	switch {
	case !utf8.Valid(text):
		return errors.New("the file is not UTF-8")
	case bytes.ContainsAny(text, "\u0085\u2028\u2029"),
		bytes.ContainsRune(bytes.ReplaceAll(text, []byte("\r\n"), nil), '\r'):
		return errors.New("the file has line breaks other than LF and CRLF")
	default:
		return nil
	}
}

// lines are the lines of a text with what ends them.
func lines(text []byte) [][]byte {
	return slices.Collect(bytes.Lines(text))
}

// offset is where a node begins: yaml.v3 counts lines and characters from 1.
func offset(text []byte, node *yaml.Node) int {
	at := 0
	for i, line := range lines(text) {
		if i+1 < node.Line {
			at += len(line)
			continue
		}
		for range node.Column - 1 {
			_, size := utf8.DecodeRune(text[at:])
			at += size
		}
		break
	}
	return min(at, len(text))
}

var errForm = errors.New("its release is written in a form that cannot be edited here; write it as plain text")

// replaceScalar puts an id in the place of another text, in the same quotes.
func replaceScalar(text []byte, node *yaml.Node, id string) ([]byte, error) {
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str" || node.Value == "" {
		return nil, errForm
	}
	old, with := node.Value, plain(id)
	switch node.Style {
	case 0:
	case yaml.SingleQuotedStyle:
		old, with = "'"+old+"'", "'"+id+"'"
	case yaml.DoubleQuotedStyle:
		old, with = `"`+old+`"`, `"`+id+`"`
	default:
		return nil, errForm
	}
	from := offset(text, node)
	if !bytes.HasPrefix(text[from:], []byte(old)) {
		return nil, errForm
	}
	return slices.Concat(text[:from], []byte(with), text[from+len(old):]), nil
}

// plain is an id as YAML takes it for text: digits alone are a number.
func plain(id string) string {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(id), &node); err == nil && node.Content[0].ShortTag() == "!!str" {
		return id
	}
	return `"` + id + `"`
}

// inlineKeys are the keys that describe the containers of a model, which a release replaces.
var inlineKeys = []string{"image", "artifact", "artifactFile", "environment", "containers"}

// foreignKeys are the keys whose models cannot be releases.
var foreignKeys = []string{
	"imageConfig", "artifactPrefix", "multiModel", "packageArn", "packageImages", "packagePrefixes", "<<",
}

// replaceInline puts a release in the place of an inline description: in the text, and in the tree.
func replaceInline(text []byte, root, model *yaml.Node, id string) ([]byte, []string, error) {
	if model.Style&yaml.FlowStyle != 0 {
		return nil, nil, errors.New("it is written in braces; write it in lines of its own first")
	}
	all := lines(text)
	end := after(root, model, documentEnd(all))
	var out [][]byte
	var replaced []string
	var kept []*yaml.Node
	next := 0 // the first line that is not copied yet
	for i := 0; i+1 < len(model.Content); i += 2 {
		key, value := model.Content[i], model.Content[i+1]
		if slices.Contains(foreignKeys, key.Value) {
			return nil, nil, fmt.Errorf("it has %s, which no release can say", key.Value)
		}
		if !slices.Contains(inlineKeys, key.Value) {
			kept = append(kept, key, value)
			continue
		}
		limit := end
		if i+2 < len(model.Content) {
			limit = model.Content[i+2].Line
		}
		out = append(out, all[next:key.Line-1]...)
		if len(replaced) == 0 {
			out = append(out, releaseLine(all[key.Line-1], key, id))
			kept = append(kept, text2node(releaseKey), text2node(id))
		}
		replaced = append(replaced, key.Value)
		next = lastLine(all, key.Line, limit)
	}
	if len(replaced) == 0 {
		return nil, nil, errors.New("it has neither a release nor a description of its containers")
	}
	model.Content = kept
	return bytes.Join(append(out, all[next:]...), nil), replaced, nil
}

// documentEnd is the number of the first line that is no part of the document.
func documentEnd(all [][]byte) int {
	for i, line := range all {
		if bytes.HasPrefix(line, []byte("...")) {
			return i + 1
		}
	}
	return len(all) + 1
}

// releaseLine is the line that names a release, indented and ended like another one.
func releaseLine(like []byte, key *yaml.Node, id string) []byte {
	ending := "\n"
	if bytes.HasSuffix(like, []byte("\r\n")) {
		ending = "\r\n"
	}
	return []byte(strings.Repeat(" ", key.Column-1) + releaseKey + ": " + plain(id) + ending)
}

func text2node(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// lastLine is the number of the last line of an entry that begins in line from, where something else begins in line
// limit: comments and empty lines before that are not the entry's.
func lastLine(all [][]byte, from, limit int) int {
	last := limit - 1
	for last > from {
		line := bytes.TrimSpace(all[last-1])
		if len(line) > 0 && line[0] != '#' {
			break
		}
		last--
	}
	return last
}

// after is the line in which the first key behind a node begins; end where there is none.
func after(root, node *yaml.Node, end int) int {
	for i, child := range root.Content {
		if child == node {
			if i+1 < len(root.Content) {
				return root.Content[i+1].Line
			}
			return end
		}
		limit := end
		if i+1 < len(root.Content) {
			limit = root.Content[i+1].Line
		}
		if line := after(child, node, limit); line > 0 {
			return line
		}
	}
	return 0
}
