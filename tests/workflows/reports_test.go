package workflows_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/github/fakegithub"
)

// TestAReportThatIsMissingOrAnotherStacksIsSaid publishes what no preview has left behind.
func TestAReportThatIsMissingOrAnotherStacksIsSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := fakegithub.New(t)
	for name, text := range map[string]string{
		"event.json":  `{"pull_request":{"number":7}}`,
		"dev.json":    `{"operation":"preview","stack":"dev","failed":false,"unchanged":1}`,
		"failed.json": `{"operation":"drift","stack":"dev","failed":true,"errors":["AccessDenied"],"unchanged":0}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	run := func(token string, args ...string) (string, int) {
		cmd := exec.CommandContext(t.Context(), binary, append([]string{"ci"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GITHUB_API_URL="+server.URL, "GITHUB_REPOSITORY="+fakegithub.Repository,
			"GITHUB_TOKEN="+token, "GITHUB_EVENT_PATH="+filepath.Join(dir, "event.json"))
		out, _ := cmd.CombinedOutput() // its exit code is what counts
		return string(out), cmd.ProcessState.ExitCode()
	}

	said, code := run(fakegithub.Token, "comment", "--stack", "prod", "--report", "none.json")
	require.Zero(t, code, said)
	require.Len(t, server.Comments, 1)
	assert.Contains(t, server.Comments[0].Body, "### Preview of stack <code>prod</code> failed")
	assert.Contains(t, server.Comments[0].Body, "It ended without a report; the log of the run says why.")

	said, code = run(fakegithub.Token, "comment", "--stack", "prod", "--report", "dev.json")
	assert.Equal(t, 1, code)
	assert.Equal(t, "sagehost: dev.json is about the preview of stack \"dev\", not the preview of stack \"prod\"\n", said)

	said, code = run(fakegithub.Token, "issue", "--stack", "dev", "--report", "failed.json")
	assert.Equal(t, 1, code)
	assert.Equal(t, "sagehost: whether stack \"dev\" has drifted is not known: AccessDenied\n", said)
	assert.Empty(t, server.Issues, "no drift was found, and none was ruled out")

	said, code = run("ghs_wrong0123456789abcdef", "comment", "--stack", "dev", "--report", "dev.json")
	assert.Equal(t, 1, code)
	assert.Contains(t, said, "GitHub: read the comments on pull request 7: ")
	assert.NotContains(t, said, "ghs_wrong")
}
