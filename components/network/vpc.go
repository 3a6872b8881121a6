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
	// routeTableIDs are those of the subnets for models.
	routeTableIDs pulumi.StringArrayOutput
}

// The VPC's range is divided as if there were four availability zones, and a zone's first half is the models': zones
// and NAT gateways that are added later find room, and move nothing.
const (
	zoneBits   = 2
	halfBits   = 1
	publicBits = 28 // the smallest subnet of Amazon VPC, in which nothing but a NAT gateway stands
)

var strategies = map[string]awsx.NatGatewayStrategy{
	NATNone: awsx.NatGatewayStrategyNone, NATSingle: awsx.NatGatewayStrategySingle,
	NATOnePerAZ: awsx.NatGatewayStrategyOnePerAz,
}

// subnets are those of one zone, given the length of the prefix of the zone's range.
func (s *Spec) subnets(zone int) []awsx.SubnetSpecArgs {
	models := awsx.SubnetSpecArgs{Name: new("models"), Type: awsx.SubnetTypeIsolated, CidrMask: new(zone + halfBits)}
	if s.nat() == NATNone {
		return []awsx.SubnetSpecArgs{models}
	}
	models.Type = awsx.SubnetTypePrivate
	return []awsx.SubnetSpecArgs{models, {Type: awsx.SubnetTypePublic, CidrMask: new(publicBits)}}
}

// newVPC creates the VPC with its subnets, and closes the security group that every VPC comes with (EC2.2 of AWS's
// Foundational Security Best Practices): whatever names no group of its own would be in it.
func newVPC(ctx *pulumi.Context, name string, args *Args, parent pulumi.ResourceOption) (vpcOutputs, error) {
	zone := args.prefixLength() + zoneBits
	created, err := awsx.NewVpc(ctx, name, &awsx.VpcArgs{
		CidrBlock:                 new(args.cidrBlock()),
		NumberOfAvailabilityZones: new(args.zones()),
		SubnetStrategy:            new(awsx.SubnetAllocationStrategyAuto),
		AvailabilityZoneCidrMask:  new(zone),
		SubnetSpecs:               args.subnets(zone),
		NatGateways:               &awsx.NatGatewayConfigurationArgs{Strategy: strategies[args.nat()]},
		EnableDnsSupport:          pulumi.Bool(true),
		EnableDnsHostnames:        pulumi.Bool(true), // private DNS names of endpoints need both
		Tags:                      args.Tags,
	}, parent)
	if err != nil {
		return vpcOutputs{}, fmt.Errorf("VPC: %w", err)
	}
	if _, err := ec2.NewDefaultSecurityGroup(ctx, name, &ec2.DefaultSecurityGroupArgs{
		VpcId: created.VpcId,
		Tags:  named(args.Tags, name+"-default"),
	}, parent); err != nil {
		return vpcOutputs{}, fmt.Errorf("default security group: %w", err)
	}
	v := vpcOutputs{id: created.VpcId, subnetIDs: created.IsolatedSubnetIds, routeTableIDs: ofModels(created.RouteTables)}
	if args.nat() != NATNone {
		v.subnetIDs = created.PrivateSubnetIds
	}
	return v, nil
}

// ofModels are the IDs of the models' route tables. Those of public subnets differ by the tag that awsx gives them.
func ofModels(tables ec2.RouteTableArrayOutput) pulumi.StringArrayOutput {
	return tables.ApplyT(func(tables []*ec2.RouteTable) pulumi.StringArrayOutput {
		all := make([]any, 0, 2*len(tables))
		for _, table := range tables {
			all = append(all, table.ID(), table.Tags)
		}
		return pulumi.All(all...).ApplyT(func(all []any) []string {
			var ids []string
			for i := 0; i < len(all); i += 2 {
				if all[i+1].(map[string]string)["SubnetType"] != string(awsx.SubnetTypePublic) {
					ids = append(ids, string(all[i].(pulumi.ID)))
				}
			}
			return ids
		}).(pulumi.StringArrayOutput)
	}).(pulumi.StringArrayOutput)
}
