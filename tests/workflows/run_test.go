package workflows_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/github/fakegithub"
)

// reason is why a script cannot run here, and what shows that it could by now.
type reason struct {
	why string
	// command is a command of sagehost that does not exist yet.
	command string
}

// impossible are the scripts that cannot run here.
var impossible = map[string]reason{
	"workflows/ci.yml check: bash .ci/run":      {why: "it runs this test"},
	"workflows/ci.yml check: python3 --version": {why: "it says which Python the runner has"},
	"workflows/ci.yml check: pulumi plugin install resource aws " +
		`"$(go list -m -f '{{.Version}}' github.com/pulumi/pulumi-aws/sdk/v6)"`: {why: "it downloads the plugin"},
	"workflows/deploy-test.yml deploy: bin/sagehost smoke --stack dev --aws": {
		why: "the command is to come", command: "smoke",
	},
	"workflows/deploy-test.yml deploy: bin/sagehost evaluate flowers --stack dev --data " +
		"examples/flowers/data/held-out.csv --label species --aws": {why: "the command is to come", command: "evaluate"},
	"workflows/deploy-test.yml deploy: bin/sagehost bake --for 30m --stack dev --aws": {
		why: "the command is to come", command: "bake",
	},
	`workflows/promote.yml propose: bin/sagehost promote "$MODEL" --from dev --to prod --pr --aws`: {
		why: "the command is to come", command: "promote",
	},
	"workflows/promote.yml deploy: bin/sagehost smoke --stack prod --aws": {
		why: "the command is to come", command: "smoke",
	},
	"workflows/promote.yml deploy: bin/sagehost bake --for 30m --stack prod --aws": {
		why: "the command is to come", command: "bake",
	},
	`workflows/rollback.yml propose: bin/sagehost rollback "$MODEL" --stack prod --pr`: {
		why: "the command is to come", command: "rollback",
	},
}

// TestEveryScriptOfAWorkflowRuns runs them all, each in the place that it has in its workflow, or has them on the list
// of those that cannot.
func TestEveryScriptOfAWorkflowRuns(t *testing.T) { //nolint:tparallel // the group ends when both of it have ended
	t.Parallel()
	ran := &record{ids: map[string]bool{}}
	t.Run("workflows", func(t *testing.T) {
		t.Run("a fork's pull request is compared without credentials", func(t *testing.T) {
			t.Parallel()
			offline(t, newRunner(t, ran))
		})
		t.Run("stacks on AWS", func(t *testing.T) {
			t.Parallel()
			onAWS(t, newRunner(t, ran))
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
	for id, reason := range impossible {
		if reason.command != "" {
			_, code := r.command(nil, "bin/sagehost", reason.command, "--help")
			assert.NotZero(t, code, "the command exists by now, so this can run: %s", id)
		}
	}
	out := r.job("workflows/pull-request.yml", "offline")
	require.Contains(t, out, "Nothing of the local AWS is left.")
	summary, err := os.ReadFile(r.env["GITHUB_STEP_SUMMARY"])
	require.NoError(t, err)
	assert.Contains(t, string(summary), "<!-- sagehost:preview:dev -->\n### Preview of stack <code>dev</code>\n")
	assert.Contains(t, string(summary), "**1 to create**, ", "the subscriber, and nothing that was there before")
	assert.Empty(t, r.github.Comments)
}

// onAWS plays what happens to stacks on AWS, from the first deployment to drift.
func onAWS(t *testing.T, r *runner) {
	t.Helper()
	r.build()
	r.useAWS()
	t.Run("both are deployed, and nothing differs on a second look", func(t *testing.T) {
		t.Run("dev", func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, r.job("workflows/deploy-test.yml", "deploy"), "Stack dev: no changes, ")
		})
		t.Run("prod", func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, r.job("workflows/promote.yml", "deploy"), "Stack prod: no changes, ")
		})
	})
	t.Run("one comment per stack tells of changes, and of a preview that failed", func(t *testing.T) { comments(t, r) })
	t.Run("one issue tells of drift for as long as there is some", func(t *testing.T) { drift(t, r) })
	t.Run("evidence becomes a pull request", func(t *testing.T) { evidence(t, r) })
	t.Run("nothing is proposed from main", func(t *testing.T) {
		r.git("checkout", "--quiet", "main")
		assert.Contains(t, r.job("workflows/promote.yml", "propose"), "Nothing to propose.")
		assert.Contains(t, r.job("workflows/rollback.yml", "propose"), "Nothing to propose.")
	})
}

func comments(t *testing.T, r *runner) {
	t.Helper()
	for _, stack := range []string{"dev", "prod"} {
		file := "Pulumi." + stack + ".yaml"
		r.write(file, strings.Replace(r.read(file), "config:\n", "config:\n  sagehost:pinned: true\n", 1))
		r.job("workflows/pull-request.yml", "preview-"+stack)
		r.job("workflows/pull-request.yml", "comment-"+stack)
	}
	require.Len(t, r.github.Comments, 2)
	assert.Contains(t, r.github.Comments[1].Body, "<!-- sagehost:preview:prod -->\n")
	assert.NotContains(t, r.github.Comments[1].Body, "failed")

	good := r.read("Pulumi.dev.yaml")
	r.write("Pulumi.dev.yaml", strings.Replace(good, "pinned", "pined", 1))
	preview := named(t, "workflows/pull-request.yml").scripts("preview-dev")
	_, code := r.run(preview[len(preview)-1])
	assert.Equal(t, 1, code)
	r.job("workflows/pull-request.yml", "comment-dev")
	r.write("Pulumi.dev.yaml", good)

	require.Len(t, r.github.Comments, 2, "edited in place")
	assert.Equal(t, 7, r.github.Comments[0].On)
	assert.Contains(t, r.github.Comments[0].Body, "### Preview of stack <code>dev</code> failed")
	assert.Contains(t, r.github.Comments[0].Body, `sagehost:pined: is an unknown key; did you mean "pinned"?`)
	assert.Contains(t, r.github.Comments[0].Body, "[this run](https://github.com/octo/models/actions/runs/42)")
}

func drift(t *testing.T, r *runner) {
	t.Helper()
	r.job("workflows/drift.yml", "drift")
	require.Empty(t, r.github.Issues)

	topic := r.topic("sagehost-dev")
	r.tag(topic, "by-hand")
	for range 2 {
		r.job("workflows/drift.yml", "drift")
		require.Len(t, r.github.Issues, 1)
	}
	assert.Equal(t, "Stack dev has drifted", r.github.Issues[0].Title)
	assert.Equal(t, []fakegithub.Label{{Name: "drift"}}, r.github.Issues[0].Labels)
	assert.Contains(t, r.github.Issues[0].Body, "**1 changed**, ")

	r.untag(topic, "by-hand")
	r.job("workflows/drift.yml", "drift")
	assert.Equal(t, "closed", r.github.Issues[0].State)
}

func evidence(t *testing.T, r *runner) {
	t.Helper()
	const job = "evidence"
	r.git("checkout", "--quiet", "--force", "main")
	assert.Contains(t, r.job("workflows/deploy-test.yml", job), "Nothing new was measured.")
	require.Len(t, r.github.Issues, 1, "that about drift")

	r.write("releases/README.md", "Measured.\n")
	r.job("workflows/deploy-test.yml", job)
	require.Len(t, r.github.Issues, 2)
	proposed := r.github.Issues[1]
	assert.Equal(t, "evidence/dev", proposed.Head)
	assert.Equal(t, "main", proposed.Base)
	assert.Equal(t, "Add what was measured in dev", proposed.Title)
	assert.Contains(t, proposed.Body, "What smoke, evaluation and bake have measured of the releases in `dev`")
	assert.Equal(t, "releases/README.md", r.git("--git-dir", r.origin, "diff", "--name-only", "main", "evidence/dev"))
}
