package limits

import (
	"slices"
	"strings"
)

// singleGPU are the families of hosting types with accelerators, each with the sizes that have exactly one GPU (Amazon
// EC2 instance type specifications). Types of all other families compute on CPUs.
var singleGPU = map[string][]string{
	"p2":   {"xlarge"},
	"p3":   {"2xlarge"},
	"p5":   {"4xlarge"},
	"g4dn": {"xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"},
	"g5":   {"xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"},
	"g6":   {"xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"},
	"g6e":  {"xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"},
	"g7":   {"2xlarge", "4xlarge", "8xlarge"},
	"g7e":  {"2xlarge", "4xlarge", "8xlarge"},
	"p4d":  nil, "p4de": nil, "p5e": nil, "p5en": nil, "p6-b200": nil, "p6-b300": nil, "p6e-gb200": nil,
	"dl1": nil, "inf1": nil, "inf2": nil, "trn1": nil, "trn1n": nil, "trn2": nil,
}

// IsMultiModel reports whether SageMaker runs multi-model containers on the type: on CPUs, and where there is one GPU,
// not several and no other accelerator (developer guide, "Instance recommendations for multi-model endpoint
// deployments"). CreateEndpointConfig refuses other types.
func (t InstanceType) IsMultiModel() bool {
	sizes, accelerated := singleGPU[t.Family()]
	_, size, _ := strings.Cut(strings.TrimPrefix(string(t), "ml."), ".")
	return !accelerated || slices.Contains(sizes, size)
}
