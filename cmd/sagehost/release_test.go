package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/gitrepo"
	"sagehost/internal/promotion"
	"sagehost/internal/release"
)

// checkout is a repository of one commit.
func checkout(t *testing.T) gitrepo.Repo {
	t.Helper()
	r := gitrepo.Repo{Dir: t.TempDir()}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"config", "user.name", "Jo"},
		{"config", "user.email", "jo@example.com"},
		{"commit", "--quiet", "--allow-empty", "-m", "Begin"},
	} {
		command := exec.Command("git", args...)
		command.Dir = r.Dir
		require.NoError(t, command.Run(), args)
	}
	return r
}

func TestAReleaseIsMadeFromACommit(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	f := createFlags{builder: "a test"}
	require.NoError(t, os.MkdirAll(filepath.Join(r.Dir, "releases", "flowers"), 0o700))
	for _, name := range []string{"Pulumi.dev.yaml", "releases/flowers/1.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(r.Dir, name), nil, 0o600))
	}
	source, err := f.source(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, release.Source{Commit: head, Builder: "a test"}, source)

	require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "train.go"), nil, 0o600))
	_, err = f.source(t.Context(), r)
	require.EqualError(t, err, "commit "+head[:12]+" is not what is released, because these are not committed: train.go; "+
		"commit them, or give --allow-dirty")
	f.dirty = true
	source, err = f.source(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, "a test, with changes that are not committed", source.Builder)

	_, err = f.source(t.Context(), gitrepo.Repo{Dir: t.TempDir()})
	require.ErrorContains(t, err, "; give --commit")
	f.commit = "c"
	source, err = f.source(t.Context(), gitrepo.Repo{Dir: t.TempDir()})
	require.NoError(t, err)
	assert.Equal(t, "c", source.Commit)
}

func TestAValueCanNameItsContainer(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]string{
		"scoring": "build/a=b.tar.gz", "": "s3://bucket/key=1/model.tar.gz",
	}, byHostname([]string{"scoring=build/a=b.tar.gz", "s3://bucket/key=1/model.tar.gz"}))
	assert.Empty(t, byHostname(nil))
}

func TestAGateThatCannotTellHasAnExitCodeOfItsOwn(t *testing.T) {
	t.Parallel()
	for result, want := range map[release.Result]int{release.Fail: 1, release.Inconclusive: 3} {
		refused := &promotion.Refused{Verdicts: []promotion.Verdict{{Gate: "smoke", Result: result}}}
		assert.Equal(t, want, exitCode(unclear(refused)), result)
	}
	assert.Equal(t, 1, exitCode(unclear(os.ErrNotExist)))
}
