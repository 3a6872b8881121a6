package settings

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"sagehost/kit/check"
)

// stackKeys are the keys of a stack's file that Pulumi knows (workspace.ProjectStack). It passes over others.
var stackKeys = []string{"config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"}

// checkStackFile reports what Pulumi passes over in a stack's file in silence. A stack may be configured elsewhere, and
// a file that is no YAML at all Pulumi itself has refused.
func checkStackFile(dir, name string) check.Problems {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return check.Problems{{Text: err.Error()}}
	}
	return checkDocument(text)
}

func checkDocument(text []byte) (problems check.Problems) {
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if parsed := decoder.Decode(&document) == nil; !parsed {
		return nil
	}
	if !errors.Is(decoder.Decode(&more), io.EOF) {
		problems = append(problems, check.Problem{Text: "the file goes on after its YAML document, " +
			"and Pulumi reads the first one only; remove what is not meant"})
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return problems
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i].Value
		problem := check.Problem{Path: key}
		switch {
		case slices.Contains(stackKeys, key):
			continue
		case strings.Contains(key, ":"):
			problem.Text = "stands beside config, where nothing reads it; put it under config"
		default:
			problem.Text = "is an unknown key, which nothing reads" + check.DidYouMean(key, stackKeys)
		}
		problems = append(problems, problem)
	}
	return problems
}
