package limits

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAMachineImageIsForOneKindOfAccelerator(t *testing.T) {
	t.Parallel()
	const gpu, neuronImage = "al2023-ami-sagemaker-inference-gpu-4-1", "al2-ami-sagemaker-inference-neuron-2"
	for name, want := range map[InstanceType][]bool{
		"ml.g4dn.xlarge":  {true, false},
		"ml.g6e.xlarge":   {true, false},
		"ml.p3.2xlarge":   {true, false},
		"ml.p5.48xlarge":  {true, false},
		"ml.inf2.xlarge":  {false, true},
		"ml.trn1.2xlarge": {false, true},
		"ml.inf1.xlarge":  {false, false},
		"ml.dl1.24xlarge": {false, false},
		"ml.m5.large":     {false, false},
		"ml.c7g.large":    {false, false},
	} {
		assert.Equal(t, want, []bool{name.Boots(gpu), name.Boots(neuronImage)}, name)
		assert.Equal(t, want[0], name.HasGPU(), name)
	}
}

// The names of all versions say which kind they are for.
func TestEveryMachineImageIsOfAKnownKind(t *testing.T) {
	t.Parallel()
	for _, version := range Enum("ProductionVariantInferenceAmiVersion") {
		assert.False(t, InstanceType("ml.m5.large").Boots(version), version)
	}
}
