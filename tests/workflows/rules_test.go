package workflows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const credentials = "aws-actions/configure-aws-credentials@"

func eachJob(t *testing.T, look func(w workflow, name string, j job)) {
	t.Helper()
	for _, w := range load(t) {
		for name, j := range w.Jobs {
			look(w, name, j)
		}
	}
}

var pinned = regexp.MustCompile(`^(\./\.github/actions/[a-z-]+|[\w.-]+/[\w./-]+@[0-9a-f]{40})$`)

func TestActionsArePinnedByCommit(t *testing.T) {
	t.Parallel()
	uses := 0
	eachJob(t, func(w workflow, name string, j job) {
		for _, s := range j.Steps {
			if s.Uses != "" {
				uses++
				assert.Regexp(t, pinned, s.Uses, "%s %s", w.file, name)
			}
		}
	})
	assert.Greater(t, uses, 20)
}

func TestOneCommitOfAnActionIsUsedAndItsVersionSaid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../.github/*/*.yml")
	require.NoError(t, err)
	nested, err := filepath.Glob("../../.github/actions/*/action.yml")
	require.NoError(t, err)
	commits := map[string]string{}
	line := regexp.MustCompile(`uses: ([\w./-]+)@(\S+)(.*)`)
	for _, file := range append(files, nested...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range line.FindAllStringSubmatch(string(text), -1) {
			assert.Regexp(t, `^ # v\d+\.\d+\.\d+$`, m[3], "%s in %s", m[1], file)
			if before, seen := commits[m[1]]; seen {
				assert.Equal(t, before, m[2]+m[3], m[1])
			}
			commits[m[1]] = m[2] + m[3]
		}
	}
	assert.GreaterOrEqual(t, len(commits), 6)
}

// The tests run the CLI that is built from tools/pulumi, and so must what deploys.
func TestThePulumiCLIIsTheOneThatTheTestsRun(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("../../tools/pulumi/go.mod")
	require.NoError(t, err)
	version := regexp.MustCompile(`github\.com/pulumi/pulumi/pkg/v3 v(\S+)`).FindSubmatch(module)
	require.NotNil(t, version)
	installed := 0
	eachJob(t, func(w workflow, _ string, j job) {
		for _, s := range j.Steps {
			if strings.HasPrefix(s.Uses, "pulumi/actions@") {
				installed++
				assert.Equal(t, string(version[1]), s.With["pulumi-version"], w.file)
			}
		}
	})
	assert.Equal(t, 1, installed, "the jobs use one action of the repository that installs it")
}

// call is what a step may run: the logic is in the repository, where it is tested.
var call = regexp.MustCompile(`^(make [a-z-]+|bin/sagehost [^;&|\n]+|\.github/scripts/[a-z-]+\.sh)$`)

func TestNoLogicLivesInWorkflows(t *testing.T) {
	t.Parallel()
	for _, s := range allScripts(t) {
		if s.workflow == "workflows/ci.yml" {
			continue // it prepares the machine for .ci/run, which has the logic
		}
		assert.Regexp(t, call, s.step.Run, s.id())
	}
}

func TestWhatOthersWriteReachesNoScriptAsText(t *testing.T) {
	t.Parallel()
	for _, s := range allScripts(t) {
		if s.workflow != "workflows/ci.yml" {
			assert.NotContains(t, s.step.Run, "${{", s.id())
		}
	}
	for _, w := range load(t) {
		var events map[string]any
		if w.On.Decode(&events) == nil {
			assert.NotContains(t, events, "pull_request_target", "%s would run a stranger's code with rights", w.file)
			assert.NotContains(t, events, "workflow_run", w.file)
		}
	}
}

func TestJobsHaveTheRightsThatTheyNeedAndNoMore(t *testing.T) {
	t.Parallel()
	writes := map[string][]string{}
	eachJob(t, func(w workflow, name string, j job) {
		if name == "action" {
			return
		}
		at := w.file + " " + name
		assert.NotEmpty(t, j.Timeout, "%s can run for ever", at)
		granted := j.Permissions
		if granted == nil {
			granted = w.Permissions
		}
		require.NotNil(t, granted, "%s has the rights that the repository gives by default", at)
		for scope, access := range granted {
			if access == "write" {
				writes[at] = append(writes[at], scope)
			}
		}
	})
	assert.Len(t, writes, 11)
	for at, want := range map[string][]string{
		"workflows/pull-request.yml preview-dev":  {"id-token"},
		"workflows/pull-request.yml preview-prod": {"id-token"},
		"workflows/pull-request.yml comment-dev":  {"pull-requests"},
		"workflows/pull-request.yml comment-prod": {"pull-requests"},
		"workflows/deploy-test.yml deploy":        {"id-token"},
		"workflows/deploy-test.yml evidence":      {"contents", "pull-requests"},
		"workflows/promote.yml propose":           {"contents", "id-token", "pull-requests"},
		"workflows/promote.yml deploy":            {"id-token"},
		"workflows/promote.yml evidence":          {"contents", "pull-requests"},
		"workflows/drift.yml drift":               {"id-token", "issues"},
		"workflows/rollback.yml propose":          {"contents", "id-token", "pull-requests"},
	} {
		assert.ElementsMatch(t, want, writes[at], at)
	}
}

func TestCredentialsAreShortLivedAndForOneAccount(t *testing.T) {
	t.Parallel()
	users := 0
	eachJob(t, func(w workflow, name string, j job) {
		at := w.file + " " + name
		asks := false
		for _, s := range j.Steps {
			for _, key := range []string{"aws-access-key-id", "aws-secret-access-key"} {
				assert.NotContains(t, s.With, key, "%s has a key that lives long", at)
			}
			if strings.HasPrefix(s.Uses, credentials) {
				users, asks = users+1, true
				assert.NotEmpty(t, s.With["role-to-assume"], at)
				assert.NotEmpty(t, s.With["aws-region"], at)
				assert.NotEmpty(t, s.With["allowed-account-ids"], "%s takes any account", at)
			}
		}
		assert.Equal(t, asks, j.Permissions["id-token"] == "write", "%s: a token is for a role, and a role needs one", at)
	})
	assert.Equal(t, 7, users)
	text, err := os.ReadFile("../../.github/workflows/pull-request.yml")
	require.NoError(t, err)
	assert.NotContains(t, string(text), "secrets.")
}

func TestForksGetNoCredentials(t *testing.T) {
	t.Parallel()
	w := named(t, "workflows/pull-request.yml")
	for name, j := range w.Jobs {
		switch {
		case j.Permissions["id-token"] == "write":
			assert.Regexp(t, "^"+regexp.QuoteMeta("github.event.pull_request.head.repo.full_name == github.repository && "+
				"github.event.pull_request.user.login != 'dependabot[bot]'")+"( &&|$)", j.If, name)
			assert.NotContains(t, j.If, "||", name)
		case strings.HasPrefix(name, "comment-"):
			assert.Contains(t, j.If, "!= 'skipped'", name)
		default:
			assert.Equal(t, map[string]string{"contents": "read"}, j.Permissions, name)
		}
	}
}

func TestACheckoutLeavesItsTokenOnlyWhereABranchIsPushed(t *testing.T) {
	t.Parallel()
	eachJob(t, func(w workflow, name string, j job) {
		for _, s := range j.Steps {
			if !strings.HasPrefix(s.Uses, "actions/checkout@") {
				continue
			}
			pushes := j.Permissions["contents"] == "write"
			assert.Equal(t, pushes, s.With["persist-credentials"] != "false", "%s %s", w.file, name)
		}
	})
}
