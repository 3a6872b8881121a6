package awsxprovider

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
)

// vpcArgs are the inputs of an awsx:ec2:Vpc that are understood here.
type vpcArgs struct {
	CIDRBlock         string `pulumi:"cidrBlock"`
	AvailabilityZones int    `pulumi:"numberOfAvailabilityZones"`
	// ZoneMask is the length of the prefix of a zone's range; 0 divides the VPC's range evenly.
	ZoneMask           int                   `pulumi:"availabilityZoneCidrMask"`
	SubnetStrategy     string                `pulumi:"subnetStrategy"`
	SubnetSpecs        []subnetSpec          `pulumi:"subnetSpecs"`
	NATGateways        natGateways           `pulumi:"natGateways"`
	EnableDNSSupport   pulumi.BoolPtrInput   `pulumi:"enableDnsSupport"`
	EnableDNSHostnames pulumi.BoolPtrInput   `pulumi:"enableDnsHostnames"`
	Tags               pulumi.StringMapInput `pulumi:"tags"`
}

type subnetSpec struct {
	// Name is the part of the subnets' names that tells it from others; empty is the type.
	Name string     `pulumi:"name"`
	Type subnetType `pulumi:"type"`
	// Mask is the length of the subnet's prefix; 0 divides the zone's range evenly.
	Mask int `pulumi:"cidrMask"`
}

type natGateways struct {
	Strategy string `pulumi:"strategy"`
}

// The strategies for NAT gateways.
const (
	natNone     = "None"
	natSingle   = "Single"
	natOnePerAZ = "OnePerAz"
)

// The plugin's own defaults.
const (
	defaultCIDRBlock         = "10.0.0.0/16"
	defaultAvailabilityZones = 3
)

// known are the inputs that are understood. An input that was passed over would make the local AWS unlike AWS.
var known = []string{
	"availabilityZoneCidrMask", "cidrBlock", "enableDnsHostnames", "enableDnsSupport", "natGateways",
	"numberOfAvailabilityZones", "subnetSpecs",
	"subnetStrategy", "tags",
}

func readArgs(inputs provider.ConstructInputs) (*vpcArgs, error) {
	given, err := inputs.Map()
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("input %s is not known to the local AWS; it knows %s", name, strings.Join(known, ", "))
		}
	}
	args := &vpcArgs{
		CIDRBlock: defaultCIDRBlock, AvailabilityZones: defaultAvailabilityZones, NATGateways: natGateways{natOnePerAZ},
	}
	if err := inputs.CopyTo(args); err != nil {
		return nil, err
	}
	return args, args.check()
}

func (a *vpcArgs) check() error {
	if a.SubnetStrategy != "Auto" {
		return fmt.Errorf("subnetStrategy %q is not known to the local AWS; it knows Auto", a.SubnetStrategy)
	}
	if len(a.SubnetSpecs) == 0 {
		return errors.New("subnetSpecs is required by the local AWS")
	}
	has := map[subnetType]bool{}
	for _, spec := range a.SubnetSpecs {
		if !slices.Contains([]subnetType{public, private, isolated}, spec.Type) {
			return fmt.Errorf("subnets of type %q are not known to the local AWS", spec.Type)
		}
		if has[spec.Type] {
			return fmt.Errorf("several subnets of type %s in a zone are not known to the local AWS", spec.Type)
		}
		has[spec.Type] = true
	}
	switch a.NATGateways.Strategy {
	case natNone:
	case natSingle, natOnePerAZ:
		if !has[public] || !has[private] {
			return fmt.Errorf("NAT gateways (%s) need public subnets to stand in and private subnets to serve",
				a.NATGateways.Strategy)
		}
	default:
		return fmt.Errorf("natGateways.strategy %q is not None, Single or OnePerAz", a.NATGateways.Strategy)
	}
	return nil
}
