package previewreport

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"sagehost/kit/secrets"
)

// Collector makes a report of what the engine tells while it is at work.
type Collector struct {
	operation Operation
	stack     string

	mutex  sync.Mutex
	steps  map[string]apitype.StepEventMetadata // by URN
	errors []string
}

// NewCollector begins a report about an operation on a stack.
func NewCollector(operation Operation, stack string) *Collector {
	return &Collector{operation: operation, stack: stack, steps: map[string]apitype.StepEventMetadata{}}
}

// Tell takes an event of the engine.
func (c *Collector) Tell(event events.EngineEvent) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch {
	case event.ResourcePreEvent != nil && c.operation == Preview:
		c.step(event.ResourcePreEvent.Metadata)
	case event.ResOutputsEvent != nil && c.operation == Drift:
		// Only once a resource was read is it known whether it differs.
		c.step(event.ResOutputsEvent.Metadata)
	case event.DiagnosticEvent != nil && event.DiagnosticEvent.Severity == "error":
		c.fail(event.DiagnosticEvent.URN, event.DiagnosticEvent.Message)
	case event.PolicyEvent != nil && event.PolicyEvent.EnforcementLevel == "mandatory":
		c.fail(event.PolicyEvent.ResourceURN, event.PolicyEvent.PolicyName+": "+event.PolicyEvent.Message)
	}
}

func (c *Collector) fail(urn, message string) {
	if urn != "" {
		message = resource.URN(urn).Name() + ": " + message
	}
	// The engine's texts say which colour they have.
	message = strings.ToValidUTF8(colors.Never.Colorize(message), "�")
	if message = strings.TrimSpace(secrets.Redact(message)); !slices.Contains(c.errors, message) {
		c.errors = append(c.errors, message)
	}
}

// step keeps what happens to a resource. A replacement comes in three steps, of which the logical one says it all.
func (c *Collector) step(step apitype.StepEventMetadata) {
	switch string(step.Op) {
	case "create-replacement", "delete-replaced", "discard-replaced", "remove-pending-replace", "read",
		"read-replacement", "read-discard":
		return
	}
	// Providers are how a stack is made, and no part of it.
	if strings.HasPrefix(step.Type, "pulumi:providers:") {
		return
	}
	c.steps[step.URN] = step
}

// Report is the report of all that was told. The error is the operation's.
func (c *Collector) Report(err error) *Report {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	r := &Report{Operation: c.operation, Stack: c.stack, Failed: err != nil, Errors: slices.Clone(c.errors)}
	if err != nil && len(r.Errors) == 0 {
		r.Errors = []string{secrets.Redact(err.Error())}
	}
	for _, urn := range slices.Sorted(maps.Keys(c.steps)) {
		step := c.steps[urn]
		if step.Op == apitype.OpSame || step.Op == apitype.OpRefresh || c.scheduled(step) {
			r.Unchanged++
		} else {
			r.Changes = append(r.Changes, change(step))
		}
	}
	r.Endpoints = c.endpoints()
	if c.operation == Preview {
		r.NotSecret = c.notSecret()
	}
	return r
}

func change(step apitype.StepEventMetadata) Change {
	changed := Change{
		Op: string(step.Op), Type: step.Type, Name: resource.URN(step.URN).Name(),
		Properties: slices.Sorted(maps.Keys(step.DetailedDiff)),
		Because:    slices.Sorted(slices.Values(step.Keys)),
	}
	if len(changed.Properties) == 0 {
		changed.Properties = slices.Sorted(slices.Values(step.Diffs))
	}
	if step.Op == apitype.OpDelete || step.Op == apitype.OpReplace {
		changed.Protected = step.Old != nil && step.Old.Protect
		if step.Old == nil || !step.Old.RetainOnDelete {
			changed.Data = lost(step)
		}
	}
	return changed
}

// data is what is lost with resources of a type.
var data = map[string]string{
	"aws:s3/bucketV2:BucketV2":                          "its objects",
	"aws:kms/key:Key":                                   "everything encrypted under it",
	"aws:cloudwatch/logGroup:LogGroup":                  "its logs",
	"aws:sagemaker/modelPackageGroup:ModelPackageGroup": "its model packages",
	"aws:ecr/repository:Repository":                     "its images",
}

// object is an object in a bucket: of a new release it gets a new key, which makes the old one no loss worth a warning.
const object = "aws:s3/bucketObjectv2:BucketObjectv2"

func lost(step apitype.StepEventMetadata) string {
	if step.Type == object && step.Op == apitype.OpDelete {
		return "the object"
	}
	return data[step.Type]
}

// byName sorts endpoints.
func byName(a, b Endpoint) int { return cmp.Compare(a.Name, b.Name) }
