package awsxprovider

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// placed are the "name zone range" of a layout's subnets.
func placed(t *testing.T, args *vpcArgs, zones ...string) []string {
	t.Helper()
	subnets, err := layout("net", args, zones)
	require.NoError(t, err)
	var found []string
	for _, s := range subnets {
		found = append(found, s.name+" "+s.zone+" "+s.block.String())
	}
	return found
}

func TestSubnetsShareTheRangeEvenly(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"net-isolated-1 a 10.0.0.0/17", "net-isolated-2 b 10.0.128.0/17"},
		placed(t, &vpcArgs{CIDRBlock: "10.0.0.0/16", SubnetSpecs: []subnetSpec{{Type: isolated}}}, "a", "b"))
	assert.Equal(t, []string{
		"net-public-1 a 10.0.32.0/19", "net-private-1 a 10.0.0.0/19",
		"net-public-2 b 10.0.96.0/19", "net-private-2 b 10.0.64.0/19",
		"net-public-3 c 10.0.160.0/19", "net-private-3 c 10.0.128.0/19",
	}, placed(t, &vpcArgs{
		CIDRBlock: "10.0.0.0/16", SubnetSpecs: []subnetSpec{{Type: private}, {Type: public}},
	}, "a", "b", "c"))
}

func TestMasksSayHowMuchIsTaken(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{
		"net-public-1 a 10.0.32.0/28", "net-models-1 a 10.0.0.0/19", "net-public-2 b 10.0.96.0/28",
		"net-models-2 b 10.0.64.0/19",
	}, placed(t, &vpcArgs{CIDRBlock: "10.0.0.0/16", ZoneMask: 18, SubnetSpecs: []subnetSpec{
		{Name: "models", Type: private, Mask: 19}, {Type: public, Mask: 28},
	}}, "a", "b"))
	assert.Equal(t, []string{"net-public-1 a 10.0.0.0/28", "net-isolated-1 a 10.0.0.64/26"},
		placed(t, &vpcArgs{CIDRBlock: "10.0.0.0/24", SubnetSpecs: []subnetSpec{
			{Type: public, Mask: 28}, {Type: isolated, Mask: 26},
		}}, "a"), "each begins at a multiple of its size")
}

func TestSubnetsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	sized := func(specs ...subnetSpec) *vpcArgs { return &vpcArgs{CIDRBlock: "10.0.0.0/16", SubnetSpecs: specs} }
	for want, args := range map[string]*vpcArgs{
		`cidrBlock "10.0.0.0" is not an IPv4 range of /16 to /28`: {CIDRBlock: "10.0.0.0"},

		`cidrBlock "10.0.0.0/8" is not an IPv4 range of /16 to /28`: {CIDRBlock: "10.0.0.0/8"},

		"cidrBlock 10.0.0.0/28 has no room for 2 availability zones of /29": {CIDRBlock: "10.0.0.0/28"},

		"cidrBlock 10.0.0.0/16 has no room for 2 availability zones of /16": {CIDRBlock: "10.0.0.0/16", ZoneMask: 16},

		"subnets of type Public are /16, which is not between the zone's /17 and /28": sized(
			subnetSpec{Type: public, Mask: 16}),

		"subnets of type Isolated are /29, which is not between the zone's /17 and /28": sized(
			subnetSpec{Type: isolated, Mask: 29}),

		"2 subnets do not fit into a zone of /17": sized(
			subnetSpec{Type: public, Mask: 18}, subnetSpec{Type: private, Mask: 17}),
	} {
		_, err := layout("net", args, []string{"a", "b"})
		assert.EqualError(t, err, want)
	}
}

func TestNoTwoSubnetsOverlap(t *testing.T) {
	t.Parallel()
	mask := rapid.OneOf(rapid.Just(0), rapid.IntRange(14, 30))
	rapid.Check(t, func(t *rapid.T) {
		args := &vpcArgs{
			CIDRBlock: netip.PrefixFrom(netip.MustParseAddr("10.7.0.0"), rapid.IntRange(16, 28).Draw(t, "bits")).String(),
			ZoneMask:  mask.Draw(t, "zone"),
		}
		for _, typ := range []subnetType{private, public, isolated} {
			if rapid.Bool().Draw(t, string(typ)) {
				args.SubnetSpecs = append(args.SubnetSpecs, subnetSpec{Type: typ, Mask: mask.Draw(t, "mask")})
			}
		}
		zones := []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "zones")]
		subnets, err := layout("net", args, zones)
		if err != nil {
			return
		}
		vpc := netip.MustParsePrefix(args.CIDRBlock)
		for i, s := range subnets {
			if s.block != s.block.Masked() || s.block.Bits() < vpc.Bits() || !vpc.Contains(s.block.Addr()) {
				t.Fatalf("%s is not a range within %s", s.block, vpc)
			}
			for _, other := range subnets[:i] {
				if s.block.Overlaps(other.block) {
					t.Fatalf("%s overlaps %s", s.block, other.block)
				}
			}
		}
	})
}
