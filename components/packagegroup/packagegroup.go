// Package packagegroup declares a group of the model registry, in which the versions of a model are registered, and
// shares it with other accounts.
package packagegroup

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the group.
const Type = "sagehost:packagegroup:Group"

// Args configures a Group.
type Args struct {
	Spec

	// Name is the group's name, under which packages are registered. At most 63 letters, digits and hyphens. Changing
	// it replaces the group, which SageMaker refuses while there are packages in it. Required.
	Name string

	// Tags are added to the group, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Group is a model package group.
type Group struct {
	pulumi.ResourceState

	// Name is the group's name.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the group's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// New creates a group. Accounts that consume it may read what is registered and make models of it, not register.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Group, error) {
	at := check.New("")
	args.Check(at)
	// The pattern of a group's name, EntityName, is the same.
	if here := at.Key("name"); here.Required(args.Name) {
		if problem := limits.StringProblem("EndpointName", args.Name); problem != "" {
			here.Addf("%s", problem)
		}
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("model package group %q: %w", name, err)
	}
	g := &Group{}
	props := pulumi.Map{"name": pulumi.String(args.Name)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, g, opts...); err != nil {
		return nil, fmt.Errorf("model package group %q: %w", name, err)
	}
	declared := &sagemaker.ModelPackageGroupArgs{ModelPackageGroupName: pulumi.String(args.Name), Tags: args.Tags}
	if args.Description != "" {
		declared.ModelPackageGroupDescription = pulumi.String(args.Description)
	}
	group, err := sagemaker.NewModelPackageGroup(ctx, name, declared, pulumi.Parent(g))
	if err != nil {
		return nil, fmt.Errorf("model package group %q: %w", name, err)
	}
	if len(args.ConsumerAccounts) > 0 {
		_, err := sagemaker.NewModelPackageGroupPolicy(ctx, name, &sagemaker.ModelPackageGroupPolicyArgs{
			ModelPackageGroupName: group.ModelPackageGroupName,
			ResourcePolicy:        iampolicy.Document(consume(args, account.Of(ctx, g))...),
		}, pulumi.Parent(g))
		if err != nil {
			return nil, fmt.Errorf("model package group %q: policy: %w", name, err)
		}
	}
	g.Name, g.ARN = group.ModelPackageGroupName, group.Arn
	return g, ctx.RegisterResourceOutputs(g, pulumi.Map{"name": g.Name, "arn": g.ARN})
}

// consume is what the SageMaker developer guide lists for accounts that deploy from a registry elsewhere, without the
// permission to approve packages.
func consume(args *Args, here account.Account) []iampolicy.Statement {
	accounts := make([]pulumi.StringInput, len(args.ConsumerAccounts))
	for i, id := range args.ConsumerAccounts {
		accounts[i] = pulumi.Sprintf("arn:%s:iam::%s:root", here.Partition, id)
	}
	return []iampolicy.Statement{
		{
			Sid: "FindGroup", Accounts: accounts, Actions: []string{"sagemaker:DescribeModelPackageGroup"},
			Resources: []pulumi.StringInput{here.ARN("sagemaker", "model-package-group/"+args.Name)},
		},
		{
			Sid: "DeployPackages", Accounts: accounts,
			Actions: []string{
				"sagemaker:CreateModel", "sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages",
			},
			Resources: []pulumi.StringInput{here.ARN("sagemaker", "model-package/"+args.Name+"/*")},
		},
	}
}
