package sagemaker

import (
	"encoding/json"
	"slices"

	"sagehost/kit/limits"
	"sagehost/localaws/protocol/awsjson"
)

// configFacts are what of an endpoint configuration excludes other things.
type configFacts struct {
	serverless, several, shadow, async, capture, weightless, explained bool
	// These are of any of its models.
	isolated, inVPC, pipeline, multiModel, uncompressed bool
}

// combinations are what AWS documents not to go together: in the developer guide (feature exclusions of Serverless
// Inference, exclusions of shadow tests, the table of inference options) and the API reference (ModelDataSource). What
// AWS says then is not known; the messages are this fake's.
var combinations = []struct {
	holds   func(configFacts) bool
	message string
}{
	{
		func(f configFacts) bool { return f.serverless && f.several },
		"A serverless variant must be the only variant of an endpoint configuration.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.shadow },
		"Serverless variants do not support shadow variants.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.async },
		"Serverless variants do not support AsyncInferenceConfig.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.capture },
		"Serverless variants do not support DataCaptureConfig.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.isolated },
		"Serverless variants do not support models with network isolation.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.inVPC },
		"Serverless variants do not support models in a VPC.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.pipeline },
		"Serverless variants do not support models of several containers.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.multiModel },
		"Serverless variants do not support MultiModel mode.",
	},
	{
		func(f configFacts) bool { return f.serverless && f.uncompressed },
		"Serverless variants do not support ModelDataSource.",
	},
	{
		func(f configFacts) bool { return f.async && f.shadow },
		"AsyncInferenceConfig does not support shadow variants.",
	},
	{
		func(f configFacts) bool { return f.async && f.capture },
		"AsyncInferenceConfig does not support DataCaptureConfig.",
	},
	{
		func(f configFacts) bool { return f.async && f.pipeline },
		"AsyncInferenceConfig does not support models of several containers.",
	},
	{
		func(f configFacts) bool { return f.async && f.multiModel },
		"AsyncInferenceConfig does not support MultiModel mode.",
	},
	{
		func(f configFacts) bool { return f.shadow && f.pipeline },
		"Shadow variants do not support models of several containers.",
	},
	{
		func(f configFacts) bool { return f.shadow && f.multiModel },
		"Shadow variants do not support MultiModel mode.",
	},
	{
		func(f configFacts) bool { return f.weightless },
		"At least one production variant must have a weight above 0.",
	},
	{
		// AWS explains each prediction of such an endpoint, whatever the request says (API reference, ExplainerConfig).
		func(f configFacts) bool { return f.explained },
		"The local AWS has no explainer: ExplainerConfig would change no answer.",
	},
}

// checkCombinations refuses what does not go together. The models must exist.
func (c call) checkCombinations(variants, shadows []awsjson.Object) error {
	for _, variant := range slices.Concat(variants, shadows) {
		if err := c.checkInstances(variant); err != nil {
			return err
		}
	}
	facts := c.factsOf(variants, shadows)
	for _, row := range combinations {
		if row.holds(facts) {
			return awsjson.Invalid("%s", row.message)
		}
	}
	return nil
}

// checkInstances refuses what an instance type cannot do: a key or a size for a volume that it has not (API reference,
// CreateEndpointConfig: KmsKeyId), and drivers for another accelerator (ProductionVariant: InferenceAmiVersion). The
// messages are this fake's.
func (c call) checkInstances(variant awsjson.Object) error {
	kind := limits.InstanceType(variant.Text("InstanceType"))
	image := variant.Text("InferenceAmiVersion")
	switch {
	case kind.HasLocalStorage() && c.in.Has("KmsKeyId"):
		return awsjson.Invalid("KmsKeyId is not supported for instance type %s, which has local storage.", kind)
	case kind.HasLocalStorage() && variant.Has("VolumeSizeInGB"):
		return awsjson.Invalid("VolumeSizeInGB is not supported for instance type %s, which has local storage.", kind)
	case image != "" && kind != "" && !kind.Boots(image):
		return awsjson.Invalid("InferenceAmiVersion %s is not supported for instance type %s.", image, kind)
	}
	return nil
}

func (c call) factsOf(variants, shadows []awsjson.Object) configFacts {
	f := configFacts{
		several: len(variants) > 1, shadow: len(shadows) > 0, async: c.in.Has("AsyncInferenceConfig"),
		capture:    c.in.Object("DataCaptureConfig").Flag("EnableCapture"),
		weightless: !slices.ContainsFunc(variants, weighs), explained: c.in.Has("ExplainerConfig"),
	}
	for _, variant := range slices.Concat(variants, shadows) {
		f.serverless = f.serverless || variant.Has("ServerlessConfig")
		model, err := c.find(models, variant.Text("ModelName"))
		if err != nil {
			continue // the models of inference components come later
		}
		containers := model.containers()
		f.isolated = f.isolated || model.Body.Flag("EnableNetworkIsolation")
		f.inVPC = f.inVPC || model.Body.Has("VpcConfig")
		f.pipeline = f.pipeline || len(containers) > 1
		f.multiModel = f.multiModel || model.isMultiModel()
		f.uncompressed = f.uncompressed || slices.ContainsFunc(containers, func(c awsjson.Object) bool {
			return c.Has("ModelDataSource")
		})
	}
	return f
}

// weighs reports whether a variant is sent requests.
func weighs(variant awsjson.Object) bool {
	weight, given := variant["InitialVariantWeight"].(json.Number)
	value, err := weight.Float64()
	return !given || err != nil || value > 0
}
