package asl

import (
	"errors"
	"fmt"
)

// Error is why a state or an execution failed, as a Retry or a Catch sees it.
type Error struct {
	// Name is such as "States.TaskFailed" or "SageMaker.ResourceLimitExceededException"; empty for a Fail state that
	// has none.
	Name string
	// Cause is for people; empty when there is none.
	Cause string
}

// Error is the name and the cause.
func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// Names of errors that AWS Step Functions itself knows.
const (
	anyError          = "States.ALL"
	TaskFailed        = "States.TaskFailed"
	timeoutError      = "States.Timeout"
	runtimeError      = "States.Runtime"
	tooMuchData       = "States.DataLimitExceeded"
	intrinsicError    = "States.IntrinsicFailure"
	resultPathError   = "States.ResultPathMatchFailure"
	noChoiceError     = "States.NoChoiceMatched"
	maxData           = 256 * 1024
	tooMuchDataFormat = "The state/task '%s' returned a result with a size exceeding the maximum number of bytes " +
		"service limit."
)

// ErrStopped is the cause of a context whose execution is to end at once, because it was stopped.
var ErrStopped = errors.New("the execution was stopped")

// runtime is an error of the definition or of its data, which nothing retries or catches.
func (r *run) runtime(format string, args ...any) *Error {
	return &Error{Name: runtimeError, Cause: r.place() + fmt.Sprintf(format, args...)}
}

// place words where an execution is.
func (r *run) place() string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ",
		r.at.State, r.at.EnteredID)
}

// oversized is the error for a result that is too large; nil when it is not.
func oversized(name string, result any) *Error {
	if len(Encode(result)) <= maxData {
		return nil
	}
	return &Error{Name: tooMuchData, Cause: fmt.Sprintf(tooMuchDataFormat, name)}
}
