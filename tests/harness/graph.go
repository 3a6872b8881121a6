package harness

import (
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Graph is what a program declared.
type Graph struct {
	// Resources are sorted by URN.
	Resources []Resource `json:"resources"`
	// Exports are the stack's outputs.
	Exports map[string]any `json:"exports"`
}

// Resource is one registration.
type Resource struct {
	URN          string         `json:"urn"`
	Type         string         `json:"-"`
	Name         string         `json:"-"`
	Parent       string         `json:"parent,omitempty"`
	Custom       bool           `json:"-"`
	Protect      bool           `json:"protect,omitempty"`
	Dependencies []string       `json:"-"`
	Inputs       map[string]any `json:"inputs"`
}

func byURN(a, b Resource) int { return cmp.Compare(a.URN, b.URN) }

// All lists the resources of a type, by URN.
func (g *Graph) All(typ string) []Resource {
	var found []Resource
	for _, r := range g.Resources {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	return found
}

// One is the only resource of a type.
func (g *Graph) One(t *testing.T, typ string) Resource {
	t.Helper()
	found := g.All(typ)
	require.Len(t, found, 1, "resources of type %s", typ)
	return found[0]
}

// Named is the resource of a type and logical name.
func (g *Graph) Named(t *testing.T, typ, name string) Resource {
	t.Helper()
	for _, r := range g.All(typ) {
		if r.Name == name {
			return r
		}
	}
	require.Failf(t, "no such resource", "%s %q", typ, name)
	return Resource{}
}

// Counts is the number of resources of each type.
func (g *Graph) Counts() map[string]int {
	counts := map[string]int{}
	for _, r := range g.Resources {
		counts[r.Type]++
	}
	return counts
}

// JSON decodes an input that holds a JSON document, such as a policy.
func (r Resource) JSON(t *testing.T, input string) map[string]any {
	t.Helper()
	text, ok := r.Inputs[input].(string)
	require.True(t, ok, "%s has no text in %s", r.URN, input)
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &document))
	return document
}

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden compares the graph with the one in a file, which `make golden` rewrites.
func (g *Graph) Golden(t *testing.T, path string) {
	t.Helper()
	slices.SortFunc(g.Resources, byURN)
	data, err := json.MarshalIndent(g, "", "  ")
	require.NoError(t, err)
	data = append(data, '\n')
	if *update {
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(data))
}
