// Package stackedit changes which release of a model a stack's file names, and not one byte besides: comments, order,
// quotes and line breaks are the user's.
package stackedit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
	"gopkg.in/yaml.v3"

	"sagehost/kit/files"
)

// Edit is a change of a stack's file.
type Edit struct {
	// Before and After are the file's text.
	Before, After []byte
	// Old is the id of the release that was named; empty where the model was described inline.
	Old string
	// Replaced are the keys of an inline description that the release replaces, in the order of the file.
	Replaced []string
}

// Changed reports whether the file names another release now.
func (e *Edit) Changed() bool { return !bytes.Equal(e.Before, e.After) }

// Diff is the change as a unified diff of the file with this name.
func (e *Edit) Diff(name string) (string, error) {
	return difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: shown(e.Before), B: shown(e.After), FromFile: "a/" + name, ToFile: "b/" + name, Context: 3,
	})
}

// shown are the lines of a text as a diff shows them.
func shown(text []byte) []string {
	var list []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(line, "\n") {
			line += "\n\\ No newline at end of file\n"
		}
		list = append(list, line)
	}
	return list
}

// Write changes the file, unless somebody has changed it since it was read.
func (e *Edit) Write(path string) error {
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, e.Before) {
		return fmt.Errorf("%s was changed by somebody else at the same time; nothing was written", path)
	}
	return files.WriteAtomically(path, e.After)
}

var releaseID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// SetRelease makes a stack's file name the release with this id, all 64 digits, of a model. A description of the
// model's containers in the file gives way to it. It is an error where that cannot be done by changing this one
// thing.
func SetRelease(text []byte, model, id string) (*Edit, error) {
	if !releaseID.MatchString(id) {
		return nil, fmt.Errorf("%q is not a release's id of 64 lower-case hexadecimal digits", id)
	}
	before, err := parse(text)
	if err != nil {
		return nil, err
	}
	found, err := find(before, model)
	if err != nil {
		return nil, err
	}
	edit := &Edit{Before: text}
	if value := member(found, releaseKey); value != nil {
		edit.Old = value.Value
		edit.After, err = replaceScalar(text, value, id)
		value.Value, value.Tag = id, "!!str"
	} else {
		edit.After, edit.Replaced, err = replaceInline(text, before, found, id)
	}
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", model, err)
	}
	after, err := parse(edit.After)
	if err != nil || !same(before, after) {
		return nil, fmt.Errorf("model %q: its release cannot be changed without changing something else; edit it by hand",
			model)
	}
	return edit, nil
}

// parse reads the only document of a file.
func parse(text []byte) (*yaml.Node, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file is not one document alone")
	}
	return document.Content[0], nil
}

// same reports whether two trees hold the same in the same order, however it is written.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.ShortTag() != b.ShortTag() || a.Value != b.Value || a.Anchor != b.Anchor ||
		len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
