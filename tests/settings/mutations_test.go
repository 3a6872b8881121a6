// Package settings_test changes every key of every example to values that it should not have.
package settings_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// every tries each key of each example; otherwise a key that several examples have is tried once.
var every = flag.Bool("every", false, "change each key of each example, not only each kind of key once")

// root is the folder of the repository.
const root = "../.."

// examples are the names of the stack's files, without the example's own ending.
func examples(t *testing.T) map[string]map[string]any {
	t.Helper()
	files, err := filepath.Glob(root + "/examples/settings/*.yaml")
	require.NoError(t, err)
	for _, more := range []string{root + "/Pulumi.*.yaml", "testdata/*.yaml"} {
		found, err := filepath.Glob(more)
		require.NoError(t, err)
		files = append(files, found...)
	}
	trees := map[string]map[string]any{}
	for _, file := range files {
		trees[strings.TrimSuffix(filepath.Base(file), ".yaml")] = load(t, file)
	}
	return trees
}

// load is the configuration in a stack's file, with objects and lists taken apart.
func load(t *testing.T, file string) map[string]any {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{file: "Pulumi.example.yaml", root + "/Pulumi.yaml": "Pulumi.yaml"} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, to), text, 0o600))
	}
	loaded, err := stackfile.Load(dir, "example")
	require.NoError(t, err)
	config, err := loaded.Config()
	require.NoError(t, err)
	tree := map[string]any{}
	for key, text := range config {
		tree[key] = decoded(text)
	}
	return tree
}

// decoded is a configuration value: JSON, or text as it stands.
func decoded(text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return text
	}
	return value
}

// parse is what is wrong with a configuration. It fails the test where that panics.
func parse(tree map[string]any) (problems check.Problems, panicked any) {
	defer func() { panicked = recover() }()
	config := map[string]string{}
	for key, value := range tree {
		if text, ok := value.(string); ok {
			config[key] = text
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		config[key] = string(text)
	}
	_, err := settings.Parse(settings.Source{Stack: "example", Dir: root, Config: config})
	if refused := (*settings.Error)(nil); err != nil {
		refused, _ = err.(*settings.Error) //nolint:errorlint // Parse says that its error is one.
		return refused.Problems, nil
	}
	return nil, nil
}

// place is a key of an example: where it is, and what leads there.
type place struct {
	path  string
	steps []any
	value any
}

// places are all keys and elements of a value, and the value itself.
func places(value any, path string, steps []any) []place {
	list := []place{{path, steps, value}}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			list = append(list, places(value[key], member(path, key), append(slices.Clone(steps), key))...)
		}
	case []any:
		for i := range value {
			list = append(list, places(value[i], fmt.Sprintf("%s[%d]", path, i), append(slices.Clone(steps), i))...)
		}
	}
	return list
}

var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// member is the path of a member, as problems write it.
func member(path, key string) string {
	if !plain.MatchString(key) {
		return fmt.Sprintf("%s[%q]", path, key)
	}
	return path + "." + key
}

// with is a configuration with another value somewhere.
func with(tree map[string]any, steps []any, value any) map[string]any {
	changed, _ := replaced(tree, steps, value).(map[string]any)
	return changed
}

// replaced is a copy of a value, as far as it differs.
func replaced(in any, steps []any, value any) any {
	if len(steps) == 0 {
		return value
	}
	switch in := in.(type) {
	case map[string]any:
		key, _ := steps[0].(string)
		changed := maps.Clone(in)
		changed[key] = replaced(in[key], steps[1:], value)
		return changed
	case []any:
		i, _ := steps[0].(int)
		changed := slices.Clone(in)
		changed[i] = replaced(in[i], steps[1:], value)
		return changed
	}
	return in
}

// counts are what came of all changes.
type counts struct{ tried, refused, accepted int }

func TestNoChangeOfAnExampleIsRefusedElsewhereOrPanics(t *testing.T) {
	t.Parallel()
	trees := examples(t)
	require.GreaterOrEqual(t, len(trees), 22)
	var n counts
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		tree := trees[name]
		problems, panicked := parse(tree)
		require.Nil(t, panicked, name)
		require.Empty(t, problems, name)
		for _, key := range slices.Sorted(maps.Keys(tree)) {
			for _, at := range places(tree[key], key, []any{key}) {
				kind := general(at.path)
				if !*every && seen[kind] {
					continue
				}
				seen[kind] = true
				n.change(t, name, tree, at)
			}
		}
	}
	t.Logf("%d keys, %d values, %d changes: %d refused, %d accepted",
		len(seen), len(values()), n.tried, n.refused, n.accepted)
	assert.Greater(t, n.tried, 4000)
	assert.Greater(t, n.refused, n.accepted)
}

// change tries all values in one place.
func (n *counts) change(t *testing.T, name string, tree map[string]any, at place) {
	t.Helper()
	for _, v := range values() {
		n.tried++
		problems, panicked := parse(with(tree, at.steps, v.value))
		if !assert.Nil(t, panicked, "%s: %s: %s panics", name, at.path, v.name) {
			continue
		}
		if len(problems) == 0 {
			n.accepted++
			assert.False(t, v.never && !mayBeAnything(at.path), "%s: %s takes %s", name, at.path, v.name)
			continue
		}
		n.refused++
		for _, problem := range problems {
			assert.True(t, concerns(problem, at), "%s: %s: %s: %s", name, at.path, v.name, problem)
		}
	}
}

// concerns reports whether a problem is where something was changed, above or beneath it, or names it.
func concerns(problem check.Problem, at place) bool {
	last := ""
	for _, step := range at.steps {
		if key, ok := step.(string); ok {
			last = key[strings.LastIndex(key, ":")+1:]
		}
	}
	return under(problem.Path, at.path) || under(at.path, problem.Path) ||
		strings.Contains(problem.String(), last)
}

// under reports whether a path is another one or beneath it.
func under(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[' || rest[0] == ':' || strings.HasSuffix(above, ":"))
}

var (
	byName = regexp.MustCompile(`(:models|:endpoints|:batch|\.callers|\.gates|\.evaluation|\.environment|\.tags)` +
		`(\.[\w-]+|\["[^"]*"\])`)
	byIndex = regexp.MustCompile(`\[\d+\]`)
)

// general is a path without the names and numbers that the user chose.
func general(path string) string {
	return byIndex.ReplaceAllString(byName.ReplaceAllString(path, "$1.*"), "[]")
}

// own are the values of environment variables and tags, and measures in the label's unit.
var own = regexp.MustCompile(`\.environment\.|^aws:defaultTags|\.evaluation\.(rmse|mae|logLoss|r2)\.`)

// mayBeAnything reports whether a key is the user's own.
func mayBeAnything(path string) bool { return own.MatchString(path) }
