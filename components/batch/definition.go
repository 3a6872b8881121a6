package batch

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"sagehost/kit/check"
)

// program is what a definition is made of, once everything is known.
type program struct {
	spec *Spec
	// name is the batch's in AWS.
	name             string
	partition, model string
	// bucket is the stack's, where runs write.
	bucket string
	// input is the prefix or the key of the declared input.
	inputBucket, input string
	// keyARN is empty without a key.
	keyARN string
	tags   map[string]string
}

// stopMargin is what an execution has on top of the run's time: to stop the job itself, and to say so.
const stopMargin = 5 * time.Minute

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
		TimeoutSeconds: p.limit(),
		States:         map[string]state{},
	}
	for _, group := range []map[string]state{
		p.inputStates(), p.findStates(), p.jobStates(), p.waitStates(), p.outcomeStates(),
	} {
		maps.Copy(m.States, group)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("definition: %w", err)
	}
	return string(text), nil
}

// timeout bounds the run.
func (p *program) timeout() time.Duration { return check.ValueOr(p.spec.Timeout, DefaultTimeout) }

// limit is when Step Functions ends the execution, in seconds.
func (p *program) limit() int { return seconds(p.timeout() + stopMargin) }

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

// whenAny is a rule of a choice of which one test is enough.
func whenAny(next string, tests ...state) state { return state{"Or": tests, "Next": next} }

// test compares the value at a path.
func test(path, comparison string, value any) state {
	return state{"Variable": path, comparison: value}
}

func present(path string) state { return test(path, "IsPresent", true) }
func absent(path string) state  { return test(path, "IsPresent", false) }

// call is a request to a service whose answer goes to a path; nil drops it.
func (p *program) call(operation string, parameters object, path any, next string) state {
	return state{
		"Type":       "Task",
		"Resource":   "arn:" + p.partition + ":states:::aws-sdk:" + operation,
		"Parameters": parameters,
		"ResultPath": path,
		"Retry":      []object{retry(2*time.Second, 4, time.Minute, "States.TaskFailed")},
		"Next":       next,
	}
}

// caught is a call after which the run goes on, whatever has become of it.
func caught(call state, next string) state {
	call["Catch"] = []object{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": nil, "Next": next}}
	return call
}

// seconds is a span as the language of state machines has it.
func seconds(span time.Duration) int { return int(span / time.Second) }

// draw is a function that draws a number of seconds, so that many who wait do not ask again at once.
func draw(least, most time.Duration) string {
	return fmt.Sprintf("States.MathRandom(%d, %d)", seconds(least), seconds(most)+1)
}

// put writes a JSON document into the run's folder.
func (p *program) put(name string, body object, next string) state {
	return p.call("s3:putObject", object{
		"Bucket": p.bucket, "Key.$": inRun(name), "ContentType": "application/json", "Body": body,
	}, nil, next)
}

// inRun is the key of an object in the run's folder.
func inRun(name string) string { return "States.Format('{}" + name + "', $.run.prefix)" }

// retry tries again after errors, with growing spans in between of which only a random part is waited.
func retry(first time.Duration, attempts int, longest time.Duration, errors ...string) object {
	return object{
		"ErrorEquals": errors, "IntervalSeconds": seconds(first), "MaxAttempts": attempts, "BackoffRate": 2,
		"MaxDelaySeconds": seconds(longest), "JitterStrategy": "FULL",
	}
}

// fail ends the run with an error of its own, and a cause that an intrinsic function makes.
func fail(name, cause string) state {
	return state{"Type": "Fail", "Error": name, "CausePath": cause}
}
