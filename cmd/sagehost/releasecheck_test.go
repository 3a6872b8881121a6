package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// execute runs a command in the working folder and returns what it wrote.
func execute(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out := &bytes.Buffer{}
	root := newRoot(&app{out: out})
	root.SetArgs(args)
	root.SetOut(out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestTheStacksOfTheRepositoryNameWhatWasPromotedToThem(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		out, err := execute(t, "release", "check", "--stack", stack)
		require.NoError(t, err)
		assert.Equal(t, "Nothing was promoted to stack "+stack+" yet.\n", out)
	}
}

func TestACheckSaysAllThatWasWrittenByHandAndHistoryWhatIsLeft(t *testing.T) {
	r := checkout(t)
	t.Chdir(r.Dir)
	digits := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	for name, text := range map[string]string{
		"Pulumi.yaml":     "name: sagehost\nruntime: go\n",
		"Pulumi.dev.yaml": "config: {aws:region: eu-west-1, sagehost:models: {}}\n",
		"Pulumi.prod.yaml": "config:\n  aws:region: eu-west-1\n  sagehost:promotion: {from: dev}\n  sagehost:models:\n" +
			"    flowers: {image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1'}\n",
		"releases/flowers/promotions/prod.yaml": "- {release: " + digits + ", at: 2026-01-01T00:00:00Z, by: Jo, from: dev}\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	_, err := execute(t, "release", "check", "--stack", "prod")
	require.ErrorContains(t, err, "Pulumi.prod.yaml: model flowers: it describes the model inline, the last one promoted "+
		"to it is 9f86d081884c; ")
	_, err = execute(t, "release", "check", "--stack", "prod", "--against", "HEAD^1")
	require.ErrorContains(t, err, "Pulumi.prod.yaml: model flowers: ")
	require.ErrorContains(t, err, "\ncommit HEAD^1: git rev-parse: ")
	const told = "  2026-01-01T00:00:00Z  9f86d081884c  -       Jo  promoted from dev  -\n  in service: not known: "
	out, err := execute(t, "history", "flowers")
	require.NoError(t, err)
	require.Contains(t, out, told)
	require.NoError(t, os.WriteFile("Pulumi.prod.yaml", []byte("config: ["), 0o600))
	out, err = execute(t, "history", "flowers")
	require.ErrorContains(t, err, "Pulumi.prod.yaml: ")
	require.Contains(t, out, told)

	out, err = execute(t, "release", "check", "--stack", "dev", "--against", "HEAD")
	require.NoError(t, err)
	assert.Equal(t, "Nothing was promoted to stack dev yet.\n", out)
}
