// Package bootstrap declares what must be in an account before workflows can deploy to it: where states are kept, the
// store of releases, and roles for the jobs of GitHub Actions.
package bootstrap

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/access"
	"sagehost/components/githubaccess"
	"sagehost/components/releasestore"
	"sagehost/components/statebackend"
)

// The project whose stacks are deployed, with which names of what belongs to them begin.
const project = "sagehost"

// What ends the names of the bucket for states and of that for releases.
const stateName, releasesName = "state", "releases"

// Run declares the account that is being set up. Nothing is registered unless all settings are valid.
func Run(ctx *pulumi.Context) error {
	s, err := load(ctx)
	if err != nil {
		return err
	}
	tags := pulumi.StringMap{"sagehost:bootstrap": pulumi.String(ctx.Stack())}
	state, err := statebackend.New(ctx, project+"-"+stateName, &statebackend.Args{Spec: s.State, Tags: tags})
	if err != nil {
		return err
	}
	ctx.Export("backendUrl", state.BackendURL)
	providers := pulumi.StringMap{}
	for _, stack := range s.stacks() {
		providers[stack] = state.SecretsProvider(stack)
	}
	ctx.Export("secretsProviders", providers)
	keys := []pulumi.StringInput{state.KeyARN}
	var store *releasestore.ReleaseStore
	if s.Releases != nil {
		args := &releasestore.Args{Spec: *s.Releases, Tags: tags}
		if store, err = releasestore.New(ctx, project+"-"+releasesName, args); err != nil {
			return err
		}
		keys = append(keys, store.KeyARN)
		ctx.Export("releases", pulumi.Map{"bucket": store.Bucket, "keyArn": store.KeyARN})
	}
	boundaries := pulumi.StringMap{}
	for _, stack := range s.stacks() {
		made, err := access.NewPermissionsBoundary(ctx, project+"-boundary-"+stack, &access.PermissionsBoundaryArgs{
			Project: project, Stack: stack, Buckets: s.Stacks[stack].Buckets, Tags: tags,
		})
		if err != nil {
			return err
		}
		boundaries[stack] = made.ARN
	}
	ctx.Export("permissionsBoundaries", boundaries)
	github, err := githubaccess.New(ctx, project, &githubaccess.Args{
		Spec: s.GitHub, Roles: newRoles(ctx, s, state, store), Keys: keys, Tags: tags,
	})
	if err != nil {
		return err
	}
	ctx.Export("roleArns", github.RoleARNs)
	return nil
}

// newRoles are one role for each environment, and one for pull requests.
func newRoles(
	ctx *pulumi.Context, s *Settings, state *statebackend.StateBackend, store *releasestore.ReleaseStore,
) []githubaccess.Role {
	p := policies{ctx: ctx, state: state, releases: s.archives(store)}
	if store != nil {
		p.own = archive{store.Bucket, store.KeyARN}
	}
	var roles []githubaccess.Role
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		environment := s.Environments[name]
		roles = append(roles, githubaccess.Role{
			Name: project + "-" + name, Environments: []string{name},
			Policies: p.of(environment.Stack, environment.Access), Guarded: environment.Access == Deploy,
		})
	}
	if s.PullRequests != nil {
		roles = append(roles, githubaccess.Role{
			Name: project + "-pull-requests", PullRequests: true, Policies: p.of(s.PullRequests.Stack, Read),
		})
	}
	return roles
}
