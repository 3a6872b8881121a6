package awsxprovider

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/engine/awsprovider"
)

// vpcType is the component's type.
const vpcType = "awsx:ec2:Vpc"

// anywhere is the route of everything that no other route is for.
const anywhere = "0.0.0.0/0"

// vpc is a component with its children, by what the SDK of awsx calls the outputs that hold them.
type vpc struct {
	pulumi.ResourceState
	ctx  *pulumi.Context
	name string
	args *vpcArgs

	vpc, internetGateway *child
	resources            map[string][]pulumi.ResourceInput
	subnetIDs            map[subnetType]pulumi.StringArray
}

// child is a resource of the package aws.
type child struct {
	pulumi.CustomResourceState
	// AllocationID is that of an elastic IP address.
	AllocationID pulumi.StringOutput `pulumi:"allocationId"`
}

// newVPC registers the component and its children: the VPC itself and an internet gateway, and per subnet the subnet,
// its route table and their association, and where it reaches the internet, routes, NAT gateways and their addresses.
func newVPC(ctx *pulumi.Context, name string, args *vpcArgs, options pulumi.ResourceOption) (*vpc, error) {
	v := &vpc{
		ctx: ctx, name: name, args: args,
		resources: map[string][]pulumi.ResourceInput{}, subnetIDs: map[subnetType]pulumi.StringArray{},
	}
	if err := ctx.RegisterComponentResource(vpcType, name, v, options); err != nil {
		return nil, err
	}
	zones, err := v.zones()
	if err != nil {
		return nil, err
	}
	subnets, err := layout(name, args, zones)
	if err != nil {
		return nil, err
	}
	if v.vpc, err = v.register("vpc", "", name, pulumi.Map{
		"cidrBlock":        pulumi.String(args.CIDRBlock),
		"enableDnsSupport": args.EnableDNSSupport, "enableDnsHostnames": args.EnableDNSHostnames,
		"tags": v.tags(pulumi.StringMap{"Name": pulumi.String(name)}),
	}, v); err != nil {
		return nil, err
	}
	if v.internetGateway, err = v.register("internetGateway", "", name, pulumi.Map{
		"vpcId": v.vpc.ID(), "tags": v.tags(pulumi.StringMap{"Name": pulumi.String(name)}),
	}, v.vpc); err != nil {
		return nil, err
	}
	var gateways []*child
	for _, s := range subnets {
		if gateways, err = v.add(s, gateways); err != nil {
			return nil, fmt.Errorf("subnet %s: %w", s.name, err)
		}
	}
	return v, nil
}

// zones are the names of the region's first availability zones.
func (v *vpc) zones() ([]string, error) {
	var found struct {
		Names []string `pulumi:"names"`
	}
	const lookup = "aws:index/getAvailabilityZones:getAvailabilityZones"
	parent, version := pulumi.Parent(v), pulumi.Version(awsprovider.Version)
	if err := v.ctx.Invoke(lookup, &struct{}{}, &found, parent, version); err != nil {
		return nil, fmt.Errorf("availability zones: %w", err)
	}
	if n := v.args.AvailabilityZones; len(found.Names) < n {
		return nil, fmt.Errorf("the region has %d availability zones, not %d", len(found.Names), n)
	}
	return found.Names[:v.args.AvailabilityZones], nil
}

// add registers a subnet with its routes. It returns the NAT gateways that there are then.
func (v *vpc) add(s subnet, gateways []*child) ([]*child, error) {
	tags := pulumi.StringMap{"Name": pulumi.String(s.name), "SubnetType": pulumi.String(string(s.typ))}
	created, err := v.register("subnet", "subnets", s.name, pulumi.Map{
		"vpcId": v.vpc.ID(), "availabilityZone": pulumi.String(s.zone), "cidrBlock": pulumi.String(s.block.String()),
		"mapPublicIpOnLaunch": pulumi.Bool(s.typ == public), "tags": v.tags(tags),
	}, v.vpc)
	if err != nil {
		return nil, err
	}
	v.subnetIDs[s.typ] = append(v.subnetIDs[s.typ], created.ID().ToStringOutput())
	table, err := v.register("routeTable", "routeTables", s.name, pulumi.Map{
		"vpcId": v.vpc.ID(), "tags": v.tags(tags),
	}, created)
	if err != nil {
		return nil, err
	}
	if _, err := v.register("routeTableAssociation", "routeTableAssociations", s.name, pulumi.Map{
		"routeTableId": table.ID(), "subnetId": created.ID(),
	}, table); err != nil {
		return nil, err
	}
	route := pulumi.Map{"routeTableId": table.ID(), "destinationCidrBlock": pulumi.String(anywhere)}
	switch {
	case s.typ == public:
		if v.wantsGateway(len(gateways)) {
			gateway, err := v.addGateway(s, created)
			if err != nil {
				return nil, err
			}
			gateways = append(gateways, gateway)
		}
		route["gatewayId"] = v.internetGateway.ID()
	case s.typ == private && len(gateways) > 0:
		route["natGatewayId"] = gateways[len(gateways)-1].ID()
	default:
		return gateways, nil
	}
	_, err = v.register("route", "routes", s.name, route, table)
	return gateways, err
}

// wantsGateway reports whether the next public subnet gets a NAT gateway, when there are so many.
func (v *vpc) wantsGateway(there int) bool {
	strategy := v.args.NATGateways.Strategy
	return strategy == natOnePerAZ || strategy == natSingle && there == 0
}

func (v *vpc) addGateway(s subnet, parent *child) (*child, error) {
	name := fmt.Sprintf("%s-%d", v.name, s.number)
	tags := pulumi.StringMap{"Name": pulumi.String(name)}
	address, err := v.register("eip", "eips", name, pulumi.Map{"tags": v.tags(tags)}, parent)
	if err != nil {
		return nil, err
	}
	return v.register("natGateway", "natGateways", name, pulumi.Map{
		"subnetId": parent.ID(), "allocationId": address.AllocationID, "tags": v.tags(tags),
	}, parent)
}
