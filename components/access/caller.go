// Package access says who may do what: policies for those who call an endpoint, and the one for whoever deploys.
package access

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// CallerType is the component's resource type token. It is part of every child's URN: changing it replaces the policy.
const CallerType = "sagehost:access:Caller"

// Caller is a managed policy for calling one endpoint, and a role with it where somebody is to assume one.
type Caller struct {
	pulumi.ResourceState

	// PolicyARN is the managed policy's ARN.
	PolicyARN pulumi.StringOutput `pulumi:"policyArn"`
	// RoleARN is the role's ARN, known once the policy is attached; empty where nobody is trusted.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
}

// NewCaller creates the policy, and the role if anybody may assume one. Both are named by Pulumi.
func NewCaller(
	ctx *pulumi.Context, name string, args *CallerArgs, opts ...pulumi.ResourceOption,
) (*Caller, error) {
	at := check.New("")
	args.check(at)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("caller %q: %w", name, err)
	}
	c := &Caller{}
	props := pulumi.Map{"targetModels": pulumi.ToStringArray(args.TargetModels)}
	if err := ctx.RegisterComponentResourceV2(CallerType, name, props, c, opts...); err != nil {
		return nil, fmt.Errorf("caller %q: %w", name, err)
	}
	policy, err := iam.NewPolicy(ctx, name, &iam.PolicyArgs{
		Description: pulumi.String("Lets " + name + " call an endpoint"),
		Policy:      iampolicy.Document(args.permissions(account.Of(ctx, c))...),
		Path:        iampolicy.Optional(args.Path),
		Tags:        args.Tags,
	}, pulumi.Parent(c))
	if err != nil {
		return nil, fmt.Errorf("caller %q: policy: %w", name, err)
	}
	c.PolicyARN, c.RoleARN = policy.Arn, pulumi.String("").ToStringOutput()
	if len(args.TrustedRoles) > 0 {
		if err := c.newRole(ctx, name, args, policy); err != nil {
			return nil, fmt.Errorf("caller %q: role: %w", name, err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"policyArn": c.PolicyARN, "roleArn": c.RoleARN})
}

func (c *Caller) newRole(ctx *pulumi.Context, name string, args *CallerArgs, policy *iam.Policy) error {
	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Description: pulumi.String("Calls an endpoint as " + name),
		AssumeRolePolicy: iampolicy.Document(iampolicy.Statement{
			Actions: []string{"sts:AssumeRole"}, Accounts: pulumi.ToStringArray(args.TrustedRoles),
		}),
		Path:                iampolicy.Optional(args.Path),
		PermissionsBoundary: iampolicy.Optional(args.PermissionsBoundary),
		Tags:                args.Tags,
	}, pulumi.Parent(c))
	if err != nil {
		return err
	}
	attachment, err := iam.NewRolePolicyAttachment(ctx, name, &iam.RolePolicyAttachmentArgs{
		Role: role.Name, PolicyArn: policy.Arn,
	}, pulumi.Parent(c))
	if err != nil {
		return err
	}
	c.RoleARN = pulumi.All(role.Arn, attachment.ID()).ApplyT(func(both []any) string {
		return both[0].(string)
	}).(pulumi.StringOutput)
	return nil
}
