// Package githubaccess lets jobs of GitHub Actions assume roles by the tokens that GitHub gives them, without any key.
package githubaccess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the roles.
const Type = "sagehost:githubaccess:Access"

// issuer is who signs the tokens, and audience who they are for: AWS's own action asks for this one.
const (
	issuer   = "token.actions.githubusercontent.com"
	audience = "sts.amazonaws.com"
)

// maxSession is the longest session of a role, in seconds: a deployment of endpoints with guardrails takes hours.
const maxSession = 4 * 60 * 60

// Access is a provider of identities, and roles that trust it.
type Access struct {
	pulumi.ResourceState

	// RoleARNs are the roles' ARNs by name, known once their policies are attached.
	RoleARNs pulumi.StringMapOutput `pulumi:"roleArns"`
}

// New creates the provider, and for each role its managed policies. Thumbprints of GitHub's certificates are not given:
// AWS trusts the authority that signs them.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Access, error) {
	at := check.New("")
	args.check(at)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("access of GitHub %q: %w", name, err)
	}
	a := &Access{}
	props := pulumi.Map{"repository": pulumi.String(args.Repository)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, a, opts...); err != nil {
		return nil, fmt.Errorf("access of GitHub %q: %w", name, err)
	}
	here := account.Of(ctx, a)
	provider, err := a.provider(ctx, name, args, here)
	if err != nil {
		return nil, fmt.Errorf("access of GitHub %q: provider: %w", name, err)
	}
	arns := pulumi.StringMap{}
	for i := range args.Roles {
		role := args.Roles[i]
		if role.Guarded {
			role.Policies = append(slices.Clip(role.Policies), guard(here, provider, args.Keys))
		}
		arn, err := a.newRole(ctx, &role, args, provider)
		if err != nil {
			return nil, fmt.Errorf("access of GitHub %q: role %q: %w", name, role.Name, err)
		}
		arns[role.Name] = arn
	}
	a.RoleARNs = arns.ToStringMapOutput()
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{"roleArns": a.RoleARNs})
}

// provider is the ARN of the identity provider.
func (a *Access) provider(
	ctx *pulumi.Context, name string, args *Args, here account.Account,
) (pulumi.StringOutput, error) {
	if args.ExistingProvider {
		return pulumi.Sprintf("arn:%s:iam::%s:oidc-provider/%s", here.Partition, here.ID, issuer), nil
	}
	provider, err := iam.NewOpenIdConnectProvider(ctx, name, &iam.OpenIdConnectProviderArgs{
		Url: pulumi.String("https://" + issuer), ClientIdLists: pulumi.ToStringArray([]string{audience}), Tags: args.Tags,
	}, pulumi.Parent(a))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return provider.Arn, nil
}

func (a *Access) newRole(
	ctx *pulumi.Context, role *Role, args *Args, provider pulumi.StringOutput,
) (pulumi.StringOutput, error) {
	none := pulumi.StringOutput{}
	created, err := iam.NewRole(ctx, role.Name, &iam.RoleArgs{
		Description:        pulumi.String("For jobs of " + args.Repository),
		Path:               pulumi.String(path),
		AssumeRolePolicy:   role.trust(&args.Spec, provider),
		MaxSessionDuration: pulumi.Int(maxSession),
		Tags:               args.Tags,
	}, pulumi.Parent(a))
	if err != nil {
		return none, err
	}
	known := []any{created.Arn}
	for _, policy := range role.Policies {
		name := role.Name + "-" + policy.Name
		managed, err := iam.NewPolicy(ctx, name, &iam.PolicyArgs{
			Description: pulumi.String("What " + role.Name + " may do: " + policy.Name),
			Path:        pulumi.String(path), Policy: policy.Document, Tags: args.Tags,
		}, pulumi.Parent(a))
		if err != nil {
			return none, fmt.Errorf("policy %q: %w", policy.Name, err)
		}
		attached, err := iam.NewRolePolicyAttachment(ctx, name, &iam.RolePolicyAttachmentArgs{
			Role: created.Name, PolicyArn: managed.Arn,
		}, pulumi.Parent(a))
		if err != nil {
			return none, fmt.Errorf("policy %q: %w", policy.Name, err)
		}
		known = append(known, attached.ID())
	}
	return pulumi.All(known...).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput), nil
}

// trust allows the tokens with one of the role's subjects, each spelt out: a pattern would let in what somebody names
// to fit it. Statements for one subject each say "or".
func (r *Role) trust(spec *Spec, provider pulumi.StringOutput) pulumi.StringOutput {
	var statements []iampolicy.Statement
	for _, subject := range r.subjects(spec) {
		statements = append(statements, iampolicy.Statement{
			Principal: pulumi.StringMap{"Federated": provider},
			Actions:   []string{"sts:AssumeRoleWithWebIdentity"},
			Conditions: map[string]pulumi.StringMap{"StringEquals": {
				issuer + ":aud": pulumi.String(audience),
				issuer + ":sub": pulumi.String(subject),
			}},
		})
	}
	return iampolicy.Document(statements...)
}

// subjects are what GitHub writes into the tokens of the role's jobs, in both forms that it has: with the numbers of
// owner and repository for repositories made since 15 July 2026, and without for older ones.
func (r *Role) subjects(spec *Spec) []string {
	var claims []string
	for _, environment := range r.Environments {
		claims = append(claims, "environment:"+environment)
	}
	if r.PullRequests {
		claims = append(claims, "pull_request")
	}
	owner, name, _ := strings.Cut(spec.Repository, "/")
	var subjects []string
	for _, claim := range claims {
		subjects = append(subjects,
			fmt.Sprintf("repo:%s/%s:%s", owner, name, claim),
			fmt.Sprintf("repo:%s@%d/%s@%d:%s", owner, spec.OwnerID, name, spec.RepositoryID, claim))
	}
	return subjects
}
