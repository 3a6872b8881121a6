package previewreport

import (
	"fmt"
	"slices"
)

// Lines are the properties that differ, a line each, such as
// "update aws:sagemaker/endpoint:Endpoint flowers: endpointConfigName". Resources that are to be created differ in all
// of theirs, and have no line.
func (r *Report) Lines() []string {
	var lines []string
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Op == "create" {
			continue
		}
		resource := fmt.Sprintf("%s %s %s", c.Op, c.Type, c.Name)
		if len(c.Properties) == 0 {
			lines = append(lines, resource)
		}
		for _, property := range c.Properties {
			line := resource + ": " + property
			if slices.Contains(c.Because, property) {
				line += " (replaces it)"
			}
			lines = append(lines, line)
		}
	}
	return lines
}
