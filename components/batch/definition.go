package batch

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// program is what a definition is made of, once everything is known.
type program struct {
	spec *Spec
	// name is the batch's in AWS.
	name             string
	partition, model string
	// bucket is the stack's, where runs write.
	bucket                   string
	inputBucket, inputPrefix string
	// keyARN is empty without a key.
	keyARN string
	tags   map[string]string
}

// How long a run waits for instances: a capacity that is exhausted comes back in minutes rather than seconds.
const (
	maxAttempts   = 4
	capacityDelay = 10 * time.Minute
)

// machine is a definition in Amazon States Language.
type machine struct {
	Comment        string
	StartAt        string
	TimeoutSeconds int
	States         map[string]state
}

// state is a state of a machine by its fields.
type state map[string]any

// object is a JSON object. Keys that end in ".$" hold paths and intrinsic functions.
type object = map[string]any

// definition is the state machine: it looks for the input, marks the run's folder as incomplete, transforms, and says
// how that went.
func (p *program) definition() (string, error) {
	m := machine{
		Comment:        "Batch transform " + p.name,
		StartAt:        "Begin",
		TimeoutSeconds: int(or(p.spec.Timeout, DefaultTimeout) / time.Second),
		States:         map[string]state{},
	}
	for _, group := range []map[string]state{p.inputStates(), p.jobStates(), p.outcomeStates()} {
		maps.Copy(m.States, group)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("definition: %w", err)
	}
	return string(text), nil
}

// set is a state that puts a value at a path of the state's data and goes on.
func set(path string, value object, next string) state {
	return state{"Type": "Pass", "Parameters": value, "ResultPath": path, "Next": next}
}

// choose is a state that goes on by the first rule that holds.
func choose(fallback string, rules ...state) state {
	return state{"Type": "Choice", "Choices": rules, "Default": fallback}
}

// when is a rule of a choice; tests are joined by And.
func when(next string, tests ...state) state {
	if len(tests) > 1 {
		return state{"And": tests, "Next": next}
	}
	rule := maps.Clone(tests[0])
	rule["Next"] = next
	return rule
}

// test compares the value at a path.
func test(path, comparison string, value any) state {
	return state{"Variable": path, comparison: value}
}

func present(path string) state { return test(path, "IsPresent", true) }
func absent(path string) state  { return test(path, "IsPresent", false) }

// call is a request to Amazon S3 whose answer goes to a path; nil drops it.
func (p *program) call(operation string, parameters object, path any, next string) state {
	return state{
		"Type":       "Task",
		"Resource":   "arn:" + p.partition + ":states:::aws-sdk:s3:" + operation,
		"Parameters": parameters,
		"ResultPath": path,
		"Retry":      []object{retry(2*time.Second, 4, time.Minute, "States.TaskFailed")},
		"Next":       next,
	}
}

// put writes a JSON document into the run's folder.
func (p *program) put(name string, body object, next string) state {
	return p.call("putObject", object{
		"Bucket": p.bucket, "Key.$": inRun(name), "ContentType": "application/json", "Body": body,
	}, nil, next)
}

// inRun is the key of an object in the run's folder.
func inRun(name string) string { return "States.Format('{}" + name + "', $.run.prefix)" }

// retry tries again after errors, with growing spans in between of which only a random part is waited.
func retry(first time.Duration, attempts int, longest time.Duration, errors ...string) object {
	return object{
		"ErrorEquals": errors, "IntervalSeconds": int(first / time.Second), "MaxAttempts": attempts, "BackoffRate": 2,
		"MaxDelaySeconds": int(longest / time.Second), "JitterStrategy": "FULL",
	}
}

// fail ends the run with an error of its own, and a cause that an intrinsic function makes.
func fail(name, cause string) state {
	return state{"Type": "Fail", "Error": name, "CausePath": cause}
}
