package workflows_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/github/fakegithub"
	"sagehost/internal/release"
)

// story is what happens to two stacks on AWS, from the first deployment to drift.
type story struct {
	*runner

	// first is what prod serves at first, and second what dev does.
	first, second *release.Release
}

func newStory(t *testing.T, ran *record) *story {
	t.Helper()
	archive, err := os.ReadFile("../../examples/flowers/model.tar.gz")
	require.NoError(t, err)
	s := &story{first: flowers(t, archive, "warning"), second: flowers(t, archive, "error")}
	s.runner = newRunner(t, ran, serving(s.second.ID, s.first.ID))
	s.build()
	s.customers("flowers-prod", s.useAWS())
	s.keep(archive)
	for _, r := range []*release.Release{s.first, s.second} {
		_, err := r.Write(filepath.Join(s.dir, "releases"), "flowers")
		require.NoError(t, err)
	}
	// The record of prod begins with what it serves.
	said, code := s.command(nil, "bin/sagehost", "release", "use", "flowers", s.first.ID, "--stack", "prod")
	require.Zero(t, code, said)
	s.commit("Stacks and releases")
	s.git("push", "--quiet", "origin", "main")
	return s
}

// onAWS plays the jobs in the order in which they happen. Each takes up where the one before has stopped.
func onAWS(t *testing.T, ran *record) {
	t.Helper()
	s := newStory(t, ran)
	steps := []struct {
		name string
		play func(*story)
	}{
		{"both are deployed and measured, and nothing differs on a second look", (*story).begin},
		{"evidence becomes a pull request", (*story).evidence},
		{"a release that has passed its gates becomes a pull request", (*story).promote},
		{"what is merged is deployed", (*story).deploy},
		{"the release before becomes a pull request", (*story).rollback},
		{"one comment per stack tells of changes, and of a preview that failed", (*story).comments},
		{"one issue tells of drift for as long as there is some", (*story).drift},
	}
	for _, step := range steps {
		if !t.Run(step.name, func(t *testing.T) { step.play(s.in(t)) }) {
			return
		}
	}
	t.Run("each role has the rights that its commands need", func(t *testing.T) {
		for name, actions := range map[string][]string{
			"dev": {
				"cloudwatch:DescribeAlarmHistory", "cloudwatch:GetMetricStatistics", "s3:PutObject",
				"sagemaker:InvokeEndpoint", "ssm:GetParameter", "states:DescribeExecution", "states:StartExecution",
			},
			"prod":    {"cloudwatch:GetMetricStatistics", "sagemaker:InvokeEndpoint"},
			"promote": {"s3:GetObject", "sagemaker:DescribeEndpoint"},
			"deployers": {
				"iam:CreateRole", "s3:CreateBucket", "sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint",
				"states:CreateStateMachine",
			},
			"dev-read":  {"iam:GetRole", "s3:GetEncryptionConfiguration", "sagemaker:DescribeEndpoint"},
			"prod-read": {"s3:GetObject"}, // by a rollback; a preview compares with the state, and asks AWS nothing
		} {
			assert.Subset(t, s.roles[name].requireAllowed(t), actions, name)
		}
	})
}

// in is the same story in a subtest.
func (s *story) in(t *testing.T) *story {
	t.Helper()
	same := *s
	same.runner = s.runner.in(t)
	return &same
}

func (s *story) begin() {
	for stack, workflow := range map[string]string{"dev": "workflows/deploy-test.yml", "prod": "workflows/promote.yml"} {
		s.t.Run(stack, func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, s.in(t).job(workflow, "deploy"), "Stack "+stack+": no changes, ")
		})
	}
}

// checkout makes the folder what a job begins with: the branch main, and nothing else.
func (s *story) checkout() {
	s.t.Helper()
	s.git("checkout", "--quiet", "--force", "main")
	s.git("clean", "--quiet", "--force", "-d")
	for branch := range strings.FieldsSeq(s.git("for-each-ref", "--format=%(refname:short)", "refs/heads")) {
		if branch != "main" {
			s.git("branch", "--quiet", "--delete", "--force", branch)
		}
	}
}

// merge merges a branch that was proposed.
func (s *story) merge(branch string) {
	s.t.Helper()
	s.checkout()
	s.git("fetch", "--quiet", "origin", branch)
	s.git("merge", "--quiet", "--ff-only", "FETCH_HEAD")
	s.git("push", "--quiet", "origin", "main")
}

// proposed is the pull request that was opened last; it changes these files.
func (s *story) proposed(number int, files ...string) fakegithub.Issue {
	s.t.Helper()
	require.Len(s.t, s.github.Issues, number)
	proposed := s.github.Issues[number-1]
	assert.Equal(s.t, "main", proposed.Base)
	changed := s.git("--git-dir", s.origin, "diff", "--name-only", "main", proposed.Head)
	assert.Equal(s.t, files, strings.Fields(changed))
	return proposed
}

func (s *story) evidence() {
	// The job that deploys prod has measured in the same folder; its own job for evidence is not played yet.
	s.git("checkout", "--quiet", "--", release.Path("releases", "flowers", s.first.ID))
	s.job("workflows/deploy-test.yml", "evidence")
	manifest := release.Path("releases", "flowers", s.second.ID)
	proposed := s.proposed(1, manifest)
	assert.Equal(s.t, "evidence/dev", proposed.Head)
	assert.Equal(s.t, "Add what was measured in dev", proposed.Title)
	assert.Contains(s.t, proposed.Body, "What smoke, evaluation and bake have measured of the releases in `dev`, at ")
	s.merge(proposed.Head)
	assert.NotContains(s.t, s.read(manifest), "local: true")
	assert.Equal(s.t, 4, strings.Count(s.read(manifest), "stack: dev"))
	assert.Equal(s.t, 4, strings.Count(s.read(manifest), "result: pass"))

	assert.Equal(s.t, "Nothing new was measured.\nNothing to propose.\n", s.job("workflows/deploy-test.yml", "evidence"))
	assert.Len(s.t, s.github.Issues, 1)
}

func (s *story) promote() {
	s.checkout()
	s.job("workflows/promote.yml", "propose")
	short := release.Short(s.second.ID)
	proposed := s.proposed(2, "Pulumi.prod.yaml", "releases/flowers/promotions/prod.yaml")
	assert.Equal(s.t, "promote/flowers-"+short+"-prod", proposed.Head)
	assert.Equal(s.t, "Promote release "+short+" of flowers from dev to prod", proposed.Title)
	assert.Contains(s.t, proposed.Body, "-      release: "+s.first.ID+"\n+      release: "+s.second.ID+"\n")
	for _, gate := range []string{"converged", "smoke", "evaluation", "bake"} {
		assert.Contains(s.t, proposed.Body, "| "+gate+" | pass | ")
	}
	assert.Equal(s.t, "github-actions[bot]", s.git("--git-dir", s.origin, "log", "-1", "--format=%an", proposed.Head))
	s.merge(proposed.Head)

	assert.Contains(s.t, s.job("workflows/promote.yml", "propose"), "Nothing to propose.")
	assert.Len(s.t, s.github.Issues, 2)
}

func (s *story) deploy() {
	s.job("workflows/promote.yml", "deploy")
	s.job("workflows/promote.yml", "evidence")
	manifest := release.Path("releases", "flowers", s.second.ID)
	proposed := s.proposed(3, manifest)
	assert.Equal(s.t, "Add what was measured in prod", proposed.Title)
	s.merge(proposed.Head)
	assert.Equal(s.t, 3, strings.Count(s.read(manifest), "stack: prod"))

	told, code := s.script("workflows/promote.yml", "deploy", "say-rollback")
	require.Zero(s.t, code, told)
	told, code = s.command(nil, "bin/sagehost", "history", "flowers", "--aws")
	require.Zero(s.t, code, told)
	assert.Contains(s.t, told, "endpoint flowers-prod (InService) serves release "+release.Short(s.second.ID)+"\n")
}

func (s *story) rollback() {
	s.checkout()
	s.job("workflows/rollback.yml", "propose")
	proposed := s.proposed(4, "Pulumi.prod.yaml", "releases/flowers/promotions/prod.yaml")
	assert.Equal(s.t, "rollback/flowers-"+release.Short(s.first.ID)+"-prod", proposed.Head)
	assert.Equal(s.t, "Roll flowers in prod back to release "+release.Short(s.first.ID), proposed.Title)
	assert.Contains(s.t, proposed.Body, "-      release: "+s.second.ID+"\n+      release: "+s.first.ID+"\n")
	assert.NotContains(s.t, proposed.Body, "not known")
}
