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

// smallest is the longest prefix that Amazon VPC takes for a subnet.
const smallest = 28

// layout divides a VPC's range evenly between the zones, rounded up to a power of two, and each zone's in the same way
// between its subnets, in the order in which they are given: the plugin's strategy Auto for subnets without a size.
// Within a zone the subnets come as they must be created: public, private, isolated.
func layout(name, cidrBlock string, zones []string, specs []subnetSpec) ([]subnet, error) {
	block, err := netip.ParsePrefix(cidrBlock)
	if err != nil || !block.Addr().Is4() {
		return nil, fmt.Errorf("cidrBlock %q is not an IPv4 range", cidrBlock)
	}
	zoneBits := block.Bits() + bitsFor(len(zones))
	subnetBits := zoneBits + bitsFor(len(specs))
	if subnetBits > smallest {
		return nil, fmt.Errorf("cidrBlock %s is too small for %d subnets in each of %d availability zones",
			cidrBlock, len(specs), len(zones))
	}
	var subnets []subnet
	for z, zone := range zones {
		var here []subnet
		for i, spec := range specs {
			offset := z<<(32-zoneBits) + i<<(32-subnetBits)
			here = append(here, subnet{
				name: fmt.Sprintf("%s-%s-%d", name, strings.ToLower(string(spec.Type)), z+1), zone: zone, typ: spec.Type,
				block: netip.PrefixFrom(plus(block.Addr(), offset), subnetBits), number: z + 1,
			})
		}
		slices.SortStableFunc(here, func(a, b subnet) int { return cmp.Compare(order[a.typ], order[b.typ]) })
		subnets = append(subnets, here...)
	}
	return subnets, nil
}

// order is that of creation: a private subnet's route needs the NAT gateway in the public one.
var order = map[subnetType]int{public: 0, private: 1, isolated: 2}

// bitsFor is how many bits tell n things apart.
func bitsFor(n int) int { return bits.Len(uint(max(n, 1) - 1)) }

func plus(address netip.Addr, offset int) netip.Addr {
	four := address.As4()
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], binary.BigEndian.Uint32(four[:])+uint32(offset))
	return netip.AddrFrom4(sum)
}
