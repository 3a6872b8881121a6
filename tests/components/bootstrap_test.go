package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/githubaccess"
	"sagehost/components/releasestore"
	"sagehost/components/statebackend"
	"sagehost/tests/harness"
)

func stateBackend(args *statebackend.Args) pulumi.RunFunc {
	args.Tags = pulumi.StringMap{"team": pulumi.String("vision")}
	return func(ctx *pulumi.Context) error {
		_, err := statebackend.New(ctx, "state", args)
		return err
	}
}

func TestOverwrittenStatesCanBeBroughtBackForAYearOrAsTheSettingsSay(t *testing.T) {
	t.Parallel()
	week := 7
	for want, days := range map[float64]*int{365: nil, 7: &week} {
		graph := harness.Run(t, stateBackend(&statebackend.Args{Spec: statebackend.Spec{VersionRetentionDays: days}}))
		rules := graph.One(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2").Inputs["rules"].([]any)
		assert.Len(t, rules, 2, "states themselves never expire")
		expiry := rules[1].(map[string]any)["noncurrentVersionExpiration"].(map[string]any)
		assert.Equal(t, want, expiry["noncurrentDays"])
	}
}

func TestStatesAreEncryptedUnderTheirKeyAndProtectedOnDemand(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, stateBackend(&statebackend.Args{Spec: statebackend.Spec{Protect: true}}))
	assert.ElementsMatch(t, []string{"aws:kms/key:Key", "aws:s3/bucketV2:BucketV2"}, protected(graph))
	encryption := graph.One(t,
		"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2")
	assert.Equal(t, []any{map[string]any{
		"bucketKeyEnabled": true,
		"applyServerSideEncryptionByDefault": map[string]any{
			"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws-cn:test:cn-north-1:123456789012:state-key",
		},
	}}, encryption.Inputs["rules"])
	assert.Equal(t, "alias/state", graph.One(t, aliasType).Inputs["name"])
}

func TestAStateBackendThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for _, days := range []int{0, 3651} {
		spec := statebackend.Spec{VersionRetentionDays: &days, Protect: true, ForceDestroy: true}
		err := harness.Fail(t, stateBackend(&statebackend.Args{Spec: spec}))
		assert.ErrorContains(t, err, "forceDestroy: true contradicts protect; at most one of the two can be")
		assert.ErrorContains(t, err, "is not between 1 and 3650")
	}
}

func TestAReleaseStoreForNobodyElseHasNoDoorForOthers(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		_, err := releasestore.New(ctx, "releases", &releasestore.Args{
			Spec: releasestore.Spec{Protect: true}, Tags: pulumi.StringMap{"team": pulumi.String("vision")},
		})
		return err
	})
	assert.ElementsMatch(t, []string{"aws:kms/key:Key", "aws:s3/bucketV2:BucketV2"}, protected(graph))
	assert.NotContains(t, graph.One(t, "aws:s3/bucketPolicy:BucketPolicy").Inputs["policy"], `"Allow"`)
	assert.NotContains(t, graph.One(t, "aws:kms/key:Key").Inputs["policy"], "OthersRead")
}

func TestRolesThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	repository := githubaccess.Spec{Repository: "octo/models", OwnerID: 1, RepositoryID: 2}
	policy := githubaccess.Policy{Name: "a", Document: pulumi.String("{}")}
	eleven := make([]githubaccess.Policy, 11)
	for want, roles := range map[string][]githubaccess.Role{
		"roles: is required": nil,
		"roles[0]: can be assumed by nobody; give it environments or pullRequests\n" +
			"roles[0].policies: has 0 entries; 1 to 10 are allowed": {{Name: "a"}},
		"roles[0].policies: has 11 entries; 1 to 10 are allowed": {{Name: "a", PullRequests: true, Policies: eleven}},
		"roles[0].policies: has 10 entries; 1 to 9 are allowed": {
			{Name: "a", PullRequests: true, Guarded: true, Policies: eleven[:10]},
		},
		`roles[0].environments[0]: "a:b" is not the name of an environment; expected at most 100 letters, digits, dots, ` +
			"hyphens and underscores": {
			{Name: "a", Environments: []string{"a:b"}, Policies: []githubaccess.Policy{policy}},
		},
		`roles[1].name: "a" stands at roles[0] too`: {
			{Name: "a", PullRequests: true, Policies: []githubaccess.Policy{policy}},
			{Name: "a", PullRequests: true, Policies: []githubaccess.Policy{policy}},
		},
	} {
		err := harness.Fail(t, func(ctx *pulumi.Context) error {
			_, err := githubaccess.New(ctx, "sagehost", &githubaccess.Args{Spec: repository, Roles: roles})
			return err
		})
		assert.ErrorContains(t, err, want)
	}
}
