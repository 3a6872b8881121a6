package limits

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFamiliesWithLocalStorageHaveTheirOwnDisks(t *testing.T) {
	t.Parallel()
	for name, want := range map[InstanceType]bool{
		"ml.m5.large":           false,
		"ml.m5d.large":          true,
		"ml.c5d.18xlarge":       true,
		"ml.c7g.xlarge":         false,
		"ml.r7gd.medium":        true,
		"ml.g4dn.xlarge":        true,
		"ml.g5.xlarge":          true,
		"ml.p3.2xlarge":         false,
		"ml.p4d.24xlarge":       true,
		"ml.p5.4xlarge":         true,
		"ml.p6e-gb200.36xlarge": true,
		"ml.inf1.xlarge":        false,
		"ml.inf2.48xlarge":      false,
		"ml.trn1.2xlarge":       true,
		"m5d.large":             false, // not the name of a SageMaker type
		"ml.m5d":                false,
		"":                      false,
	} {
		assert.Equal(t, want, name.HasLocalStorage(), name)
	}
}

func TestEveryFamilyWithLocalStorageHosts(t *testing.T) {
	t.Parallel()
	var families []string
	for _, name := range HostingInstanceTypes() {
		families = append(families, InstanceType(name).Family())
	}
	require.NotContains(t, families, "")
	for _, family := range localStorage {
		assert.Contains(t, families, family)
	}
}

// By EC2's naming, a family whose letters after the generation hold a "d" has local disks; the exceptions are
// accelerated families, which EC2's specifications list one by one.
func TestEveryHostingFamilyWithADForDisksIsListed(t *testing.T) {
	t.Parallel()
	for _, name := range HostingInstanceTypes() {
		family := InstanceType(name).Family()
		general := family[0] == 'c' || family[0] == 'm' || family[0] == 'r'
		if general {
			assert.Equal(t, family[len(family)-1] == 'd', slices.Contains(localStorage, family), family)
		}
	}
}
