// Package bootstrap declares what must be in an account before workflows can deploy to it: where states are kept, the
// store of releases, and roles for the jobs of GitHub Actions.
package bootstrap

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/githubaccess"
	"sagehost/components/releasestore"
	"sagehost/components/statebackend"
)

// The project whose stacks are deployed, with which names of what belongs to them begin.
const project = "sagehost"

// Run declares the account that is being set up. Nothing is registered unless all settings are valid.
func Run(ctx *pulumi.Context) error {
	s, err := load(ctx)
	if err != nil {
		return err
	}
	tags := pulumi.StringMap{"sagehost:bootstrap": pulumi.String(ctx.Stack())}
	state, err := statebackend.New(ctx, project+"-state", &statebackend.Args{Spec: s.State, Tags: tags})
	if err != nil {
		return err
	}
	ctx.Export("backendUrl", state.BackendURL)
	ctx.Export("secretsProvider", state.SecretsProvider)
	var store *releasestore.ReleaseStore
	if s.Releases != nil {
		args := &releasestore.Args{Spec: *s.Releases, Tags: tags}
		if store, err = releasestore.New(ctx, project+"-releases", args); err != nil {
			return err
		}
		ctx.Export("releases", pulumi.Map{"bucket": store.Bucket, "keyArn": store.KeyARN})
	}
	access, err := githubaccess.New(ctx, project, &githubaccess.Args{
		Spec: s.GitHub, Roles: newRoles(ctx, s, state, store), Tags: tags,
	})
	if err != nil {
		return err
	}
	ctx.Export("roleArns", access.RoleARNs)
	return nil
}

// newRoles are one role for each environment, and one for pull requests.
func newRoles(
	ctx *pulumi.Context, s *Settings, state *statebackend.StateBackend, store *releasestore.ReleaseStore,
) []githubaccess.Role {
	p := policies{ctx: ctx, state: state, releases: s.archives(store)}
	var roles []githubaccess.Role
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		environment := s.Environments[name]
		roles = append(roles, githubaccess.Role{
			Name: project + "-" + name, Environments: []string{name},
			Policies: p.of(environment.Stack, environment.Access),
		})
	}
	if s.PullRequests != nil {
		roles = append(roles, githubaccess.Role{
			Name: project + "-pull-requests", PullRequests: true, Policies: p.of(s.PullRequests.Stack, Read),
		})
	}
	return roles
}
