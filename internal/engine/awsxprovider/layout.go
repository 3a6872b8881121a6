package awsxprovider

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
)

// subnetType says how a subnet reaches the internet: directly, through a NAT gateway, or not at all.
type subnetType string

const (
	public   subnetType = "Public"
	private  subnetType = "Private"
	isolated subnetType = "Isolated"
)

// subnet is one subnet of the layout.
type subnet struct {
	name, zone string
	typ        subnetType
	block      netip.Prefix
	// number counts the availability zones from 1.
	number int
}

// The prefixes that Amazon VPC takes.
const (
	largest  = 16
	smallest = 28
)

// layout is the plugin's strategy Auto. Unless masks say otherwise, it divides the VPC's range evenly between the
// zones, rounded up to a power of two, and each zone's in the same way between its subnets, in the order in which they
// are given. Within a zone the subnets come as they must be created: public, private, isolated.
func layout(name string, args *vpcArgs, zones []string) ([]subnet, error) {
	block, err := netip.ParsePrefix(args.CIDRBlock)
	if err != nil || !block.Addr().Is4() || block.Bits() < largest || block.Bits() > smallest {
		return nil, fmt.Errorf("cidrBlock %q is not an IPv4 range of /%d to /%d", args.CIDRBlock, largest, smallest)
	}
	zoneMask := cmp.Or(args.ZoneMask, block.Bits()+bitsFor(len(zones)))
	if room := zoneMask - block.Bits(); room < bitsFor(len(zones)) || zoneMask > smallest {
		return nil, fmt.Errorf("cidrBlock %s has no room for %d availability zones of /%d", block, len(zones), zoneMask)
	}
	start := number(block.Masked().Addr())
	var subnets []subnet
	for i, zone := range zones {
		first := start + uint32(i)*size(zoneMask)
		here, err := layoutZone(first, zoneMask, args.SubnetSpecs)
		if err != nil {
			return nil, err
		}
		for j, spec := range args.SubnetSpecs {
			label := cmp.Or(spec.Name, strings.ToLower(string(spec.Type)))
			here[j].name, here[j].zone, here[j].number = fmt.Sprintf("%s-%s-%d", name, label, i+1), zone, i+1
		}
		slices.SortStableFunc(here, func(a, b subnet) int { return cmp.Compare(order[a.typ], order[b.typ]) })
		subnets = append(subnets, here...)
	}
	return subnets, nil
}

// layoutZone places subnets one after the other, each at the next multiple of its own size.
func layoutZone(first uint32, zoneMask int, specs []subnetSpec) ([]subnet, error) {
	next := first
	subnets := make([]subnet, len(specs))
	for i, spec := range specs {
		mask := cmp.Or(spec.Mask, zoneMask+bitsFor(len(specs)))
		if mask < zoneMask || mask > smallest {
			return nil, fmt.Errorf("subnets of type %s are /%d, which is not between the zone's /%d and /%d",
				spec.Type, mask, zoneMask, smallest)
		}
		at := (next + size(mask) - 1) / size(mask) * size(mask)
		next = at + size(mask)
		if next > first+size(zoneMask) {
			return nil, fmt.Errorf("%d subnets do not fit into a zone of /%d", len(specs), zoneMask)
		}
		subnets[i] = subnet{typ: spec.Type, block: netip.PrefixFrom(address(at), mask)}
	}
	return subnets, nil
}

// order is that of creation: a private subnet's route needs the NAT gateway in the public one.
var order = map[subnetType]int{public: 0, private: 1, isolated: 2}

// bitsFor is how many bits tell n things apart.
func bitsFor(n int) int { return bits.Len(uint(max(n, 1) - 1)) }

// size is the number of addresses behind a prefix.
func size(mask int) uint32 { return 1 << (32 - mask) }

func number(address netip.Addr) uint32 {
	four := address.As4()
	return binary.BigEndian.Uint32(four[:])
}

func address(number uint32) netip.Addr {
	var four [4]byte
	binary.BigEndian.PutUint32(four[:], number)
	return netip.AddrFrom4(four)
}
