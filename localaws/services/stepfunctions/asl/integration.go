package asl

import (
	"context"
	"strings"
)

// Integration is something that a Task can do.
type Integration struct {
	// Type and Action are its names in the history, such as "sagemaker" and "createTransformJob.sync".
	Type, Action string
	// Check says what is wrong with parameters, in AWS's words. Names of expressions that are not filled in yet end in
	// ".$".
	Check func(parameters map[string]any) []string
	// Start makes the request. Its error is an *Error, unless the context has ended.
	Start func(context.Context, Call) (any, error)
	// Follow waits for the end of what Start has begun, and Stop ends it; both are nil for a Task that does not wait.
	Follow func(ctx context.Context, call Call, begun any) (any, error)
	Stop   func(ctx context.Context, call Call, begun any) error
}

// Call is one attempt of a Task.
type Call struct {
	Region string
	// RoleARN is the role of the state machine.
	RoleARN string
	// Parameters are an object that Check has nothing to say against.
	Parameters any
}

// Catalog is the integrations by their resource without what comes before the service: "sns:publish".
type Catalog map[string]Integration

// find looks the resource of a Task up.
func (c Catalog) find(resource, partition string) (Integration, bool) {
	name, ours := strings.CutPrefix(resource, "arn:"+partition+":states:::")
	found, known := c[name]
	return found, ours && known
}
