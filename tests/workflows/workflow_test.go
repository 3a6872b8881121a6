// Package workflows_test reads the workflows of GitHub Actions, holds them against rules, and runs their scripts on a
// local AWS with a fake of GitHub.
package workflows_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// workflow is what these tests look at of a workflow, or of an action in the repository.
type workflow struct {
	file        string
	On          yaml.Node         `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency concurrency       `yaml:"concurrency"`
	Env         map[string]string `yaml:"env"`
	Jobs        map[string]job    `yaml:"jobs"`
	Runs        struct {
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

type concurrency struct {
	Group  string `yaml:"group"`
	Cancel string `yaml:"cancel-in-progress"`
}

type job struct {
	If          string            `yaml:"if"`
	Environment string            `yaml:"environment"`
	Timeout     int               `yaml:"timeout-minutes"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency concurrency       `yaml:"concurrency"`
	Env         map[string]string `yaml:"env"`
	Steps       []step            `yaml:"steps"`
}

type step struct {
	ID       string            `yaml:"id"`
	If       string            `yaml:"if"`
	Uses     string            `yaml:"uses"`
	Run      string            `yaml:"run"`
	With     map[string]string `yaml:"with"`
	Env      map[string]string `yaml:"env"`
	Continue bool              `yaml:"continue-on-error"`
}

// load reads all workflows, and the repository's own actions as workflows with the one job "action".
func load(t *testing.T) []workflow {
	t.Helper()
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	require.NoError(t, err)
	actions, err := filepath.Glob("../../.github/actions/*/action.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	require.NotEmpty(t, actions)
	var loaded []workflow
	for _, file := range append(files, actions...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var w workflow
		require.NoError(t, yaml.Unmarshal(text, &w), file)
		w.file = strings.TrimPrefix(filepath.ToSlash(file), "../../.github/")
		if len(w.Runs.Steps) > 0 {
			w.Jobs = map[string]job{"action": {Steps: w.Runs.Steps}}
		}
		require.NotEmpty(t, w.Jobs, file)
		loaded = append(loaded, w)
	}
	return loaded
}

// named is the workflow in a file.
func named(t *testing.T, file string) workflow {
	t.Helper()
	for _, w := range load(t) {
		if w.file == file {
			return w
		}
	}
	require.Failf(t, "no such workflow", "%s", file)
	return workflow{}
}

// script is a step that runs a script.
type script struct {
	workflow, job string
	step          step
	// env is what the workflow and the job add to the environment.
	env map[string]string
}

// id names a script for people.
func (s script) id() string { return fmt.Sprintf("%s %s: %s", s.workflow, s.job, s.step.Run) }

// scripts are those of a workflow's job, in their order.
func (w workflow) scripts(name string) []script {
	var found []script
	for _, s := range w.Jobs[name].Steps {
		if s.Run != "" {
			env := maps.Clone(w.Env)
			if env == nil {
				env = map[string]string{}
			}
			maps.Copy(env, w.Jobs[name].Env)
			found = append(found, script{workflow: w.file, job: name, step: s, env: env})
		}
	}
	return found
}

// allScripts are the scripts of all workflows.
func allScripts(t *testing.T) []script {
	t.Helper()
	var all []script
	for _, w := range load(t) {
		for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
			all = append(all, w.scripts(name)...)
		}
	}
	return all
}

var expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// expand puts values in the place of expressions. One that is not known fails the test.
func expand(t *testing.T, text string, known map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		name := expression.FindStringSubmatch(found)[1]
		value, ok := known[name]
		require.True(t, ok, "nothing is known of %s", found)
		return value
	})
}
