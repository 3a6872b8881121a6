package endpoint

import (
	"slices"
	"strings"

	"sagehost/kit/check"
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
	// Marketplace says that it is made from a model package of AWS Marketplace.
	Marketplace bool
}

// feature is a part of an endpoint that can exclude others, as messages name it.
type feature string

const (
	serverlessVariant    feature = "a serverless variant"
	severalVariants      feature = "several variants"
	asynchronous         feature = "async"
	withShadow           feature = "a shadow"
	capturedData         feature = "data capture"
	updatePolicy         feature = "an update policy"
	pipelineModel        feature = "a model of several containers"
	multiModelContainer  feature = "a multi-model container"
	inferentia1Instances feature = "ml.inf1 instances"
	marketplacePackage   feature = "a model package of AWS Marketplace"
)

// keys are where users ask for features.
var keys = map[feature]string{
	severalVariants: "variants", asynchronous: "async", withShadow: "shadow", capturedData: "dataCapture",
	updatePolicy: "update",
}

// Where AWS says that features exclude each other: pages of the SageMaker developer guide, unless they are named
// otherwise.
const (
	inServerless = `"Deploy models with Amazon SageMaker Serverless Inference", Feature exclusions`
	inOptions    = `"Inference options", table of features`
	inShadow     = `"Shadow tests", Exclusions; for several variants CreateEndpointConfig: ShadowProductionVariants`
	inHosting    = `AWS CDK, RFC 431: an asynchronous configuration has a single variant, on instances`
	inAnswers    = `CreateEndpointConfig: "Marketplace images are not supported when specifying an AsyncInferenceConfig."`
	inGuardrails = `"Deployment guardrails", and its Exclusions: SageMaker would update all at once, without a bake`
)

// exclusions are what SageMaker does not do together.
var exclusions = []struct {
	feature, with feature
	source        string
}{
	{severalVariants, serverlessVariant, inServerless},
	{asynchronous, serverlessVariant, inOptions},
	{asynchronous, severalVariants, inHosting},
	{asynchronous, pipelineModel, inOptions},
	{asynchronous, multiModelContainer, inOptions},
	{asynchronous, marketplacePackage, inAnswers},
	{withShadow, serverlessVariant, inShadow},
	{withShadow, severalVariants, inShadow},
	{withShadow, asynchronous, inShadow},
	{withShadow, pipelineModel, inShadow},
	{withShadow, multiModelContainer, inShadow},
	{withShadow, inferentia1Instances, inShadow},
	{withShadow, marketplacePackage, inShadow},
	{capturedData, serverlessVariant, inServerless},
	{capturedData, asynchronous, inOptions},
	{updatePolicy, serverlessVariant, inGuardrails},
	{updatePolicy, inferentia1Instances, inGuardrails},
	{updatePolicy, marketplacePackage, inGuardrails},
}

// featuresOf are the features that an endpoint has.
func featuresOf(s *Spec, variants []Variant, shadow *Variant) map[feature]bool {
	has := map[feature]bool{
		severalVariants: len(variants) > 1, asynchronous: s.Async != nil, withShadow: shadow != nil,
		capturedData: s.DataCapture != nil, updatePolicy: s.Update != nil,
	}
	all := variants
	if shadow != nil {
		all = append(slices.Clip(variants), *shadow)
	}
	for i := range all {
		v := &all[i]
		has[serverlessVariant] = has[serverlessVariant] || v.Serverless != nil
		has[inferentia1Instances] = has[inferentia1Instances] || v.InstanceType.Family() == "inf1"
		has[pipelineModel] = has[pipelineModel] || v.Traits.Pipeline
		has[multiModelContainer] = has[multiModelContainer] || v.Traits.MultiModel
		has[marketplacePackage] = has[marketplacePackage] || v.Traits.Marketplace
	}
	return has
}

// checkExclusions reports what SageMaker does not do together.
func checkExclusions(at check.At, s *Spec, variants []Variant, shadow *Variant) {
	has := featuresOf(s, variants, shadow)
	for _, row := range exclusions {
		if has[row.feature] && has[row.with] {
			at.Key(keys[row.feature]).Addf("is not possible with %s", row.with)
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

// checkServerlessModel reports a model that cannot be served without instances (Feature exclusions of Serverless
// Inference; for the data ContainerDefinition: ModelDataSource).
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
		{string(marketplacePackage), v.Traits.Marketplace},
	} {
		if row.there {
			obstacles = append(obstacles, row.name)
		}
	}
	if len(obstacles) > 0 {
		at.Addf("is not possible for a model with %s", strings.Join(obstacles, ", "))
	}
}
