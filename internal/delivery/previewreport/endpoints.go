package previewreport

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// The types that say what an endpoint serves, and how it is updated.
const (
	modelType    = "aws:sagemaker/model:Model"
	configType   = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	endpointType = "aws:sagemaker/endpoint:Endpoint"
)

// endpoints are those that change. What one serves is in its configuration, a child of the same component.
func (c *Collector) endpoints() []Endpoint {
	configs, models := map[string]apitype.StepEventMetadata{}, map[string]apitype.StepEventMetadata{}
	for _, step := range c.steps {
		switch step.Type {
		case configType:
			configs[parent(step)+name(step)] = step
		case modelType:
			for _, generation := range generations(step) {
				models[generation] = step
			}
		}
	}
	var changed []Endpoint
	for _, step := range c.steps {
		if step.Type != endpointType || step.Op == apitype.OpSame || step.Op == apitype.OpRefresh {
			continue
		}
		config := configs[parent(step)+name(step)]
		e := Endpoint{Name: name(step), InAWS: text(current(step), "name"), Op: string(step.Op)}
		if step.Op != apitype.OpDelete {
			e.Models = served(config, models)
		}
		if step.Op == apitype.OpUpdate && changes(step, "endpointConfigName") {
			e.How = how(step, config)
			if c.scalingPauses(step) {
				e.How += "; not scaled meanwhile"
			}
		}
		changed = append(changed, e)
	}
	slices.SortFunc(changed, byName)
	return changed
}

// generations are the names in SageMaker that a model has now and will have, as far as they are known.
func generations(step apitype.StepEventMetadata) []string {
	var names []string
	for _, state := range []*apitype.StepEventStateMetadata{step.Old, step.New} {
		if state == nil {
			continue
		}
		for _, id := range []string{state.ID, text(state.Outputs, "name"), text(state.Inputs, "name")} {
			if id != "" && id != unknown {
				names = append(names, id)
			}
		}
	}
	return names
}

// served are the models of a configuration's variants that differ from those that are served now. A variant whose
// model has no name yet serves the next generation of the model that it serves now.
func served(config apitype.StepEventMetadata, models map[string]apitype.StepEventMetadata) []Model {
	before := variants(config.Old)
	var differing []Model
	for variant, model := range variants(config.New) {
		now, wasServed := before[variant]
		if model == "" || model == unknown {
			model = now
		}
		step, known := models[model]
		if !known {
			continue
		}
		m := Model{Name: name(step), Differences: differences(step)}
		sameModel := wasServed && models[now].URN == step.URN
		if sameModel && len(m.Differences) == 0 {
			continue
		}
		if !sameModel {
			m.Differences = nil
		}
		if !slices.ContainsFunc(differing, func(other Model) bool { return other.Name == m.Name }) {
			differing = append(differing, m)
		}
	}
	slices.SortFunc(differing, func(a, b Model) int { return cmp.Compare(a.Name, b.Name) })
	return differing
}

// variants are the models' names in SageMaker, by variant.
func variants(state *apitype.StepEventStateMetadata) map[string]string {
	found := map[string]string{}
	if state == nil {
		return found
	}
	for _, property := range []string{"productionVariants", "shadowProductionVariants"} {
		list, _ := state.Inputs[property].([]any)
		for _, element := range list {
			variant, _ := element.(map[string]any)
			found[text(variant, "variantName")] = text(variant, "modelName")
		}
	}
	return found
}

// how is the way in which an update exchanges the instances.
func how(step, config apitype.StepEventMetadata) string {
	deployment := member(step.New.Inputs, "deploymentConfig")
	if rolling := member(deployment, "rollingUpdatePolicy"); rolling != nil {
		return "rolling: " + size(member(rolling, "maximumBatchSize")) + " at a time" + pause(rolling)
	}
	if config.New != nil && serverless(config.New) {
		return "all at once, without instances"
	}
	shift := member(member(deployment, "blueGreenUpdatePolicy"), "trafficRoutingConfiguration")
	switch text(shift, "type") {
	case "CANARY":
		return "canary: " + size(member(shift, "canarySize")) + " first" + pause(shift)
	case "LINEAR":
		return "linear: " + size(member(shift, "linearStepSize")) + " in each step" + pause(shift)
	default:
		return "all at once"
	}
}

func serverless(state *apitype.StepEventStateMetadata) bool {
	list, _ := state.Inputs["productionVariants"].([]any)
	for _, element := range list {
		if variant, _ := element.(map[string]any); variant["serverlessConfig"] != nil {
			return true
		}
	}
	return false
}

func size(size map[string]any) string {
	number := fmt.Sprint(size["value"])
	if text(size, "type") == "INSTANCE_COUNT" {
		return number + " instances"
	}
	return number + " % of the capacity"
}

// pause is how long the alarms are watched before an update goes on.
func pause(policy map[string]any) string {
	if seconds, ok := policy["waitIntervalInSeconds"].(float64); ok && seconds > 0 {
		return fmt.Sprintf(", %v s of watching after it", seconds)
	}
	return ""
}

func name(step apitype.StepEventMetadata) string { return resource.URN(step.URN).Name() }

func parent(step apitype.StepEventMetadata) string {
	if state := step.New; state != nil {
		return state.Parent
	}
	if step.Old != nil {
		return step.Old.Parent
	}
	return ""
}

// changes reports whether a step concerns a property.
func changes(step apitype.StepEventMetadata, property string) bool {
	_, detailed := step.DetailedDiff[property]
	return detailed || slices.Contains(step.Diffs, property)
}

// current are the inputs that hold after a step, or held before a deletion.
func current(step apitype.StepEventMetadata) map[string]any {
	if step.New != nil {
		return step.New.Inputs
	}
	if step.Old != nil {
		return step.Old.Inputs
	}
	return nil
}
