package previewreport

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"sagehost/components/batch"
	"sagehost/components/model"
)

// NotSecret is what a model or a batch newly declares to be no secret, though it looks like one.
type NotSecret struct {
	// Type is the component's type, and Name its name in the program.
	Type string `json:"type"`
	Name string `json:"name"`
	// Variables are the names of variables of the environment.
	Variables []string `json:"variables"`
}

// notSecret lists the declarations that are new.
func (c *Collector) notSecret() []NotSecret {
	var list []NotSecret
	for _, urn := range slices.Sorted(maps.Keys(c.steps)) {
		step := c.steps[urn]
		if step.New == nil || step.Type != model.Type && step.Type != batch.Type {
			continue
		}
		var before []any
		if step.Old != nil {
			before, _ = step.Old.Inputs[model.NotSecretKey].([]any)
		}
		declared := NotSecret{Type: step.Type, Name: resource.URN(urn).Name()}
		after, _ := step.New.Inputs[model.NotSecretKey].([]any)
		for _, name := range after {
			if text, isText := name.(string); isText && !slices.Contains(before, name) {
				declared.Variables = append(declared.Variables, text)
			}
		}
		if len(declared.Variables) > 0 {
			list = append(list, declared)
		}
	}
	return list
}
