package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/artifacts"
	"sagehost/internal/delivery/gitrepo"
	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
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

// buckets are the names of those that an account has.
type buckets []string

func (b buckets) ListBuckets(
	context.Context, *s3.ListBucketsInput, ...func(*s3.Options),
) (*s3.ListBucketsOutput, error) {
	listed := &s3.ListBucketsOutput{}
	for _, name := range b {
		listed.Buckets = append(listed.Buckets, types.Bucket{Name: &name})
	}
	return listed, nil
}

func TestArchivesOfReleasesStayWhenAStackGoes(t *testing.T) {
	t.Parallel()
	const goes = "the bucket for models of stack dev goes with the stack, and would take the archives of releases with " +
		"it (sagehost:storage.forceDestroy in Pulumi.dev.yaml); give --bucket, a bucket that stays and that all stacks can " +
		"read which releases go to"
	for _, test := range []struct {
		name, given      string
		aws, forceDelete bool
		want, err        string
	}{
		{name: "the local AWS, which goes itself", forceDelete: true, want: "sagehost-dev-models-1a2b"},
		{name: "AWS", aws: true, want: "sagehost-dev-models-1a2b"},
		{name: "a bucket that goes", aws: true, forceDelete: true, err: goes},
		{name: "one that was given", given: "store", aws: true, forceDelete: true, want: "store"},
	} {
		a := &app{stack: "dev", aws: test.aws}
		s := &settings.Settings{Storage: artifacts.Spec{ForceDestroy: test.forceDelete}}
		have := buckets{"sagehost-prod-models-3c4d", "sagehost-dev-models-1a2b", "sagehost-dev-batch-1a2b"}
		name, err := a.store(t.Context(), test.given, s, have)
		if test.err != "" {
			require.EqualError(t, err, test.err, test.name)
			continue
		}
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, name, test.name)
	}
	_, err := (&app{stack: "test"}).store(t.Context(), "", &settings.Settings{}, buckets{})
	assert.EqualError(t, err, "there are 0 buckets called sagehost-test-models-…, so it is not clear where to upload "+
		"to; give --bucket")
}

func TestAValueCanNameItsContainer(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]string{
		"scoring": "build/a=b.tar.gz", "": "s3://bucket/key=1/model.tar.gz",
	}, byHostname([]string{"scoring=build/a=b.tar.gz", "s3://bucket/key=1/model.tar.gz"}))
	assert.Empty(t, byHostname(nil))
}

func TestTheTextOfAPullRequestMayBeTheFirstFileOfItsFolder(t *testing.T) {
	t.Parallel()
	body := filepath.Join(t.TempDir(), ".sagehost", "pull-request.md")
	for _, text := range []string{"one", "another"} {
		require.NoError(t, (&app{out: &bytes.Buffer{}}).printChange(&promotion.Result{Body: text}, body))
		written, err := os.ReadFile(body)
		require.NoError(t, err)
		assert.Equal(t, text, string(written))
	}
}

func TestAGateThatCannotTellHasAnExitCodeOfItsOwn(t *testing.T) {
	t.Parallel()
	for result, want := range map[release.Result]int{release.Fail: 1, release.Inconclusive: 3} {
		refused := &promotion.Refused{Verdicts: []promotion.Verdict{{Gate: "smoke", Result: result}}}
		assert.Equal(t, want, exitCode(unclear(refused)), result)
	}
	assert.Equal(t, 1, exitCode(unclear(os.ErrNotExist)))
}
