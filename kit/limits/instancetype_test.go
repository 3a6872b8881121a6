package limits

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryHostingTypeHasAKnownNumberOfVCPUs(t *testing.T) {
	t.Parallel()
	types := HostingInstanceTypes()
	require.Len(t, types, 277)
	for _, name := range types {
		assert.Positive(t, InstanceType(name).VCPUs(), name)
	}
}

// The numbers are those of the Amazon EC2 instance type specifications.
func TestTheNumberOfVCPUsIsThatOfEC2(t *testing.T) {
	t.Parallel()
	for name, want := range map[InstanceType]int{
		"ml.t2.medium":          2,
		"ml.t2.large":           2,
		"ml.t2.xlarge":          4,
		"ml.t2.2xlarge":         8,
		"ml.m4.10xlarge":        40,
		"ml.m4.16xlarge":        64,
		"ml.m5.large":           2,
		"ml.m5.xlarge":          4,
		"ml.m5.24xlarge":        96,
		"ml.c4.8xlarge":         36,
		"ml.c5.9xlarge":         36,
		"ml.c5.18xlarge":        72,
		"ml.g4dn.xlarge":        4,
		"ml.g5.48xlarge":        192,
		"ml.p3.2xlarge":         8,
		"ml.p4d.24xlarge":       96,
		"ml.p5.4xlarge":         16,
		"ml.p6e-gb200.36xlarge": 144,
		"ml.inf1.6xlarge":       24,
		"ml.trn1.32xlarge":      128,
		"ml.c7g.large":          2,
		"ml.c8g.medium":         1,
		"ml.m8g.medium":         1,
		"ml.r8g.medium":         1,
		"ml.r7gd.medium":        1,
	} {
		assert.Equal(t, want, name.VCPUs(), name)
	}
}

func TestAnUnknownSizeHasNoVCPUs(t *testing.T) {
	t.Parallel()
	for _, name := range []InstanceType{"", "ml.m5", "ml.m5.", "ml.m5.huge", "ml.m5.metal", "ml.m5.2", "ml.m5.xxlarge"} {
		assert.Zero(t, name.VCPUs(), name)
	}
}

func TestOnlyListedTypesCanHost(t *testing.T) {
	t.Parallel()
	for name, want := range map[InstanceType]bool{
		"ml.m5.large":   true,
		"ml.g5.xlarge":  true,
		"m5.large":      false,
		"ml.m5.huge":    false,
		"ML.M5.LARGE":   false,
		"ml.eia2.large": false, // Elastic Inference is retired
		"":              false,
	} {
		assert.Equal(t, want, name.IsHosting(), name)
	}
}

func TestOnlyListedTypesCanTransform(t *testing.T) {
	t.Parallel()
	for name, want := range map[InstanceType]bool{
		"ml.m5.large":   true,
		"ml.g5.xlarge":  true,
		"ml.r5.large":   false, // hosts only
		"ml.inf1.large": false,
		"m5.large":      false,
		"":              false,
	} {
		assert.Equal(t, want, name.IsTransform(), name)
	}
	for _, name := range TransformInstanceTypes() {
		assert.True(t, InstanceType(name).IsHosting(), name)
	}
}

func TestExactlyTheTTypesAreBurstable(t *testing.T) {
	t.Parallel()
	burstable := slices.DeleteFunc(slices.Clone(HostingInstanceTypes()), func(name string) bool {
		return !InstanceType(name).IsBurstable()
	})
	assert.Equal(t, []string{"ml.t2.medium", "ml.t2.large", "ml.t2.xlarge", "ml.t2.2xlarge"}, burstable)
	assert.True(t, InstanceType("ml.t3.medium").IsBurstable())
	assert.False(t, InstanceType("ml.trn1.2xlarge").IsBurstable())
}
