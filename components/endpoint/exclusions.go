package endpoint

import (
	"slices"
	"strings"

	"sagehost/internal/check"
)

// ModelTraits is what an endpoint must know of a model, because SageMaker does not serve every model in every way.
type ModelTraits struct {
	// Isolated says that the container may make no network calls.
	Isolated bool
	// InVPC says that the model is attached to a VPC, which is also what images in private registries require.
	InVPC bool
	// Pipeline says that it has several containers.
	Pipeline bool
	// MultiModel says that a container loads its archives on demand.
	MultiModel bool
	// Uncompressed says that a container's data is files under a prefix, in place of an archive.
	Uncompressed bool
}

// present are the parts of an endpoint that exclude others.
type present struct {
	serverless, several, inferentia1, pipeline, multiModel bool
}

func presentIn(variants []Variant, shadow *Variant) present {
	p := present{several: len(variants) > 1}
	all := variants
	if shadow != nil {
		all = append(slices.Clip(variants), *shadow)
	}
	for i := range all {
		v := &all[i]
		p.serverless = p.serverless || v.Serverless != nil
		p.inferentia1 = p.inferentia1 || v.InstanceType.Family() == "inf1"
		p.pipeline = p.pipeline || v.Traits.Pipeline
		p.multiModel = p.multiModel || v.Traits.MultiModel
	}
	return p
}

// checkExclusions reports what SageMaker does not do together (developer guide: "Supported features", "Serverless
// Inference", "Shadow tests" and the exclusions of deployment guardrails).
func checkExclusions(at check.At, s *Spec, variants []Variant, shadow *Variant) {
	p := presentIn(variants, shadow)
	const (
		serverless = "a serverless variant"
		several    = "several variants"
		pipeline   = "a model of several containers"
		multiModel = "a multi-model container"
		inf1       = "ml.inf1 instances"
	)
	for _, row := range []struct {
		key   string
		given bool
		with  string
		there bool
	}{
		{"variants", p.several, serverless, p.serverless},
		{"async", s.Async != nil, serverless, p.serverless},
		{"async", s.Async != nil, several, p.several},
		{"async", s.Async != nil, pipeline, p.pipeline},
		{"async", s.Async != nil, multiModel, p.multiModel},
		{"shadow", shadow != nil, serverless, p.serverless},
		{"shadow", shadow != nil, several, p.several},
		{"shadow", shadow != nil, "async", s.Async != nil},
		{"shadow", shadow != nil, pipeline, p.pipeline},
		{"shadow", shadow != nil, multiModel, p.multiModel},
		{"shadow", shadow != nil, inf1, p.inferentia1},
		{"dataCapture", s.DataCapture != nil, serverless, p.serverless},
		{"dataCapture", s.DataCapture != nil, "async", s.Async != nil},
		{"update", s.Update != nil, serverless, p.serverless},
		{"update", s.Update != nil, inf1, p.inferentia1},
		{"kmsKeyArn", s.KMSKeyARN != "", serverless, p.serverless},
	} {
		if row.given && row.there {
			at.Key(row.key).Addf("is not possible with %s", row.with)
		}
	}
	for i := range variants {
		here := at.Key("variants").Index(i)
		variants[i].checkServerlessModel(here.Key("serverless"))
		variants[i].checkMultiModel(here.Key("instanceType"))
		if s.KMSKeyARN != "" && variants[i].InstanceType.HasLocalStorage() {
			at.Key("kmsKeyArn").Addf("is not possible with %s of variant %q, which encrypts its own disks",
				variants[i].InstanceType, variants[i].Name)
		}
	}
	if shadow != nil && s.KMSKeyARN != "" && shadow.InstanceType.HasLocalStorage() {
		at.Key("kmsKeyArn").Addf("is not possible with %s of the shadow, which encrypts its own disks", shadow.InstanceType)
	}
}

// checkMultiModel reports instances that cannot load models on demand.
func (v *Variant) checkMultiModel(at check.At) {
	if v.Traits.MultiModel && !v.InstanceType.IsMultiModel() {
		at.Addf("%s is not possible with a multi-model container, which needs CPUs alone or exactly one GPU",
			v.InstanceType)
	}
}

// checkServerlessModel reports a model that cannot be served without instances.
func (v *Variant) checkServerlessModel(at check.At) {
	if v.Serverless == nil {
		return
	}
	var obstacles []string
	for _, row := range []struct {
		name  string
		there bool
	}{
		{"network isolation (set networkIsolation: false)", v.Traits.Isolated},
		{"a VPC", v.Traits.InVPC},
		{"several containers", v.Traits.Pipeline},
		{"a multi-model container", v.Traits.MultiModel},
		{"data that is no archive", v.Traits.Uncompressed},
	} {
		if row.there {
			obstacles = append(obstacles, row.name)
		}
	}
	if len(obstacles) > 0 {
		at.Addf("is not possible for a model with %s", strings.Join(obstacles, ", "))
	}
}
