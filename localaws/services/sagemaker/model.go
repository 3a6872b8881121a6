package sagemaker

import (
	"slices"

	"sagehost/localaws/containers/environment"
	"sagehost/localaws/protocol/awsjson"
)

func (c call) createModel() (awsjson.Object, error) {
	if c.in.Has("PrimaryContainer") == (len(c.in.Objects("Containers")) > 0) {
		return nil, awsjson.Invalid("Exactly one of PrimaryContainer and Containers must be specified.")
	}
	if !c.in.Has("ExecutionRoleArn") {
		return nil, awsjson.Invalid("ExecutionRoleArn must be specified.")
	}
	for _, container := range containers(c.in) {
		if container.Has("Image") == container.Has("ModelPackageName") {
			return nil, awsjson.Invalid("Exactly one of Image and ModelPackageName must be specified for a container.")
		}
	}
	unpacked, err := c.unpack(containers(c.in))
	if err != nil {
		return nil, err
	}
	inside := unpacked
	if inside == nil {
		inside = containers(c.in)
	}
	for _, container := range inside {
		if refusal := environment.Refusal(container.Object("Environment")); refusal != "" {
			return nil, awsjson.Invalid("%s", refusal)
		}
	}
	if err := c.checkImages(inside); err != nil {
		return nil, err
	}
	if err := c.checkData(inside); err != nil {
		return nil, err
	}
	made, err := c.create(models)
	if err != nil {
		return nil, err
	}
	made.Unpacked = unpacked
	return awsjson.Object{"ModelArn": made.ARN}, nil
}

func (c call) describeModel() (awsjson.Object, error) { return c.describe(models) }

// deleteModel does not ask whether an endpoint uses the model; neither does AWS.
func (c call) deleteModel() (awsjson.Object, error) { return c.remove(models) }

// containers are what is served for a model, in its order.
func (r *record) containers() []awsjson.Object {
	if r.Unpacked != nil {
		return r.Unpacked
	}
	return containers(r.Body)
}

// isMultiModel reports whether one of the model's containers loads archives on demand.
func (r *record) isMultiModel() bool {
	return slices.ContainsFunc(r.containers(), func(c awsjson.Object) bool { return c.Text("Mode") == "MultiModel" })
}

// containers are the containers of a request in their order.
func containers(model awsjson.Object) []awsjson.Object {
	if primary := model.Object("PrimaryContainer"); primary != nil {
		return []awsjson.Object{primary}
	}
	return model.Objects("Containers")
}
