package previewreport

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// The types between which capacity is decided.
const (
	targetType   = "aws:appautoscaling/target:Target"
	scheduleType = "aws:appautoscaling/scheduledAction:ScheduledAction"
)

// capacity are the properties of a scalable target that schedules change.
var capacity = map[string]bool{"minCapacity": true, "maxCapacity": true}

// scheduled reports whether what differs are the bounds of a scalable target for which the stack has a schedule: to
// move them is what a schedule is for, and no drift.
func (c *Collector) scheduled(step apitype.StepEventMetadata) bool {
	if c.operation != Drift || step.Type != targetType || step.Op != apitype.OpUpdate {
		return false
	}
	properties := change(step).Properties
	if len(properties) == 0 {
		return false
	}
	for _, property := range properties {
		if !capacity[property] {
			return false
		}
	}
	for _, other := range c.steps {
		if other.Type == scheduleType && text(current(other), "resourceId") == text(current(step), "resourceId") {
			return true
		}
	}
	return false
}
