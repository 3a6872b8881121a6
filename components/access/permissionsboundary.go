package access

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
)

// PermissionsBoundaryType is the component's resource type token. It is part of every child's URN: changing it replaces
// the policy.
const PermissionsBoundaryType = "sagehost:access:PermissionsBoundary"

// PermissionsBoundaryArgs configures a PermissionsBoundary.
type PermissionsBoundaryArgs struct {
	// Project and Stack say whose roles it is for; see Scope. Required.
	Project, Stack string

	// Buckets are the names of further buckets of this account that the roles may read and write. Default: none.
	Buckets []string

	// Tags are added to the policy, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// PermissionsBoundary is a managed policy that limits what the roles of one stack may do.
type PermissionsBoundary struct {
	pulumi.ResourceState

	// ARN is the policy's ARN: BoundaryARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// NewPermissionsBoundary creates the policy. Its name is given, for the policies of deployers name it.
func NewPermissionsBoundary(
	ctx *pulumi.Context, name string, args *PermissionsBoundaryArgs, opts ...pulumi.ResourceOption,
) (*PermissionsBoundary, error) {
	b := &PermissionsBoundary{}
	props := pulumi.Map{"stack": pulumi.String(args.Stack), "buckets": pulumi.ToStringArray(args.Buckets)}
	if err := ctx.RegisterComponentResourceV2(PermissionsBoundaryType, name, props, b, opts...); err != nil {
		return nil, fmt.Errorf("permissions boundary %q: %w", name, err)
	}
	here := account.Of(ctx, b)
	document := pulumi.All(here.Partition, here.Region, here.ID).ApplyT(func(here []any) (string, error) {
		text, err := Boundary(args.Buckets...).Policy(Scope{
			Partition: here[0].(string), Region: here[1].(string), Account: here[2].(string),
			Project: args.Project, Stack: args.Stack,
		})
		return string(text), err
	}).(pulumi.StringOutput)
	policy, err := iam.NewPolicy(ctx, name, &iam.PolicyArgs{
		Name:        pulumi.String(BoundaryName(args.Project, args.Stack)),
		Path:        pulumi.String(BoundaryPath()),
		Description: pulumi.String("The most that the roles of the stack " + args.Stack + " may do"),
		Policy:      document,
		Tags:        args.Tags,
	}, pulumi.Parent(b))
	if err != nil {
		return nil, fmt.Errorf("permissions boundary %q: %w", name, err)
	}
	b.ARN = policy.Arn
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{"arn": b.ARN})
}
