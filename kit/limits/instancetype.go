package limits

import (
	"slices"
	"strconv"
	"strings"
)

// InstanceType is an ML instance type, such as "ml.m5.large".
type InstanceType string

// HostingInstanceTypes lists the types that a production variant may use.
func HostingInstanceTypes() []string { return Enum("ProductionVariantInstanceType") }

// IsHosting reports whether endpoints can run on the type.
func (t InstanceType) IsHosting() bool { return slices.Contains(HostingInstanceTypes(), string(t)) }

// TransformInstanceTypes lists the types that a transform job may use.
func TransformInstanceTypes() []string { return Enum("TransformInstanceType") }

// IsTransform reports whether transform jobs can run on the type.
func (t InstanceType) IsTransform() bool { return slices.Contains(TransformInstanceTypes(), string(t)) }

// IsBurstable reports whether the type earns CPU credits. Application Auto Scaling does not take such a type.
func (t InstanceType) IsBurstable() bool {
	return strings.HasPrefix(string(t), "ml.t2.") || strings.HasPrefix(string(t), "ml.t3.")
}

// irregularVCPUs are the types that the rule of VCPUs does not cover (Amazon EC2 instance type specifications).
var irregularVCPUs = map[InstanceType]int{
	"ml.c4.8xlarge":  36,
	"ml.t2.medium":   2,
	"ml.t2.large":    2,
	"ml.t2.xlarge":   4,
	"ml.r8g.medium":  1,
	"ml.c8g.medium":  1,
	"ml.m8g.medium":  1,
	"ml.r7gd.medium": 1,
}

// VCPUs is the number of virtual CPUs: 2 for large, 4 for xlarge, 4 × n for an n-fold xlarge. It is 0 for an unknown
// size.
func (t InstanceType) VCPUs() int {
	if n, ok := irregularVCPUs[t]; ok {
		return n
	}
	_, size, _ := strings.Cut(strings.TrimPrefix(string(t), "ml."), ".")
	switch size {
	case "large":
		return 2
	case "xlarge":
		return 4
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
	if err != nil || !strings.HasSuffix(size, "xlarge") {
		return 0
	}
	return 4 * n
}
