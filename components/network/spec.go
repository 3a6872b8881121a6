package network

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"sagehost/components/logs"
	"sagehost/kit/check"
)

// Defaults of a network.
const (
	DefaultCIDRBlock         = "10.0.0.0/16"
	DefaultAvailabilityZones = 2
)

// How a network reaches the internet.
const (
	NATNone     = "none"
	NATSingle   = "single"
	NATOnePerAZ = "onePerAz"
)

// Limits of what SageMaker takes as a VPC configuration. It wants subnets in two availability zones even for one
// instance (developer guide, host-vpc).
const (
	minSubnets        = 2
	maxSubnets        = 16
	maxSecurityGroups = 5
)

// Spec is what a user decides about the network of models: one to create, or, with subnetIds and securityGroupIds, one
// that is there already, of which nothing is created or changed.
type Spec struct {
	// CIDRBlock is the VPC's IPv4 range. Each availability zone takes a quarter, of which models get half: 27 addresses
	// of a /24, 8,187 of a /16. Range: within 10.0.0.0/8, 172.16.0.0/12 without 172.17.0.0/16, 192.168.0.0/16 or
	// 100.64.0.0/10, of /16 to /24. Default: 10.0.0.0/16.
	CIDRBlock string `json:"cidrBlock"`

	// AvailabilityZones is the number of availability zones with a subnet for models. Range: 2 to 3. Default: 2.
	AvailabilityZones *int `json:"availabilityZones"`

	// NATGateways says whether models reach the internet over HTTPS: not at all with "none", through one gateway in one
	// availability zone with "single", through one in each with "onePerAz". Range: "none", "single" or "onePerAz".
	// Default: "none".
	NATGateways string `json:"natGateways"`

	// FlowLogs records all connections, accepted and refused, in CloudWatch Logs. Default: unset, nothing is recorded.
	FlowLogs *FlowLogs `json:"flowLogs"`

	// Endpoints are the AWS services that are reached without the internet, each at a price per hour and availability
	// zone; Amazon S3 always is, for free. Range: "ec2", "ecr.api", "ecr.dkr", "kms", "logs", "monitoring",
	// "sagemaker.api", "sagemaker.runtime", "secretsmanager" and "sts". Default: all but "ec2", "kms", "monitoring" and
	// "secretsmanager".
	Endpoints []string `json:"endpoints"`

	// SubnetIDs are existing subnets to use, all of one VPC and in at least two availability zones. Range: 2 to 16.
	// Required with securityGroupIds, and only with it.
	SubnetIDs []string `json:"subnetIds" nonempty:"true"`

	// SecurityGroupIDs are existing security groups for models. Range: 1 to 5. Required with subnetIds, and only with it.
	SecurityGroupIDs []string `json:"securityGroupIds" nonempty:"true"`
}

// FlowLogs is what a user decides about the record of connections.
type FlowLogs struct {
	// RetentionDays is how long the record is kept, in days. Range: one of the periods of CloudWatch Logs, 1 to 3653.
	// Default: as long as the stack's other logs, `logs.retentionDays`.
	RetentionDays *int `json:"retentionDays"`
}

// Check reports what is wrong.
func (f *FlowLogs) Check(at check.At) { (&logs.Spec{RetentionDays: f.RetentionDays}).Check(at) }

// Adopted reports whether the network is there already.
func (s *Spec) Adopted() bool { return len(s.SubnetIDs) > 0 || len(s.SecurityGroupIDs) > 0 }

// ReachesInternet reports whether models can reach the internet, or may, which only its owner knows of an adopted one.
func (s *Spec) ReachesInternet() bool { return s.Adopted() || s.nat() != NATNone }

// Reaches reports whether models can reach an AWS service, one of those that Endpoints can name.
func (s *Spec) Reaches(name string) bool {
	return s.ReachesInternet() || slices.ContainsFunc(s.reached(), func(r awsService) bool { return r.name == name })
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if s.Adopted() {
		s.checkAdopted(at)
		return
	}
	checkCIDRBlock(at.Key("cidrBlock"), s.cidrBlock())
	check.Between(at.Key("availabilityZones"), s.zones(), minSubnets, 3)
	if choices := []string{NATNone, NATSingle, NATOnePerAZ}; !slices.Contains(choices, s.nat()) {
		at.Key("natGateways").Addf("%q is not none, single or onePerAz%s", s.NATGateways,
			check.DidYouMean(s.NATGateways, choices))
	}
	if s.FlowLogs != nil {
		s.FlowLogs.Check(at.Key("flowLogs"))
	}
	for i, name := range s.Endpoints {
		if _, known := service(name); !known {
			at.Key("endpoints").Index(i).Addf("%q is not one of %s%s", name, strings.Join(serviceNames(), ", "),
				check.DidYouMean(name, serviceNames()))
		}
	}
	at.Key("endpoints").Unique("", s.Endpoints)
}

var (
	// sharedRange is not routed on the internet either (RFC 6598); companies whose private ranges are used up take it.
	sharedRange = netip.MustParsePrefix("100.64.0.0/10")
	// containerRange is that of the containers on SageMaker's hosts: "services like AWS Cloud9 or Amazon SageMaker AI can
	// experience IP address conflicts" (Amazon VPC user guide, "VPC CIDR blocks").
	containerRange = netip.MustParsePrefix("172.17.0.0/16")
)

// checkCIDRBlock wants a range that can be told from the internet, and that leaves subnets of /27 at least.
func checkCIDRBlock(at check.At, text string) {
	block, err := netip.ParsePrefix(text)
	switch {
	case err != nil || !block.Addr().Is4():
		at.Addf("%q is not an IPv4 range such as %s", text, DefaultCIDRBlock)
	case block != block.Masked():
		at.Addf("%q does not begin at its first address; did you mean %q?", text, block.Masked())
	case !block.Addr().IsPrivate() && !sharedRange.Contains(block.Addr()):
		at.Addf("%q is not within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10: "+
			"models would not reach the hosts of the internet that have these addresses", text)
	case containerRange.Overlaps(block):
		at.Addf("%q overlaps 172.17.0.0/16, which SageMaker's hosts use themselves", text)
	default:
		if bits := block.Bits(); bits < 16 || bits > 24 {
			at.Addf("/%d is not between /16 and /24", bits)
		}
	}
}

// What Amazon EC2 calls its subnets and security groups: eight digits of old, seventeen today.
var (
	subnetID        = regexp.MustCompile(`^subnet-[0-9a-f]{8}([0-9a-f]{9})?$`)
	securityGroupID = regexp.MustCompile(`^sg-[0-9a-f]{8}([0-9a-f]{9})?$`)
)

func (s *Spec) checkAdopted(at check.At) {
	for _, row := range []struct {
		key, noun string
		ids       []string
		form      *regexp.Regexp
		low, high int
	}{
		{"subnetIds", "subnet", s.SubnetIDs, subnetID, minSubnets, maxSubnets},
		{"securityGroupIds", "security group", s.SecurityGroupIDs, securityGroupID, 1, maxSecurityGroups},
	} {
		here := at.Key(row.key)
		if n := len(row.ids); n < row.low || n > row.high {
			here.Addf("has %s; %d to %d are allowed", english.Plural(n, "entry", ""), row.low, row.high)
		}
		for i, id := range row.ids {
			if !row.form.MatchString(id) {
				here.Index(i).Addf("%q is not the ID of a %s", id, row.noun)
			}
		}
		here.Unique("", row.ids)
	}
	for _, row := range []struct {
		key   string
		given bool
	}{
		{"cidrBlock", s.CIDRBlock != ""},
		{"availabilityZones", s.AvailabilityZones != nil},
		{"natGateways", s.NATGateways != ""},
		{"flowLogs", s.FlowLogs != nil},
		{"endpoints", s.Endpoints != nil},
	} {
		if row.given {
			at.Key(row.key).Addf("belongs to a network that is created, not to one given by subnetIds")
		}
	}
}

func (s *Spec) cidrBlock() string {
	if s.CIDRBlock == "" {
		return DefaultCIDRBlock
	}
	return s.CIDRBlock
}

// prefixLength is that of a range that was checked.
func (s *Spec) prefixLength() int {
	block, err := netip.ParsePrefix(s.cidrBlock())
	if err != nil {
		return 0
	}
	return block.Bits()
}

func (s *Spec) zones() int {
	if s.AvailabilityZones == nil {
		return DefaultAvailabilityZones
	}
	return *s.AvailabilityZones
}

func (s *Spec) nat() string {
	if s.NATGateways == "" {
		return NATNone
	}
	return s.NATGateways
}
