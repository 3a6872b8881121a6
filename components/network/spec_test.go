package network

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/kit/check"
)

// problems are the lines that a specification is reported with.
func problems(spec Spec) []string {
	at := check.New("")
	spec.Check(at)
	if err := at.Err(); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	return nil
}

const (
	subnetA, subnetB = "subnet-0123456789abcdef0", "subnet-0123abcd"
	groupA           = "sg-0123456789abcdef0"
)

func adopting(subnets, groups []string) Spec {
	return Spec{SubnetIDs: subnets, SecurityGroupIDs: groups}
}

func TestASpecificationIsHeldAgainstWhatWorks(t *testing.T) {
	t.Parallel()
	two := []string{subnetA, subnetB}
	many := func(form string, n int) []string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprintf(form, i)
		}
		return ids
	}
	for _, test := range []struct {
		name string
		spec Spec
		want string
	}{
		{"nothing is needed", Spec{}, ""},
		{"the smallest range", Spec{CIDRBlock: "192.168.7.0/24", AvailabilityZones: new(3), NATGateways: "onePerAz"}, ""},
		{"the largest range", Spec{CIDRBlock: "172.31.0.0/16"}, ""},
		{"a range too large", Spec{CIDRBlock: "10.0.0.0/15"}, "cidrBlock: /15 is not between /16 and /24"},
		{"a range too small", Spec{CIDRBlock: "10.0.0.0/25"}, "cidrBlock: /25 is not between /16 and /24"},
		{"an address", Spec{CIDRBlock: "10.0.0.1"}, `cidrBlock: "10.0.0.1" is not an IPv4 range such as 10.0.0.0/16`},
		{"another family", Spec{CIDRBlock: "fd00::/16"}, `cidrBlock: "fd00::/16" is not an IPv4 range such as 10.0.0.0/16`},
		{
			"an address inside the range",
			Spec{CIDRBlock: "10.1.2.3/16"},
			`cidrBlock: "10.1.2.3/16" does not begin at its first address; did you mean "10.1.0.0/16"?`,
		},
		{
			"a public range",
			Spec{CIDRBlock: "8.8.0.0/16"},
			`cidrBlock: "8.8.0.0/16" is not within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10: ` +
				"models would not reach the hosts of the internet that have these addresses",
		},
		{"the range that providers share", Spec{CIDRBlock: "100.127.0.0/16"}, ""},
		{
			"a part of the range of containers",
			Spec{CIDRBlock: "172.17.128.0/20"},
			`cidrBlock: "172.17.128.0/20" overlaps 172.17.0.0/16, which SageMaker's hosts use themselves`,
		},
		{"the range beside it", Spec{CIDRBlock: "172.18.0.0/16"}, ""},
		{"one zone", Spec{AvailabilityZones: new(1)}, "availabilityZones: 1 is not between 2 and 3"},
		{"three zones", Spec{AvailabilityZones: new(3)}, ""},
		{"four zones", Spec{AvailabilityZones: new(4)}, "availabilityZones: 4 is not between 2 and 3"},
		{
			"another spelling",
			Spec{NATGateways: "OnePerAZ"},
			`natGateways: "OnePerAZ" is not none, single or onePerAz; did you mean "onePerAz"?`,
		},
		{"flow logs", Spec{FlowLogs: &FlowLogs{}}, ""},
		{"the longest retention", Spec{FlowLogs: &FlowLogs{RetentionDays: new(3653)}}, ""},
		{
			"a retention in between",
			Spec{FlowLogs: &FlowLogs{RetentionDays: new(100)}},
			"flowLogs.retentionDays: 100 is not a period of CloudWatch Logs; expected one of [1 3 5 7 14 30 60 90 120 150 " +
				"180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653]",
		},
		{"no endpoints", Spec{Endpoints: []string{}}, ""},
		{"all endpoints", Spec{Endpoints: serviceNames()}, ""},
		{
			"an endpoint twice",
			Spec{Endpoints: []string{"kms", "kms"}},
			`endpoints[1]: "kms" stands at endpoints[0] too`,
		},
		{"a network that is there", adopting(two, []string{groupA}), ""},
		{"the most of it", adopting(many("subnet-%08x", 16), many("sg-%08x", 5)), ""},
		{
			"too many subnets", adopting(many("subnet-%08x", 17), []string{groupA}),
			"subnetIds: has 17 entries; 2 to 16 are allowed",
		},
		{"too many groups", adopting(two, many("sg-%08x", 6)), "securityGroupIds: has 6 entries; 1 to 5 are allowed"},
		{"subnets alone", adopting(two, nil), "securityGroupIds: has 0 entries; 1 to 5 are allowed"},
		{"groups alone", adopting(nil, []string{groupA}), "subnetIds: has 0 entries; 2 to 16 are allowed"},
		{
			"a group for a subnet", adopting([]string{subnetA, groupA}, []string{groupA}),
			`subnetIds[1]: "sg-0123456789abcdef0" is not the ID of a subnet`,
		},
		{
			"a subnet twice", adopting([]string{subnetA, subnetA}, []string{groupA}),
			`subnetIds[1]: "subnet-0123456789abcdef0" stands at subnetIds[0] too`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.want == "" {
				assert.Empty(t, problems(test.spec))
				return
			}
			assert.Equal(t, []string{test.want}, problems(test.spec))
		})
	}
}

func TestNothingIsAskedOfANetworkThatIsThere(t *testing.T) {
	t.Parallel()
	spec := adopting([]string{subnetA, subnetB}, []string{groupA})
	spec.CIDRBlock, spec.AvailabilityZones, spec.NATGateways = "10.0.0.0/16", new(2), NATNone
	spec.FlowLogs, spec.Endpoints = &FlowLogs{}, []string{}
	const text = ": belongs to a network that is created, not to one given by subnetIds"
	assert.Equal(t, []string{
		"availabilityZones" + text, "cidrBlock" + text, "endpoints" + text, "flowLogs" + text, "natGateways" + text,
	}, problems(spec))
}

func TestServicesHaveTheirOwnNamesInChina(t *testing.T) {
	t.Parallel()
	sagemaker, _ := service("sagemaker.api")
	kms, _ := service("kms")
	assert.Equal(t, "com.amazonaws.eu-west-1.sagemaker.api", sagemaker.in("eu-west-1"))
	assert.Equal(t, "cn.com.amazonaws.cn-northwest-1.sagemaker.api", sagemaker.in("cn-northwest-1"))
	assert.Equal(t, "com.amazonaws.cn-northwest-1.kms", kms.in("cn-northwest-1"))
}

func TestEndpointsAreThoseAskedForInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOfDistinct(rapid.SampledFrom(serviceNames()), rapid.ID[string]).Draw(t, "asked")
		spec := Spec{Endpoints: asked}
		var reached []string
		for _, s := range spec.reached() {
			reached = append(reached, s.name)
		}
		slices.Sort(asked)
		if !slices.Equal(asked, reached) {
			t.Fatalf("asked for %v, got %v", asked, reached)
		}
	})
}

func TestOneZoneIsNoPlaceForModels(t *testing.T) {
	t.Parallel()
	_, err := vpcOf([]place{{what: "subnet a", vpc: "v", zone: "z1"}, {what: "subnet b", vpc: "v", zone: "z1"}})
	assert.EqualError(t, err, "all subnets are in z1; SageMaker wants two availability zones at least")
	vpc, err := vpcOf([]place{{what: "a", vpc: "v", zone: "z1"}, {what: "b", vpc: "v", zone: "z2"}, {what: "c", vpc: "v"}})
	assert.NoError(t, err)
	assert.Equal(t, "v", vpc)
}

func TestWhatModelsReachFollowsFromTheSettings(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name              string
		spec              Spec
		internet, secrets bool
	}{
		{"closed", Spec{}, false, false},
		{"an address of its own", Spec{Endpoints: []string{"logs", "secretsmanager"}}, false, true},
		{"no gateways", Spec{NATGateways: NATNone}, false, false},
		{"one gateway", Spec{NATGateways: NATSingle}, true, true},
		{"a gateway in each zone", Spec{NATGateways: NATOnePerAZ, Endpoints: []string{"logs"}}, true, true},
		{"adopted", adopting([]string{subnetA, subnetB}, []string{groupA}), true, true},
	} {
		assert.Equal(t, row.internet, row.spec.ReachesInternet(), row.name)
		assert.Equal(t, row.secrets, row.spec.Reaches("secretsmanager"), row.name)
	}
	assert.True(t, (&Spec{}).Reaches("logs"), "by default")
}
