package network

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// adopt looks at a network that is there, and holds it against what SageMaker wants.
func (n *Network) adopt(ctx *pulumi.Context, _ string, args *Args) error {
	parent := pulumi.Parent(n)
	var found []any
	for _, id := range args.SubnetIDs {
		subnet := ec2.LookupSubnetOutput(ctx, ec2.LookupSubnetOutputArgs{Id: pulumi.String(id)}, parent)
		found = append(found, subnet.ApplyT(func(s ec2.LookupSubnetResult) place {
			return place{what: "subnet " + id, vpc: s.VpcId, zone: s.AvailabilityZone}
		}))
	}
	for _, id := range args.SecurityGroupIDs {
		group := ec2.LookupSecurityGroupOutput(ctx, ec2.LookupSecurityGroupOutputArgs{Id: pulumi.String(id)}, parent)
		found = append(found, group.ApplyT(func(g ec2.LookupSecurityGroupResult) place {
			return place{what: "security group " + id, vpc: g.VpcId}
		}))
	}
	n.VPCID = pulumi.All(found...).ApplyT(func(all []any) (string, error) {
		places := make([]place, len(all))
		for i, found := range all {
			places[i] = found.(place)
		}
		return vpcOf(places)
	}).(pulumi.StringOutput)
	checked := func(ids []string) pulumi.StringArrayOutput {
		return n.VPCID.ApplyT(func(string) []string { return ids }).(pulumi.StringArrayOutput)
	}
	n.SubnetIDs, n.SecurityGroupIDs = checked(args.SubnetIDs), checked(args.SecurityGroupIDs)
	return nil
}

// place is where a subnet or a security group is. A security group is in no zone.
type place struct{ what, vpc, zone string }

// vpcOf is the VPC of all places. Their zones must be two at least.
func vpcOf(places []place) (string, error) {
	first := places[0]
	zones := map[string]bool{}
	for _, p := range places {
		if p.vpc != first.vpc {
			return "", fmt.Errorf("%s is in %s, but %s is in %s", first.what, first.vpc, p.what, p.vpc)
		}
		if p.zone != "" {
			zones[p.zone] = true
		}
	}
	if len(zones) < minSubnets {
		return "", errors.New("all subnets are in " + first.zone + "; SageMaker wants two availability zones at least")
	}
	return first.vpc, nil
}
