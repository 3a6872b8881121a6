package sagemaker

import (
	"maps"
	"slices"

	"sagehost/localaws/protocol/awsjson"
)

// maxSpecifications is how many additional inference specifications a package can have, by the service model.
const maxSpecifications = 15

// updatePackage approves a version, or changes what else of a package can change.
func (c call) updatePackage() (awsjson.Object, error) {
	found, err := c.called(packages, c.in.Text("ModelPackageArn"))
	if err != nil {
		return nil, err
	}
	body := maps.Clone(found.Body)
	for _, name := range []string{
		"ApprovalDescription", "InferenceSpecification", "ModelApprovalStatus", "ModelCard", "ModelLifeCycle",
		"ModelPackageRegistrationType", "SourceUri",
	} {
		if c.in.Has(name) {
			body[name] = c.in[name]
		}
	}
	if more, ok := c.in["AdditionalInferenceSpecificationsToAdd"].([]any); ok {
		const name = "AdditionalInferenceSpecifications"
		kept, _ := body[name].([]any)
		all := slices.Concat(kept, more)
		if len(all) > maxSpecifications {
			return nil, awsjson.Invalid("%s would have %d additional inference specifications; at most %d are allowed.",
				found.ARN, len(all), maxSpecifications)
		}
		body[name] = all
	}
	c.updateProperties(body)
	found.Body, found.Modified = body, c.now
	return awsjson.Object{"ModelPackageArn": found.ARN}, nil
}

// updateProperties adds and removes metadata.
func (c call) updateProperties(body awsjson.Object) {
	const name = "CustomerMetadataProperties"
	properties := body.Object(name).With(c.in.Object(name)).Without(c.in.Texts(name + "ToRemove")...)
	if delete(body, name); len(properties) > 0 {
		body[name] = map[string]any(properties)
	}
}
