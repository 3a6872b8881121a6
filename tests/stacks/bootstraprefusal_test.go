package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/stacks/bootstrap"
	"sagehost/stacks/settings"
	"sagehost/tests/harness"
)

func TestBadSettingsSetUpNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replaced map[string]string
		want     string
	}{
		"nothing to deploy": {map[string]string{"environments": ""}, "bootstrap:environments: is required"},
		"what is nowhere": {
			map[string]string{"github": `{"repository": "models", "repositoryId": 2}`},
			"bootstrap:github.ownerId: 0 is not the number of anything on GitHub; 1 and above are\n" +
				`bootstrap:github.repository: "models" is not an owner and a repository, such as "octo/models"`,
		},
		"an unknown member": {
			map[string]string{"state": `{"retention": 1}`},
			"bootstrap:state.retention: is an unknown key; expected one of protect, forceDestroy, versionRetentionDays",
		},
		"several things": {
			map[string]string{
				"environments": `{"test": {"stack": 1, "acess": "read"}}`,
				"pullRequests": `{"stack": "Dev"}`, "releases": "[]",
			},
			"bootstrap:environments.test.access: \"\" is none of \"deploy\", \"read\" and \"release\"\n" +
				`bootstrap:environments.test.acess: is an unknown key; did you mean "access"?` + "\n" +
				"bootstrap:environments.test.stack: a number is not text; put it in quotes\n" +
				`bootstrap:pullRequests.stack: "Dev" is not the name of a stack; expected a lower-case letter, then at most ` +
				"19 letters, digits and hyphens\nbootstrap:releases: a list is not an object",
		},
		"an environment that would match others": {
			map[string]string{"environments": `{"*": {"stack": "Dev", "access": "all"}}`},
			`bootstrap:environments["*"]: "*" is not the name of an environment; expected at most 100 letters, digits, dots, ` +
				"hyphens and underscores\n" +
				`bootstrap:environments["*"].access: "all" is none of "deploy", "read" and "release"` + "\n" +
				`bootstrap:environments["*"].stack: "Dev" is not the name of a stack; expected a lower-case letter, then at ` +
				"most 19 letters, digits and hyphens",
		},
		"production for everybody": {
			map[string]string{"state": `{"protect": true}`},
			"bootstrap:pullRequests: contradicts state.protect: what is worth protecting is not shown to whoever may push " +
				"a branch; give an environment with reviewers read access",
		},
		"stacks with rights to each other": {
			map[string]string{"environments": `{
				"a": {"stack": "prod", "access": "deploy"}, "b": {"stack": "eu-prod", "access": "deploy"},
				"c": {"stack": "product", "access": "read"}
			}`, "pullRequests": `{"stack": "eu"}`},
			`bootstrap:environments.a.stack: "prod" begins or ends the name of the stack "eu-prod" in this account, so that ` +
				"its roles would have rights to that one, too; rename one of them\n" +
				`bootstrap:pullRequests.stack: "eu" begins or ends the name of the stack "eu-prod" in this account, so that ` +
				"its roles would have rights to that one, too; rename one of them",
		},
		"stacks with rights to this program's buckets": {
			map[string]string{
				"environments": `{"a": {"stack": "state", "access": "read"}}`, "pullRequests": `{"stack": "releases"}`,
			},
			`bootstrap:environments.a.stack: "state" names a bucket of this program, to which the stack's roles would have ` +
				"rights\n" + `bootstrap:pullRequests.stack: "releases" names a bucket of this program, to which the stack's ` +
				"roles would have rights",
		},
		"releases without a store": {
			map[string]string{"releases": "", "environments": `{"train": {"stack": "dev", "access": "release"}}`},
			`bootstrap:environments.train.access: "release" needs a store of releases in this account, bootstrap:releases`,
		},
		"no account": {
			map[string]string{"releases": `{"readers": ["1"], "protect": true, "forceDestroy": true}`},
			"bootstrap:releases.forceDestroy: true contradicts protect; at most one of the two can be\n" +
				`bootstrap:releases.readers[0]: "1" is not the id of an account, 12 digits`,
		},
		"no store": {
			map[string]string{"releasesFrom": `[{"bucket": "A", "keyArn": "alias/x"}]`},
			`bootstrap:releasesFrom[0].bucket: "A" is not the name of a bucket` + "\n" +
				`bootstrap:releasesFrom[0].keyArn: "alias/x" is not the ARN of a key`,
		},
	} {
		err := harness.Fail(t, bootstrap.Run, harness.Stack("a"), account(t, test.replaced))
		var problems *settings.Error
		if assert.ErrorAs(t, err, &problems, name) {
			assert.Equal(t, "Pulumi.a.yaml", problems.File, name)
			assert.EqualError(t, problems.Problems, test.want, name)
		}
	}
}
