package stepfunctions

import (
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
)

// call is one request under way. The fake's lock is held.
type call struct {
	*Fake
	region string
	now    time.Time
	in     awsjson.Object
}

func (f *Fake) operations() map[string]awsjson.Operation {
	table := []struct {
		name  string
		input shape.Shape
		run   func(call) (awsjson.Object, error)
	}{
		{"CreateStateMachine", createInput, call.create},
		{"UpdateStateMachine", updateInput, call.update},
		{"DescribeStateMachine", structure(machineARN, included), call.describeMachine},
		{"ListStateMachines", structure(paged(shortToken)...), call.listMachines},
		{"DeleteStateMachine", structure(machineARN), call.deleteMachine},
		{"ValidateStateMachineDefinition", validateInput, call.validate},
		{"ListStateMachineVersions", structure(append(paged(shortToken), machineARN)...), call.listVersions},
		{"TagResource", structure(resourceARN, required("tags", tagList)), call.tag},
		{"UntagResource", structure(resourceARN, required("tagKeys", shape.List("", tagKey))), call.untag},
		{"ListTagsForResource", structure(resourceARN), call.listTags},
		{"StartExecution", startInput, call.start},
		{"DescribeExecution", structure(executionARN, included), call.describeExecution},
		{"ListExecutions", listExecutionsInput, call.listExecutions},
		{"GetExecutionHistory", historyInput, call.history},
		{"StopExecution", stopInput, call.stopExecution},
		{"DescribeStateMachineForExecution", structure(executionARN, included), call.describeMachineOf},
	}
	operations := map[string]awsjson.Operation{}
	for _, row := range table {
		operations[row.name] = awsjson.Operation{Input: row.input, Run: f.locked(row.run)}
	}
	return operations
}

func (f *Fake) locked(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return func(c awsjson.Call) (awsjson.Object, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return run(f.call(c.Region, c.Input))
	}
}

func (f *Fake) call(region string, in awsjson.Object) call {
	return call{Fake: f, region: region, now: f.options.Clock.Now(), in: in}
}
