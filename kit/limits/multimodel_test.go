package limits

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestManyModelsRunOnCPUsOrOneGPU(t *testing.T) {
	t.Parallel()
	for name, want := range map[InstanceType]bool{
		"ml.m5.large":           true,
		"ml.t2.medium":          true,
		"ml.r7gd.medium":        true,
		"ml.p2.xlarge":          true,
		"ml.p2.8xlarge":         false,
		"ml.p3.2xlarge":         true,
		"ml.p3.8xlarge":         false,
		"ml.g4dn.16xlarge":      true,
		"ml.g4dn.12xlarge":      false,
		"ml.g5.xlarge":          true,
		"ml.g5.12xlarge":        false,
		"ml.g5.24xlarge":        false,
		"ml.g5.48xlarge":        false,
		"ml.g6.16xlarge":        true,
		"ml.g6e.12xlarge":       false,
		"ml.g7e.8xlarge":        true,
		"ml.g7.12xlarge":        false,
		"ml.p4d.24xlarge":       false,
		"ml.p5.4xlarge":         true,
		"ml.p5.48xlarge":        false,
		"ml.p6e-gb200.36xlarge": false,
		"ml.dl1.24xlarge":       false,
		"ml.inf1.xlarge":        false,
		"ml.inf2.xlarge":        false,
		"ml.trn1.2xlarge":       false,
		"ml.trn2.48xlarge":      false,
	} {
		assert.Equal(t, want, name.IsMultiModel(), name)
	}
}

// By EC2's naming, the families without accelerators are those of the letters c, m, r and t, but for Trainium.
func TestEveryHostingFamilyWithAcceleratorsIsListed(t *testing.T) {
	t.Parallel()
	types := map[InstanceType]bool{}
	for _, name := range HostingInstanceTypes() {
		family := InstanceType(name).Family()
		general := len(family) > 1 && family[1] >= '0' && family[1] <= '9' &&
			(family[0] == 'c' || family[0] == 'm' || family[0] == 'r' || family[0] == 't')
		assert.Equal(t, !general, hasAccelerators(family), family)
		types[InstanceType(name)] = true
	}
	for family, sizes := range singleGPU {
		for _, size := range sizes {
			assert.Contains(t, types, InstanceType("ml."+family+"."+size))
		}
	}
}

func hasAccelerators(family string) bool {
	_, listed := singleGPU[family]
	return listed
}
