package workflows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDeploymentsAreOneAtATimeAndNeverCancelled(t *testing.T) {
	t.Parallel()
	deployments := 0
	eachJob(t, func(w workflow, name string, j job) {
		group := j.Concurrency
		if group.Group == "" {
			group = w.Concurrency
		}
		for _, s := range j.Steps {
			if !strings.HasPrefix(s.Run, "bin/sagehost up ") {
				continue
			}
			deployments++
			stack := strings.Fields(s.Run)[3]
			assert.Equal(t, "stack-"+stack, group.Group, "%s %s", w.file, name)
			assert.Equal(t, "false", group.Cancel, "%s %s", w.file, name)
			assert.Equal(t, map[string]string{"dev": "test", "prod": "production"}[stack], j.Environment, "%s %s", w.file, name)
		}
	})
	assert.Equal(t, 2, deployments)
}

// A commit that starts a deployment, or changes what is deployed, must not have come after the one that is deployed.
func TestADeploymentIsOfTheNewestCommitThatChangesIt(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]struct{ starts, compared string }{
		"workflows/deploy-test.yml": {
			starts:   ". :(exclude,glob)Pulumi.prod.yaml :(exclude,glob)docs/** :(exclude,glob)releases/**",
			compared: ". :(exclude,glob)Pulumi.prod.yaml :(exclude,glob)docs/** :(exclude,glob)releases/**",
		},
		// A restarted run would bring old code with it, which the stack's file does not show.
		"workflows/promote.yml": {
			starts: "Pulumi.prod.yaml",
			compared: ". :(exclude,glob)Pulumi.dev.yaml :(exclude,glob)**/*.md :(exclude,glob)docs/**" +
				" :(exclude,glob)releases/** :(exclude,glob)tests/**",
		},
	} {
		w := named(t, file)
		assert.Equal(t, want.starts, strings.Join(startingPaths(t, w), " "), file)
		scripts := w.scripts("deploy")
		assert.Equal(t, ".github/scripts/configured.sh", scripts[0].step.Run, file)
		assert.Equal(t, ".github/scripts/newest.sh", scripts[1].step.Run, file)
		assert.Equal(t, want.compared, scripts[1].step.Env["PATHS"], file)
	}
}

// startingPaths are patterns of git for the files whose change starts a workflow.
func startingPaths(t *testing.T, w workflow) []string {
	t.Helper()
	var on struct {
		Push struct {
			Paths   []string `yaml:"paths"`
			Ignored []string `yaml:"paths-ignore"`
		} `yaml:"push"`
	}
	require.NoError(t, w.On.Decode(&on), w.file)
	paths := on.Push.Paths
	if len(on.Push.Ignored) > 0 {
		paths = []string{"."}
	}
	for _, pattern := range on.Push.Ignored {
		paths = append(paths, ":(exclude,glob)"+pattern)
	}
	return paths
}

func TestNothingIsDeployedToProductionThatNobodyPromoted(t *testing.T) {
	t.Parallel()
	var order []string
	for _, s := range named(t, "workflows/promote.yml").scripts("deploy") {
		order = append(order, s.step.Run)
	}
	check, up := slices.Index(order, "bin/sagehost release check --stack prod"), slices.Index(order,
		"bin/sagehost up --stack prod --aws")
	assert.GreaterOrEqual(t, check, 0)
	assert.Greater(t, up, check)
	offline := named(t, "workflows/pull-request.yml").scripts("offline")
	assert.Equal(t, `bin/sagehost release check --stack "$STACK" --against HEAD^1`, offline[0].step.Run)
}

// A gate that fails says what it must whatever another one has said, and drift takes nothing away from them.
func TestAllIsMeasuredOfWhatWasDeployed(t *testing.T) {
	t.Parallel()
	const deployed = "steps.up.outcome == 'success' && !cancelled()"
	for file, gates := range map[string][]string{
		"workflows/deploy-test.yml": {"release verify", "smoke", "evaluate", "bake"},
		"workflows/promote.yml":     {"release verify", "smoke", "bake"},
	} {
		w := named(t, file)
		var after []string
		up := false
		for _, s := range w.Jobs["deploy"].Steps {
			switch {
			case s.ID == "up":
				up = true
				assert.Regexp(t, "^bin/sagehost up ", s.Run, file)
			case up && strings.HasPrefix(s.Run, "bin/sagehost "):
				after = append(after, s.Run)
				if len(after) > 1 {
					assert.Equal(t, deployed, s.If, s.Run)
				}
			case strings.HasPrefix(s.Uses, "actions/upload-artifact@"):
				assert.Equal(t, "always()", s.If, file)
				assert.Len(t, after, len(gates), "evidence is kept once it is all there")
			}
		}
		require.Len(t, after, len(gates)+1, file)
		for i, gate := range append(gates, "drift") {
			assert.Regexp(t, "^bin/sagehost "+gate+" ", after[i], file)
		}
		assert.NotEmpty(t, w.Jobs["evidence"].Steps, file)
	}
	for _, s := range named(t, "workflows/deploy-test.yml").scripts("deploy") {
		if measuring.MatchString(s.step.Run) && !strings.Contains(s.step.Run, " verify ") {
			assert.Contains(t, s.step.Run, " --to prod ", "what counts is what production demands")
		}
	}
}
