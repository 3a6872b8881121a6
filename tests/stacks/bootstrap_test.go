package stacks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/stacks/bootstrap"
	"sagehost/tests/harness"
)

const (
	managedPolicy = "aws:iam/policy:Policy"
	stateKey      = "arn:aws-cn:test:cn-north-1:123456789012:sagehost-state-key"
)

// account is the example's configuration with keys replaced, in the region of the harness.
func account(t *testing.T, replaced map[string]string) harness.Option {
	t.Helper()
	file, err := stackfile.Load("../../bootstrap", "example")
	require.NoError(t, err)
	config, err := file.Config()
	require.NoError(t, err)
	config["aws:region"] = harness.Region
	for key, value := range replaced {
		config["bootstrap:"+key] = value
		if value == "" {
			delete(config, "bootstrap:"+key)
		}
	}
	return harness.Config(config)
}

func TestAnAccountIsSetUpAsTheExampleSays(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, harness.Stack("example"), account(t, nil))
	counts := graph.Counts()
	maps.DeleteFunc(counts, func(typ string, _ int) bool { return strings.HasPrefix(typ, "aws:s3/bucket") })
	assert.Equal(t, map[string]int{
		"sagehost:statebackend:StateBackend": 1, "sagehost:releasestore:ReleaseStore": 1, "sagehost:githubaccess:Access": 1,
		"aws:kms/key:Key": 2, "aws:kms/alias:Alias": 1,
		"aws:iam/openIdConnectProvider:OpenIdConnectProvider": 1, "aws:iam/role:Role": 3,
		"sagehost:access:PermissionsBoundary": 1,
		// Deploying takes five parts, state, releases, measuring and the guard; reading twice all but the last two.
		// The boundary is attached to nobody here.
		managedPolicy: 24, "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 23,
	}, counts)
	assert.Equal(t, map[string]any{
		"backendUrl":            "s3://sagehost-state-bucketv2?region=cn-north-1",
		"permissionsBoundaries": map[string]string{"dev": boundaryARN},
		"secretsProviders": map[string]string{
			"dev": "awskms://alias/sagehost-state?region=cn-north-1&context_stack=dev",
		},
		"releases": map[string]any{
			"bucket": "sagehost-releases-bucketv2",
			"keyArn": "arn:aws-cn:test:cn-north-1:123456789012:sagehost-releases-key",
		},
		"roleArns": map[string]string{
			"sagehost-test":          "arn:aws-cn:test:cn-north-1:123456789012:sagehost-test-role",
			"sagehost-test-read":     "arn:aws-cn:test:cn-north-1:123456789012:sagehost-test-read-role",
			"sagehost-pull-requests": "arn:aws-cn:test:cn-north-1:123456789012:sagehost-pull-requests-role",
		},
	}, graph.Exports)
	provider := graph.One(t, "aws:iam/openIdConnectProvider:OpenIdConnectProvider")
	assert.Equal(t, "https://token.actions.githubusercontent.com", provider.Inputs["url"])
	assert.Equal(t, []any{"sts.amazonaws.com"}, provider.Inputs["clientIdLists"])
	assert.NotContains(t, provider.Inputs, "thumbprintLists")
}

func TestARoleTrustsTheJobsOfItsEnvironmentAndNoOthers(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, nil))
	for name, claim := range map[string]string{
		"sagehost-test": "environment:test", "sagehost-test-read": "environment:test-read",
		"sagehost-pull-requests": "pull_request",
	} {
		statement := `{
			"Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity"],
			"Principal": {"Federated": "arn:aws-cn:test:cn-north-1:123456789012:sagehost-openidconnectprovider"},
			"Condition": {"StringEquals": {
				"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
				"token.actions.githubusercontent.com:sub": "%s:` + claim + `"
			}}
		}`
		assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+fmt.Sprintf(statement, "repo:octo/models")+","+
			fmt.Sprintf(statement, "repo:octo@1/models@2")+`]}`,
			graph.Named(t, "aws:iam/role:Role", name).Inputs["assumeRolePolicy"].(string), name)
	}
}

// document is a role's policy in a graph.
func document(t *testing.T, graph *harness.Graph, name string) string {
	t.Helper()
	text, ok := graph.Named(t, managedPolicy, name).Inputs["policy"].(string)
	require.True(t, ok)
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, []byte(text)))
	return compact.String()
}

func TestARoleReachesTheStateOfItsStackAlone(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, nil))
	state := func(objects, objectKeys, secrets string) string {
		const states = "arn:aws-cn:s3:::sagehost-state-bucketv2"
		return `{"Version": "2012-10-17", "Statement": [
			{"Sid": "FindStates", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["` + states + `"]},
			{"Sid": "UseState", "Effect": "Allow", "Action": [` + objects + `], "Resource": [
				"` + states + `/.pulumi/meta.yaml", "` + states + `/.pulumi/stacks/sagehost/dev.json*",
				"` + states + `/.pulumi/history/sagehost/dev/*", "` + states + `/.pulumi/backups/sagehost/dev/*",
				"` + states + `/.pulumi/locks/organization/sagehost/dev/*"
			]},
			{"Sid": "UseKeyForState", "Effect": "Allow", "Action": [` + objectKeys + `],
			 "Resource": ["` + stateKey + `"],
			 "Condition": {"StringLike": {"kms:ViaService": "s3.cn-north-1.amazonaws.com*"}}},
			{"Sid": "UseKeyForSecrets", "Effect": "Allow", "Action": [` + secrets + `],
			 "Resource": ["` + stateKey + `"],
			 "Condition": {"StringEquals": {"kms:EncryptionContext:stack": "dev"}}}
		]}`
	}
	assert.JSONEq(t, state(`"s3:GetObject", "s3:DeleteObject", "s3:PutObject"`,
		`"kms:Decrypt", "kms:GenerateDataKey"`, `"kms:Decrypt", "kms:Encrypt"`), document(t, graph, "sagehost-test-state"))
	for _, reader := range []string{"sagehost-test-read", "sagehost-pull-requests"} {
		assert.JSONEq(t, state(`"s3:GetObject"`, `"kms:Decrypt"`, `"kms:Decrypt"`), document(t, graph, reader+"-state"))
	}
}

func TestADeployerCannotChangeWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, nil))
	const here = "arn:aws-cn:iam::123456789012:"
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "KeepAccess", "Effect": "Deny", "Action": ["iam:*"], "Resource": [
			"arn:aws-cn:test:cn-north-1:123456789012:sagehost-openidconnectprovider",
			"`+here+`role/github-access/*", "`+here+`policy/github-access/*"
		]},
		{"Sid": "KeepKeys", "Effect": "Deny", "Action": [
			"kms:CreateGrant", "kms:DeleteAlias", "kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy",
			"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription"
		], "Resource": ["`+stateKey+`", "arn:aws-cn:test:cn-north-1:123456789012:sagehost-releases-key"]}
	]}`, document(t, graph, "sagehost-test-guard"))
	for _, typ := range []string{"aws:iam/role:Role", managedPolicy} {
		for _, resource := range graph.All(typ) {
			if resource.Name == "sagehost-boundary-dev" {
				continue
			}
			assert.Equal(t, "/github-access/", resource.Inputs["path"], resource.Name)
		}
	}
}

func TestWhoMakesReleasesPutsArchivesThatAreNotThereYet(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, map[string]string{
		"environments": `{"train": {"stack": "dev", "access": "release"}}`, "pullRequests": "",
	}))
	assert.Len(t, graph.All(managedPolicy), 4, "one of them is the boundary")
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "FindImages", "Effect": "Allow", "Action": ["ecr:DescribeImages"],
		 "Resource": ["arn:aws-cn:ecr:*:*:repository/*"]},
		{"Sid": "PutReleases", "Effect": "Allow", "Action": ["s3:PutObject"],
		 "Resource": ["arn:aws-cn:s3:::sagehost-releases-bucketv2/releases/*"],
		 "Condition": {"Null": {"s3:if-none-match": "false"}}},
		{"Sid": "EncryptReleases", "Effect": "Allow", "Action": ["kms:GenerateDataKey"],
		 "Resource": ["arn:aws-cn:test:cn-north-1:123456789012:sagehost-releases-key"]}
	]}`, document(t, graph, "sagehost-train-releasing"))
	assert.Contains(t, document(t, graph, "sagehost-train-releases"), `"kms:Decrypt"`)
	hosting := document(t, graph, "sagehost-train-hosting")
	for _, action := range []string{"DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel"} {
		assert.Contains(t, hosting, `"sagemaker:`+action+`"`)
	}
	assert.NotContains(t, hosting, "Create")
}

func TestReadersChangeNothingAndPoliciesFit(t *testing.T) {
	t.Parallel()
	long := `{"test": {"stack": "abcdefghij0123456789", "access": "deploy"}}`
	for _, environments := range []string{long, strings.Replace(long, "deploy", "read", 1)} {
		graph := harness.Run(t, bootstrap.Run,
			account(t, map[string]string{"environments": environments, "pullRequests": ""}))
		for _, policy := range graph.All(managedPolicy) {
			text := document(t, graph, policy.Name)
			// A partition, region and account may be longer than those of the harness.
			assert.Less(t, len(text), 6144-200, policy.Name)
			if environments == long || strings.Contains(policy.Name, "-boundary-") {
				continue
			}
			var parsed struct{ Statement []struct{ Action []string } }
			require.NoError(t, json.Unmarshal([]byte(text), &parsed))
			require.NotEmpty(t, parsed.Statement)
			for _, statement := range parsed.Statement {
				for _, action := range statement.Action {
					assert.Regexp(t, `^[a-z0-9-]+:(Describe|Get|List)[A-Za-z]+$|^kms:Decrypt$`, action)
				}
			}
		}
	}
}

func TestOtherAccountsReadReleasesAndNothingElse(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, nil))
	const others = `"Principal": {"AWS": ["arn:aws-cn:iam::210987654321:root"]}`
	for name, want := range map[string]int{"sagehost-state": 0, "sagehost-releases": 2} {
		text := graph.Named(t, "aws:s3/bucketPolicy:BucketPolicy", name).Inputs["policy"].(string)
		assert.Equal(t, want, strings.Count(text, "210987654321"), name)
		key := graph.Named(t, "aws:kms/key:Key", name).Inputs["policy"].(string)
		assert.Equal(t, want/2, strings.Count(key, "210987654321"), name)
	}
	var policy struct{ Statement []map[string]any }
	require.NoError(t, json.Unmarshal(
		[]byte(graph.Named(t, "aws:s3/bucketPolicy:BucketPolicy", "sagehost-releases").Inputs["policy"].(string)), &policy))
	require.Len(t, policy.Statement, 3)
	read, err := json.Marshal(policy.Statement[2])
	require.NoError(t, err)
	assert.JSONEq(t, `{"Sid": "OthersRead", "Effect": "Allow", "Action": ["s3:GetObject"], `+others+`,
		"Resource": ["arn:aws-cn:s3:::sagehost-releases-bucketv2/*"]}`, string(read))
}

func TestAnAccountMayHaveGitHubsProviderAndNoReleases(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, map[string]string{
		"github":       `{"repository": "octo/models", "ownerId": 1, "repositoryId": 2, "existingProvider": true}`,
		"releases":     "",
		"releasesFrom": `[{"bucket": "there", "keyArn": "arn:aws-cn:kms:cn-north-1:210987654321:key/1"}]`,
	}))
	assert.Empty(t, graph.All("aws:iam/openIdConnectProvider:OpenIdConnectProvider"))
	assert.Contains(t, graph.Named(t, "aws:iam/role:Role", "sagehost-test").Inputs["assumeRolePolicy"],
		"arn:aws-cn:iam::123456789012:oidc-provider/token.actions.githubusercontent.com")
	assert.Contains(t, document(t, graph, "sagehost-test-releases"), `"arn:aws-cn:s3:::there/*"`)
}
