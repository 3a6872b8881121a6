package limits

import (
	"slices"
	"strings"
)

// localStorage are the families of hosting and transform types whose every size carries local NVMe disks, which the
// instance's own hardware encrypts (Amazon EC2 User Guide, "Instance store volumes").
var localStorage = []string{
	"c5d", "c6gd", "m5d", "m6gd", "r5d", "r6gd", "r7gd",
	"g4dn", "g5", "g6", "g6e", "g7", "g7e",
	"p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200",
	"dl1", "trn1", "trn1n", "trn2",
}

// Family is the part of a type's name that all its sizes share, such as "m5" of "ml.m5.large"; empty for what is not
// a type's name.
func (t InstanceType) Family() string {
	name, ok := strings.CutPrefix(string(t), "ml.")
	family, _, sized := strings.Cut(name, ".")
	if !ok || !sized {
		return ""
	}
	return family
}

// HasLocalStorage reports whether the type brings its own disks. SageMaker attaches no volume to it, and refuses a KMS
// key for one: CreateEndpointConfig fails with a KmsKeyId, and a transform job can't request a VolumeKmsKeyId
// (SageMaker API reference of both). Nor can the size of a volume be chosen.
func (t InstanceType) HasLocalStorage() bool { return slices.Contains(localStorage, t.Family()) }
