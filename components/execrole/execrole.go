// Package execrole generates the role that SageMaker assumes to run one model, with the least it needs.
package execrole

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the role.
const Type = "sagehost:execrole:Role"

// Role is an execution role with its policy attached.
type Role struct {
	pulumi.ResourceState

	// ARN becomes known only once the policy is attached, because SageMaker checks the role's access to the archive
	// and the image when it creates a model.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// New creates a role that only SageMaker, acting for this account, can assume. It may do what its arguments name, and
// write metrics of endpoints; nothing else.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Role, error) {
	images, err := args.images()
	if err != nil {
		return nil, fmt.Errorf("execution role %q: %w", name, err)
	}
	r := &Role{}
	uris := make(pulumi.StringArray, len(args.Containers))
	for i := range args.Containers {
		uris[i] = pulumi.String(args.Containers[i].Image)
	}
	if err := ctx.RegisterComponentResourceV2(Type, name, pulumi.Map{"images": uris}, r, opts...); err != nil {
		return nil, fmt.Errorf("execution role %q: %w", name, err)
	}
	here := account.Of(ctx, r)

	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Runs the SageMaker model " + name),
		AssumeRolePolicy: trust(here),
		Path:             iampolicy.Optional(args.Path),

		PermissionsBoundary: iampolicy.Optional(args.PermissionsBoundary),
		Tags:                args.Tags,
	}, pulumi.Parent(r))
	if err != nil {
		return nil, fmt.Errorf("execution role %q: %w", name, err)
	}
	policy, err := iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Role:   role.Name,
		Policy: iampolicy.Document(permissions(args, images, here)...),
	}, pulumi.Parent(r))
	if err != nil {
		return nil, fmt.Errorf("execution role %q: policy: %w", name, err)
	}

	r.ARN = pulumi.All(role.Arn, policy.ID()).ApplyT(func(both []any) string {
		return both[0].(string)
	}).(pulumi.StringOutput)
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{"arn": r.ARN})
}

// trust lets SageMaker assume the role on behalf of this account only (the confused deputy problem).
func trust(here account.Account) pulumi.StringOutput {
	return iampolicy.Document(iampolicy.Statement{
		Actions:   []string{"sts:AssumeRole"},
		Principal: pulumi.StringMap{"Service": pulumi.String("sagemaker.amazonaws.com")},
		Conditions: map[string]pulumi.StringMap{
			"StringEquals": {"aws:SourceAccount": here.ID},
			"ArnLike":      {"aws:SourceArn": here.ARN("sagemaker", "*")},
		},
	})
}
