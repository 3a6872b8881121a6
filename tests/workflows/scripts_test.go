package workflows_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/release"
)

// newScripts is a checkout of main with a release of the flowers' model, for scripts that ask git and GitHub alone.
func newScripts(t *testing.T) (*runner, *release.Release) {
	t.Helper()
	r := newRunner(t, &record{ids: map[string]bool{}}, empty())
	r.build()
	archive, err := os.ReadFile("../../examples/flowers/model.tar.gz")
	require.NoError(t, err)
	made := flowers(t, archive, "error")
	_, err = made.Write(filepath.Join(r.dir, "releases"), "flowers")
	require.NoError(t, err)
	r.commit("A release")
	r.git("push", "--quiet", "origin", "main")
	return r, made
}

// script runs the script of this name in a workflow's job.
func (r *runner) script(file, job, name string) (string, int) {
	r.t.Helper()
	for _, s := range named(r.t, file).scripts(job) {
		if s.step.Run == ".github/scripts/"+name+".sh" {
			return r.run(s)
		}
	}
	require.Failf(r.t, "no such script", "%s", name)
	return "", 0
}

// mergedMeanwhile puts a commit on main that this checkout lacks, and returns it.
func (r *runner) mergedMeanwhile(name, text string) string {
	r.t.Helper()
	other := &runner{t: r.t, dir: filepath.Join(r.t.TempDir(), "other"), env: r.env}
	out, err := exec.CommandContext(r.t.Context(), "git", "clone", "--quiet", r.origin, other.dir).CombinedOutput()
	require.NoError(r.t, err, string(out))
	require.NoError(r.t, os.MkdirAll(filepath.Dir(filepath.Join(other.dir, name)), 0o700))
	other.write(name, text)
	other.commit("Another change")
	other.git("push", "--quiet", "origin", "main")
	return other.git("rev-parse", "HEAD")
}

func TestWhatMainHasChangedSinceIsNotDeployed(t *testing.T) {
	t.Parallel()
	for workflow, files := range map[string]struct{ wanted, others []string }{
		"deploy-test": {wanted: []string{"Pulumi.dev.yaml", "main.go"}, others: []string{"Pulumi.prod.yaml", "docs/new.md"}},
		"promote": {
			wanted: []string{"Pulumi.prod.yaml", "main.go", "examples/flowers/model.tar.gz"},
			others: []string{"Pulumi.dev.yaml", "README.md", "tests/docs/new.go"},
		},
	} {
		r, _ := newScripts(t)
		file := "workflows/" + workflow + ".yml"
		said, code := r.script(file, "deploy", "newest")
		require.Zero(t, code, said)
		for _, name := range append(files.others, "releases/flowers/promotions/prod.yaml") {
			r.mergedMeanwhile(name, "# "+name+"\n")
			said, code = r.script(file, "deploy", "newest")
			require.Zero(t, code, "%s: %s", name, said)
		}
		for _, name := range files.wanted {
			newer := r.mergedMeanwhile(name, "# "+name+"\n")
			said, code = r.script(file, "deploy", "newest")
			assert.Equal(t, 1, code, name)
			older := r.git("rev-parse", "HEAD")
			assert.Contains(t, said, "This run is of commit "+older+", and main has come to "+newer+" since.")
			assert.Contains(t, said, " "+name+" | ")
			assert.Contains(t, said, "    gh workflow run promote.yml --ref main\n")
			r.git("pull", "--quiet", "--ff-only", "origin", "main")
		}
	}
}

func TestARepositoryThatIsNotSetUpForAWSSaysSoInOneLine(t *testing.T) {
	t.Parallel()
	r, _ := newScripts(t)
	for file, job := range map[string]string{
		"workflows/deploy-test.yml": "deploy", "workflows/promote.yml": "deploy", "workflows/drift.yml": "drift",
		"workflows/pull-request.yml": "preview-prod",
	} {
		r.known["vars.PULUMI_BACKEND_URL"] = "s3://state"
		said, code := r.script(file, job, "configured")
		require.Zero(t, code, said)
		assert.Empty(t, said, file)
		known := maps.Clone(r.known)
		r.known["vars.AWS_ROLE"], r.known["vars.PULUMI_BACKEND_URL"] = "", ""
		said, code = r.script(file, job, "configured")
		assert.Equal(t, 1, code, file)
		assert.Equal(t, "::error::Set this repository up for AWS first, by docs/delivery.md#set-up: "+
			"there is no variable AWS_ROLE PULUMI_BACKEND_URL.\n", said, file)
		r.known = known
	}
}

// measure adds evidence of the flowers' release, as a gate does at this hour.
func measure(t *testing.T, r *runner, of *release.Release, hour int) {
	t.Helper()
	require.NoError(t, evidence.Append(t.Context(), filepath.Join(r.dir, "releases"), "flowers", release.Evidence{
		Gate: "smoke", Result: release.Pass, Subject: of.ID, Stack: "dev",
		At: time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC), Measurements: map[string]float64{"cases": 3},
	}))
}

func TestEvidenceThatIsNotMergedYetIsKept(t *testing.T) {
	t.Parallel()
	r, made := newScripts(t)
	const file = "workflows/deploy-test.yml"
	manifest := release.Path("releases", "flowers", made.ID)
	for hour := 1; hour <= 3; hour++ {
		newer := r.mergedMeanwhile("docs/new.md", strings.Repeat("more\n", hour))
		measure(t, r, made, hour)
		said, code := r.script(file, "evidence", "commit-evidence")
		require.Zero(t, code, said)
		assert.Empty(t, r.git("status", "--porcelain"), "the checkout stays")
		said, code = r.script(file, "evidence", "propose")
		require.Zero(t, code, said)
		r.git("branch", "--quiet", "--delete", "--force", "evidence/dev")

		require.Len(t, r.github.Issues, 1, "one pull request has it all")
		assert.Contains(t, r.github.Issues[0].Body, "Approve\nworkflows to run")
		proposed := r.git("--git-dir", r.origin, "show", "evidence/dev:"+manifest)
		assert.Equal(t, hour, strings.Count(proposed, "result: pass"))
		assert.Equal(t, newer, r.git("--git-dir", r.origin, "rev-parse", "evidence/dev^"), "on top of main as it is")
		assert.Equal(t, manifest, r.git("--git-dir", r.origin, "diff", "--name-only", "main", "evidence/dev"))
	}
	r.git("fetch", "--quiet", "origin", "evidence/dev")
	r.git("merge", "--quiet", "--ff-only", "FETCH_HEAD")
	r.git("push", "--quiet", "origin", "main")
	said, code := r.script(file, "evidence", "commit-evidence")
	require.Zero(t, code, said)
	assert.Equal(t, "Nothing new was measured.\n", said)
}

func TestABranchToWhichSomebodyElseHasPushedIsNotReplaced(t *testing.T) {
	t.Parallel()
	r, made := newScripts(t)
	const file = "workflows/deploy-test.yml"
	r.git("checkout", "--quiet", "-b", "evidence/dev")
	r.write("docs/note.md", "what I think of it\n")
	r.commit("A note")
	theirs := r.git("rev-parse", "HEAD")
	r.git("push", "--quiet", "origin", "evidence/dev")
	r.git("checkout", "--quiet", "main")
	r.git("branch", "--quiet", "--delete", "--force", "evidence/dev")

	measure(t, r, made, 1)
	said, code := r.script(file, "evidence", "commit-evidence")
	require.Zero(t, code, said)
	said, code = r.script(file, "evidence", "propose")
	assert.Equal(t, 1, code)
	assert.Equal(t, "The last commit of evidence/dev, "+theirs+", is by Ada <ada@example.com>: merge or delete "+
		"that branch, and run this again.\n", said)
	assert.Equal(t, theirs, r.git("--git-dir", r.origin, "rev-parse", "evidence/dev"))
	assert.Empty(t, r.github.Issues)
}

func TestWhoeverDeployedWhatFailsIsToldTheWayBack(t *testing.T) {
	t.Parallel()
	r := newRunner(t, &record{ids: map[string]bool{}}, empty())
	said, code := r.script("workflows/promote.yml", "deploy", "say-rollback")
	require.Zero(t, code, said)
	assert.Contains(t, said, "    gh workflow run rollback.yml --field model=flowers\n")
	summary, err := os.ReadFile(r.env["GITHUB_STEP_SUMMARY"])
	require.NoError(t, err)
	assert.Equal(t, said, string(summary))
	var inputs struct {
		Dispatch struct {
			Inputs map[string]any `yaml:"inputs"`
		} `yaml:"workflow_dispatch"`
	}
	rollback := named(t, "workflows/rollback.yml")
	require.NoError(t, rollback.On.Decode(&inputs))
	assert.Contains(t, inputs.Dispatch.Inputs, "model", "it is what that workflow asks for")
}
