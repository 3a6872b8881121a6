package limits

import (
	"slices"
	"strings"
)

// neuron are the families with Inferentia2 and Trainium (Amazon EC2 instance type specifications).
var neuron = []string{"inf2", "trn1", "trn1n", "trn2"}

// others are the families with accelerators that are neither these nor GPUs: Gaudi, and the first Inferentia.
var others = []string{"dl1", "inf1"}

// HasGPU reports whether the type computes on GPUs.
func (t InstanceType) HasGPU() bool {
	_, accelerated := singleGPU[t.Family()]
	return accelerated && !slices.Contains(neuron, t.Family()) && !slices.Contains(others, t.Family())
}

// Boots reports whether the type can start from a version of SageMaker's machine images for inference, such as
// "al2-ami-sagemaker-inference-gpu-2". Each has the drivers of one kind of accelerator: GPUs, or Inferentia2 and
// Trainium (API reference, ProductionVariant: InferenceAmiVersion).
func (t InstanceType) Boots(version string) bool {
	switch {
	case strings.Contains(version, "-gpu-"):
		return t.HasGPU()
	case strings.Contains(version, "-neuron-"):
		return slices.Contains(neuron, t.Family())
	default:
		return true
	}
}
