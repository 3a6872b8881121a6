// Package network declares the private network in which models run. It alone uses the packages for EC2 of the provider
// and of awsx, which take gigabytes to compile.
package network

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/logs"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the network.
const Type = "sagehost:network:Network"

// Args configures a Network.
type Args struct {
	Spec

	// BatchJobs lets models talk to each other, which SageMaker demands of the security group of batch transform jobs
	// (developer guide, batch-vpc). It concerns networks that are created. Default: false.
	BatchJobs bool

	// Buckets are the names of the buckets in Amazon S3 that models reach; of others they reach the layers of their images
	// alone. Default: none.
	Buckets []pulumi.StringInput

	// PublishedPackages says that there are models of packages whose publisher alone knows where their archives are, as
	// those of AWS Marketplace. Objects of any bucket can be read then. Default: false.
	PublishedPackages bool

	// Logs says how long connections are recorded where Spec.FlowLogs does not. Default: all defaults.
	Logs logs.Spec

	// LogsKMSKeyARN is the key that encrypts the record of connections. Its policy must let CloudWatch Logs use it.
	// Default: a key that is made for it.
	LogsKMSKeyARN pulumi.StringInput

	// PermissionsBoundary is the ARN of the managed policy that limits what the role that writes the record of connections
	// may do, whatever its policies say. Default: none.
	PermissionsBoundary string

	// RolePath is the path in IAM of the role that writes the record of connections, such as "/vision/": changing it
	// replaces the role. Default: "/".
	RolePath string

	// Tags are added to everything that is created, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Network is where models run.
type Network struct {
	pulumi.ResourceState

	// VPCID is the VPC.
	VPCID pulumi.StringOutput `pulumi:"vpcId"`
	// SubnetIDs are the subnets for models. They are known once everything is there that a model in them reaches.
	SubnetIDs pulumi.StringArrayOutput `pulumi:"subnetIds"`
	// SecurityGroupIDs are the security groups for models, known when SubnetIDs are.
	SecurityGroupIDs pulumi.StringArrayOutput `pulumi:"securityGroupIds"`
}

// New creates a VPC whose subnets lead nowhere but to Amazon S3 and to the AWS services of Spec.Endpoints, and, with
// NAT gateways, over HTTPS to the internet. Of a network that is there already it creates nothing, and fails where
// SageMaker would: when the subnets are not of one VPC and of two availability zones.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Network, error) {
	at := check.New("")
	args.Check(at)
	args.Logs.Check(at.Key("logs"))
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("network %q: %w", name, err)
	}
	n := &Network{}
	props := pulumi.Map{"cidrBlock": pulumi.String(args.cidrBlock())}
	if args.Adopted() {
		props = pulumi.Map{"subnetIds": pulumi.ToStringArray(args.SubnetIDs)}
	}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, n, opts...); err != nil {
		return nil, fmt.Errorf("network %q: %w", name, err)
	}
	fill := n.create
	if args.Adopted() {
		fill = n.adopt
	}
	if err := fill(ctx, name, args); err != nil {
		return nil, fmt.Errorf("network %q: %w", name, err)
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{
		"vpcId": n.VPCID, "subnetIds": n.SubnetIDs, "securityGroupIds": n.SecurityGroupIDs,
	})
}

func (n *Network) create(ctx *pulumi.Context, name string, args *Args) error {
	vpc, err := newVPC(ctx, name, args, pulumi.Parent(n))
	if err != nil {
		return err
	}
	here := account.Of(ctx, n)
	groups, err := newSecurityGroups(ctx, name, args, vpc, pulumi.Parent(n))
	if err != nil {
		return err
	}
	endpoints, err := newEndpoints(ctx, name, args, vpc, groups, here, pulumi.Parent(n))
	if err != nil {
		return err
	}
	rules, err := newRules(ctx, name, args, groups, endpoints.s3PrefixList, pulumi.Parent(n))
	if err != nil {
		return err
	}
	if args.FlowLogs != nil {
		if err := newFlowLogs(ctx, name, args, vpc.id, here, pulumi.Parent(n)); err != nil {
			return fmt.Errorf("flow logs: %w", err)
		}
	}
	models := pulumi.StringArray{groups.models.ID().ToStringOutput()}.ToStringArrayOutput()
	reachable := slices.Concat(endpoints.ids, rules)
	n.VPCID, n.SubnetIDs, n.SecurityGroupIDs = vpc.id, after(vpc.subnetIDs, reachable), after(models, reachable)
	return nil
}

// after is a list that is known once everything with these IDs exists.
func after(list pulumi.StringArrayOutput, ids []pulumi.IDOutput) pulumi.StringArrayOutput {
	all := []any{list}
	for _, id := range ids {
		all = append(all, id)
	}
	return pulumi.All(all...).ApplyT(func(all []any) []string { return all[0].([]string) }).(pulumi.StringArrayOutput)
}
