package workflows_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// impossible are the scripts that cannot run here, and why.
var impossible = map[string]string{
	"workflows/ci.yml check: bash .ci/run":           "it runs this test",
	"workflows/ci.yml check: python3 --version":      "it says which Python the runner has",
	"actions/pulumi/action.yml action: make plugins": "it downloads the plugins; a test runs it with another CLI",
}

// TestEveryScriptOfAWorkflowRuns runs them all, each in the place that it has in its workflow, or has them on the list
// of those that cannot.
func TestEveryScriptOfAWorkflowRuns(t *testing.T) { //nolint:tparallel // the group ends when both of it have ended
	t.Parallel()
	ran := &record{ids: map[string]bool{}}
	t.Run("workflows", func(t *testing.T) {
		t.Run("a fork's pull request is compared without credentials", func(t *testing.T) {
			t.Parallel()
			offline(t, newRunner(t, ran, empty()))
		})
		t.Run("stacks on AWS", func(t *testing.T) {
			t.Parallel()
			onAWS(t, ran)
		})
	})
	listed := map[string]bool{}
	for _, s := range allScripts(t) {
		_, cannot := impossible[s.id()]
		listed[s.id()] = true
		assert.NotEqual(t, cannot, ran.has(s.id()), "either it runs or it is on the list: %s", s.id())
	}
	for id := range impossible {
		assert.True(t, listed[id], "there is no such script any more: %s", id)
	}
}

// offline plays the job for everybody. The local AWS that it starts has the stack of the target branch.
func offline(t *testing.T, r *runner) {
	t.Helper()
	r.job("actions/setup/action.yml", "action")
	out := r.job("workflows/pull-request.yml", "offline")
	require.Contains(t, out, "Nothing of the local AWS is left.")
	summary, err := os.ReadFile(r.env["GITHUB_STEP_SUMMARY"])
	require.NoError(t, err)
	assert.Contains(t, string(summary), "<!-- sagehost:preview:dev -->\n### Preview of stack <code>dev</code>\n")
	assert.Contains(t, string(summary), "**1 to create**, ", "the subscriber, and nothing that was there before")
	assert.Empty(t, r.github.Comments)
}
