package sagemaker

import (
	"slices"

	"sagehost/localaws/protocol/awsjson"
)

// unpack puts the containers of model packages in the places of what names them; nil when nothing does. A model keeps
// what it was made of: what becomes of the package later does not concern it.
func (c call) unpack(list []awsjson.Object) ([]awsjson.Object, error) {
	isPackage := func(container awsjson.Object) bool { return container.Has("ModelPackageName") }
	if !slices.ContainsFunc(list, isPackage) {
		return nil, nil
	}
	var unpacked []awsjson.Object
	for _, container := range list {
		if !isPackage(container) {
			unpacked = append(unpacked, container)
			continue
		}
		inside, err := c.packaged(container)
		if err != nil {
			return nil, err
		}
		unpacked = append(unpacked, inside...)
	}
	return unpacked, nil
}

// packaged are the containers of the model package that a container names, with what it adds to their environment.
// What AWS says of a version that is not approved is not known.
func (c call) packaged(container awsjson.Object) ([]awsjson.Object, error) {
	found, err := c.called(packages, container.Text("ModelPackageName"))
	if err != nil {
		return nil, err
	}
	if status := found.Body.Text("ModelApprovalStatus"); found.Version > 0 && status != approved {
		return nil, awsjson.Invalid("Cannot create a model of ModelPackage %s: its ModelApprovalStatus is %s, not %s.",
			found.ARN, status, approved)
	}
	specification := found.Body.Object("InferenceSpecification")
	if name := container.Text("InferenceSpecificationName"); name != "" {
		more := found.Body.Objects("AdditionalInferenceSpecifications")
		i := slices.IndexFunc(more, func(s awsjson.Object) bool { return s.Text("Name") == name })
		if i < 0 {
			return nil, awsjson.Invalid("ModelPackage %s has no inference specification %q.", found.ARN, name)
		}
		specification = more[i]
	}
	inside := specification.Objects("Containers")
	if len(inside) == 0 {
		return nil, awsjson.Invalid("ModelPackage %s has no inference specification.", found.ARN)
	}
	if added := container.Object("Environment"); len(added) > 0 {
		for i := range inside {
			both := inside[i].Object("Environment").With(added)
			inside[i] = inside[i].With(awsjson.Object{"Environment": map[string]any(both)})
		}
	}
	return inside, nil
}
