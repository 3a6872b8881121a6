// Package previewreport says what a preview of a stack, or a check for drift, has found: as data without secrets, and
// as Markdown for people who decide.
package previewreport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// Operation is what was asked of the engine.
type Operation string

// The operations.
const (
	// Preview compares the program with the state.
	Preview Operation = "preview"
	// Drift compares the state with what exists.
	Drift Operation = "drift"
)

// Report is what was found. Of values it holds nothing but images, archives, releases and the way in which an endpoint
// is updated; all other properties are only named.
type Report struct {
	// Operation is what was asked.
	Operation Operation `json:"operation"`
	// Stack is the stack's name.
	Stack string `json:"stack"`
	// Failed says that the operation did not come to its end: what was found is not all.
	Failed bool `json:"failed"`
	// Errors are the engine's errors, without secrets.
	Errors []string `json:"errors,omitempty"`
	// Unchanged is the number of resources that stay as they are.
	Unchanged int `json:"unchanged"`
	// Changes are the resources that do not stay as they are, by URN.
	Changes []Change `json:"changes,omitempty"`
	// Endpoints are the endpoints that change, by name.
	Endpoints []Endpoint `json:"endpoints,omitempty"`
	// NotSecret are the variables that are newly declared to be no secrets.
	NotSecret []NotSecret `json:"notSecret,omitempty"`
}

// Change is what is to happen to a resource, or what has happened to it outside of Pulumi.
type Change struct {
	// Op is "create", "update", "replace", "delete" or another operation of the engine.
	Op string `json:"op"`
	// Type is the resource's type, such as "aws:sagemaker/model:Model", and Name its name in the program.
	Type string `json:"type"`
	Name string `json:"name"`
	// Properties are the paths of the properties that differ, sorted.
	Properties []string `json:"properties,omitempty"`
	// Because are the properties that cannot be changed in place, sorted.
	Because []string `json:"because,omitempty"`
	// Data is what is lost with the resource, such as "its objects"; empty where nothing is.
	Data string `json:"data,omitempty"`
	// Protected says that Pulumi will refuse to delete the resource.
	Protected bool `json:"protected,omitempty"`
}

// Endpoint is what happens to an endpoint.
type Endpoint struct {
	// Name is the endpoint's name in the program, and InAWS its name in SageMaker.
	Name  string `json:"name"`
	InAWS string `json:"inAws"`
	// Op is "create", "update", "replace" or "delete".
	Op string `json:"op"`
	// How is the way in which instances are exchanged, such as "canary: 50 % of the capacity first".
	How string `json:"how,omitempty"`
	// Models are the models that it serves then and that differ from now.
	Models []Model `json:"models,omitempty"`
}

// Model is a model that an endpoint serves.
type Model struct {
	// Name is the model's name in the program.
	Name string `json:"name"`
	// Differences are what differs; none of a model that is new to the endpoint.
	Differences []Difference `json:"differences,omitempty"`
}

// Difference is a value that differs. A value is empty where there is none, and "(unknown)" or "(secret)" where it
// cannot be shown.
type Difference struct {
	// What is "release", "image" or "artifact", of a pipeline with the container's hostname.
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Drifted reports whether something is not as the state says.
func (r *Report) Drifted() bool { return len(r.Changes) > 0 }

// Encode is the report as JSON.
func (r *Report) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append(text, '\n'), nil
}

// stackName is what Pulumi accepts as a stack's name, but for those of other organizations.
var stackName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

// Decode reads what Encode has written.
func Decode(text []byte) (*Report, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	r := &Report{}
	if err := decoder.Decode(r); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("report: something follows its end")
	}
	if r.Operation != Preview && r.Operation != Drift {
		return nil, fmt.Errorf("report: operation: %q is neither %q nor %q", r.Operation, Preview, Drift)
	}
	if !stackName.MatchString(r.Stack) {
		return nil, fmt.Errorf("report: stack: %q is not the name of a stack", r.Stack)
	}
	return r, nil
}
