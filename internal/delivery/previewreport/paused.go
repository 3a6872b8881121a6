package previewreport

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// fleetsType is what notes the instances of an endpoint's variants; when they change, scalable targets go first.
const fleetsType = "pulumi:index:Stash"

// scalingPauses reports whether an endpoint's variants are not scaled while it is updated.
func (c *Collector) scalingPauses(endpoint apitype.StepEventMetadata) bool {
	change, isScaled := false, false
	targets := "endpoint/" + text(current(endpoint), "name") + "/"
	for _, step := range c.steps {
		switch step.Type {
		case fleetsType:
			change = change || step.Op == apitype.OpReplace && parent(step) == parent(endpoint)
		case targetType:
			isScaled = isScaled || strings.HasPrefix(text(current(step), "resourceId"), targets)
		}
	}
	return change && isScaled
}
