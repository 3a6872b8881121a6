package workflows_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fillers are the steps that fill a folder which is cached. A job that saves the folder without one of them saves it
// empty, and every later job gets it so: a cache is never written again.
var fillers = map[string][]string{
	"~/go/pkg/mod":      {"make build", "bash .ci/run"},
	"~/.cache/go-build": {"make build", "bash .ci/run"},
	"~/.pulumi/plugins": {"make plugins"},
	"~/.cache/sagehost": {".github/scripts/offline-preview.sh", "bash .ci/run"},
}

// expanded are the steps of a job, with those of the repository's own actions in their place.
func expanded(t *testing.T, j job) []step {
	t.Helper()
	var all []step
	for _, s := range j.Steps {
		if own, ok := strings.CutPrefix(s.Uses, "./.github/"); ok {
			all = append(all, expanded(t, named(t, own+"/action.yml").Jobs["action"])...)
			continue
		}
		all = append(all, s)
	}
	return all
}

func TestACacheIsSavedByJobsThatFillIt(t *testing.T) {
	t.Parallel()
	// contents is what all jobs with the same key cache.
	contents := map[string]string{}
	eachJob(t, func(w workflow, name string, j job) {
		if name == "action" {
			return
		}
		ran := map[string]bool{}
		steps := expanded(t, j)
		for _, s := range steps {
			ran[s.Run] = true
		}
		for _, s := range steps {
			if !strings.HasPrefix(s.Uses, "actions/cache@") {
				continue
			}
			prefix, _, _ := strings.Cut(s.With["key"], "-$")
			if known, seen := contents[prefix]; seen {
				assert.Equal(t, known, s.With["path"], "%s %s: another content under the key %s", w.file, name, prefix)
			}
			contents[prefix] = s.With["path"]
			for path := range strings.FieldsSeq(s.With["path"]) {
				filled := false
				for _, filler := range fillers[path] {
					filled = filled || ran[filler]
				}
				assert.True(t, filled, "%s %s: nothing fills %s before it is saved as %s", w.file, name, path, prefix)
			}
		}
	})
	assert.Equal(t, map[string]string{
		"command":   "~/go/pkg/mod\n~/.cache/go-build\n",
		"plugins":   "~/.pulumi/plugins",
		"local-aws": "~/.cache/sagehost",
		"ci":        "~/go/pkg/mod\n~/.cache/go-build\n~/.cache/sagehost\n",
	}, contents)
}

// The cache of actions/setup-go has one key for all jobs, whatever they compile.
func TestNoCacheHasOneKeyForDifferentContents(t *testing.T) {
	t.Parallel()
	used := 0
	eachJob(t, func(w workflow, name string, j job) {
		for _, s := range j.Steps {
			if strings.HasPrefix(s.Uses, "actions/setup-go@") {
				used++
				assert.Equal(t, "false", s.With["cache"], "%s %s", w.file, name)
			}
		}
	})
	assert.Equal(t, 2, used)
}

func TestThePluginsThatTheProgramAsksForAreInstalled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	cli := "#!/bin/sh\necho \"$@\" >>'" + calls + "'\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pulumi"), []byte(cli), 0o700))
	r := newRunner(t, &record{ids: map[string]bool{}}, empty())
	out, code := r.command(map[string]string{"PATH": dir + ":" + os.Getenv("PATH")}, "make", "plugins")
	require.Zero(t, code, out)
	installed, err := os.ReadFile(calls)
	require.NoError(t, err)
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	for name, sdk := range map[string]string{"aws": "pulumi-aws/sdk/v6 v", "awsx": "pulumi-awsx/sdk/v2 v"} {
		_, after, found := strings.Cut(string(module), sdk)
		require.True(t, found)
		version, _, _ := strings.Cut(after, "\n")
		assert.Contains(t, string(installed), "plugin install resource "+name+" v"+version+"\n")
	}
	assert.Equal(t, 2, strings.Count(string(installed), "\n"))
}
