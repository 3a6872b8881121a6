package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awsx "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// vpcOutputs are what the other parts need to know of the VPC.
type vpcOutputs struct {
	id pulumi.StringOutput
	// subnetIDs are those for models, one in each availability zone.
	subnetIDs pulumi.StringArrayOutput
	// routeTableIDs are those of all subnets.
	routeTableIDs pulumi.StringArrayOutput
}

// layouts are the subnets of an availability zone, which share its addresses evenly. NAT gateways stand in a public one.
var layouts = map[string]struct {
	strategy awsx.NatGatewayStrategy
	subnets  []awsx.SubnetType
}{
	NATNone:     {awsx.NatGatewayStrategyNone, []awsx.SubnetType{awsx.SubnetTypeIsolated}},
	NATSingle:   {awsx.NatGatewayStrategySingle, []awsx.SubnetType{awsx.SubnetTypePrivate, awsx.SubnetTypePublic}},
	NATOnePerAZ: {awsx.NatGatewayStrategyOnePerAz, []awsx.SubnetType{awsx.SubnetTypePrivate, awsx.SubnetTypePublic}},
}

// newVPC creates the VPC with its subnets, and closes the security group that every VPC comes with (EC2.2 of AWS's
// Foundational Security Best Practices): whatever names no group of its own would be in it.
func newVPC(ctx *pulumi.Context, name string, args *Args, parent pulumi.ResourceOption) (vpcOutputs, error) {
	layout := layouts[args.nat()]
	subnets := make([]awsx.SubnetSpecArgs, len(layout.subnets))
	for i, kind := range layout.subnets {
		subnets[i] = awsx.SubnetSpecArgs{Type: kind}
	}
	created, err := awsx.NewVpc(ctx, name, &awsx.VpcArgs{
		CidrBlock:                 new(args.cidrBlock()),
		NumberOfAvailabilityZones: new(args.zones()),
		SubnetStrategy:            new(awsx.SubnetAllocationStrategyAuto),
		SubnetSpecs:               subnets,
		NatGateways:               &awsx.NatGatewayConfigurationArgs{Strategy: layout.strategy},
		EnableDnsSupport:          pulumi.Bool(true),
		EnableDnsHostnames:        pulumi.Bool(true), // private DNS names of endpoints need both
		Tags:                      args.Tags,
	}, parent)
	if err != nil {
		return vpcOutputs{}, fmt.Errorf("VPC: %w", err)
	}
	if _, err := ec2.NewDefaultSecurityGroup(ctx, name, &ec2.DefaultSecurityGroupArgs{
		VpcId: created.VpcId,
		Tags:  args.Tags,
	}, parent); err != nil {
		return vpcOutputs{}, fmt.Errorf("default security group: %w", err)
	}
	v := vpcOutputs{id: created.VpcId, subnetIDs: created.IsolatedSubnetIds, routeTableIDs: idsOf(created.RouteTables)}
	if args.nat() != NATNone {
		v.subnetIDs = created.PrivateSubnetIds
	}
	return v, nil
}

func idsOf(tables ec2.RouteTableArrayOutput) pulumi.StringArrayOutput {
	return tables.ApplyT(func(tables []*ec2.RouteTable) pulumi.StringArrayOutput {
		ids := make(pulumi.StringArray, len(tables))
		for i, table := range tables {
			ids[i] = table.ID().ToStringOutput()
		}
		return ids.ToStringArrayOutput()
	}).(pulumi.StringArrayOutput)
}
