package gitrepo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/gitrepo"
)

// git runs a command of git in a folder.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	command := exec.Command("git", args...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// checkout is a repository of one commit, with a file in a folder.
func checkout(t *testing.T) gitrepo.Repo {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch=main")
	git(t, dir, "config", "user.name", "Jo Doe")
	git(t, dir, "config", "user.email", "jo@example.com")
	git(t, dir, "config", "commit.gpgsign", "false")
	write(t, dir, "stack/Pulumi.prod.yaml", "old\n")
	write(t, dir, ".gitignore", "/ignored\n")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "--quiet", "-m", "Begin")
	return gitrepo.Repo{Dir: dir}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestTheHeadIsTheCommitThatIsCheckedOut(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	assert.Equal(t, git(t, r.Dir, "rev-parse", "HEAD"), head)
	_, err = gitrepo.Repo{Dir: t.TempDir()}.Head(t.Context())
	assert.ErrorContains(t, err, "git rev-parse: fatal: not a git repository")
}

func TestACommitKeepsItsFiles(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	write(t, r.Dir, "stack/ü.yaml", " indented\n")
	git(t, r.Dir, "add", ".")
	git(t, r.Dir, "commit", "--quiet", "-m", "More")
	write(t, r.Dir, "stack/Pulumi.prod.yaml", "new\n")
	below := gitrepo.Repo{Dir: filepath.Join(r.Dir, "stack")}
	for commit, want := range map[string][]string{"HEAD": {"Pulumi.prod.yaml", "ü.yaml"}, "HEAD^1": {"Pulumi.prod.yaml"}} {
		files, err := below.Files(t.Context(), commit, ".")
		require.NoError(t, err)
		assert.Equal(t, want, files)
	}
	files, err := r.Files(t.Context(), "HEAD", "nothing")
	require.NoError(t, err)
	assert.Empty(t, files)
	old, err := below.Content(t.Context(), "HEAD", "Pulumi.prod.yaml")
	require.NoError(t, err)
	assert.Equal(t, "old", string(old))
	indented, err := r.Content(t.Context(), "HEAD", "stack/ü.yaml")
	require.NoError(t, err)
	assert.Equal(t, " indented", string(indented))
	_, err = r.Content(t.Context(), "HEAD", "stack/nothing")
	require.ErrorContains(t, err, "git show: fatal: path ")
	_, err = r.Files(t.Context(), "HEAD^3", ".")
	assert.ErrorContains(t, err, "commit HEAD^3: git rev-parse: ")
}

func TestChangesAreThoseThatACommitLacks(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	files, err := r.Changes(t.Context())
	require.NoError(t, err)
	assert.Empty(t, files)
	for _, name := range []string{
		"stack/Pulumi.prod.yaml", "ignored", "new ü.txt", "releases/flowers/1.yaml",
		"Pulumi.dev.yaml",
	} {
		write(t, r.Dir, name, "new\n")
	}
	git(t, r.Dir, "add", "Pulumi.dev.yaml")
	files, err = r.Changes(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Pulumi.dev.yaml", "new ü.txt", "releases/flowers/1.yaml", "stack/Pulumi.prod.yaml"}, files)
	files, err = r.Changes(t.Context(), "releases/**", "Pulumi.*.yaml")
	require.NoError(t, err)
	assert.Equal(t, []string{"new ü.txt", "stack/Pulumi.prod.yaml"}, files)
}

func TestABranchLeavesTheCheckoutAsItIs(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	write(t, r.Dir, "staged", "x\n")
	git(t, r.Dir, "add", "staged")
	head := git(t, r.Dir, "rev-parse", "HEAD")
	below := gitrepo.Repo{Dir: filepath.Join(r.Dir, "stack")}
	commit, err := below.Branch(t.Context(), "promote/flowers", "Promote flowers\n\nBecause.\n", map[string][]byte{
		"Pulumi.prod.yaml": []byte("new\r\n"), "releases/flowers/promotions/prod.yaml": []byte("record\n"),
	})
	require.NoError(t, err)
	assert.Equal(t, commit, git(t, r.Dir, "rev-parse", "promote/flowers"))
	assert.Equal(t, head, git(t, r.Dir, "rev-parse", "promote/flowers^"))
	assert.Equal(t, "Promote flowers\n\nBecause.", git(t, r.Dir, "log", "-1", "--format=%B", "promote/flowers"))
	assert.Equal(t, "A\tstack/releases/flowers/promotions/prod.yaml",
		git(t, r.Dir, "diff", "--name-status", "--diff-filter=A", head, commit))
	out, err := exec.Command("git", "-C", r.Dir, "show", commit+":stack/Pulumi.prod.yaml").Output()
	require.NoError(t, err)
	assert.Equal(t, "new\r\n", string(out))
	assert.Equal(t, "main", git(t, r.Dir, "branch", "--show-current"))
	assert.Equal(t, "A  staged", git(t, r.Dir, "status", "--porcelain"))
	_, err = below.Branch(t.Context(), "promote/flowers", "Again", nil)
	assert.EqualError(t, err, "there is a branch promote/flowers already; delete it, or use it")
}

func TestTheAuthorIsWhoStartedIt(t *testing.T) {
	t.Parallel()
	r := checkout(t)
	env := func(values map[string]string) func(string) string {
		return func(key string) string { return values[key] }
	}
	assert.Equal(t, "Jo Doe <jo@example.com>", r.Author(t.Context(), env(map[string]string{"USER": "root"})))
	run := map[string]string{
		"GITHUB_ACTOR": "octocat", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r",
		"GITHUB_RUN_ID": "7",
	}
	assert.Equal(t, "octocat (https://github.com/o/r/actions/runs/7)", r.Author(t.Context(), env(run)))
	delete(run, "GITHUB_ACTOR")
	assert.Equal(t, "GitHub Actions (https://github.com/o/r/actions/runs/7)", r.Author(t.Context(), env(run)))
	assert.Empty(t, gitrepo.Run(env(nil)))
}
