package stepfunctions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/stepfunctions/asl"
)

// jsonZero is 0 as JSON has it.
const jsonZero = json.Number("0")

// retention is how long the history of an execution is kept after its end, and how long its name is taken, by the
// quotas of AWS Step Functions.
const retention = 90 * 24 * time.Hour

// StartExecution starts a state machine, for services that start it by themselves. An empty name stands for one that is
// made up, and an empty input for {}. An error is as StartExecution of the API words it.
func (f *Fake) StartExecution(ctx context.Context, region, stateMachineARN, name, input string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	in := awsjson.Object{"stateMachineArn": stateMachineARN, "input": cmp.Or(input, emptyInput)}
	if name != "" {
		in["name"] = name
	}
	if err := startInput.Check(in); err != nil {
		return fmt.Errorf("start of %s: %w", stateMachineARN, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.call(region, in).start()
	return err
}

// emptyInput is the input of an execution that is given none.
const emptyInput = "{}"

func (c call) start() (awsjson.Object, error) {
	m, err := c.machine(c.in.Text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	made := &execution{
		Region: c.region, Machine: m.Name, Name: c.in.Text("name"), Revision: m.Revision, Input: emptyInput,
		TraceHeader: c.in.Text("traceHeader"), Status: running, Started: c.now,
	}
	if !c.in.Has("name") {
		made.Name = uuid.NewString()
	}
	if c.in.Has("input") {
		made.Input = c.in.Text("input")
	}
	if err := checkName(made.Name); err != nil {
		return nil, err
	}
	if err := checkInput(made.Input); err != nil {
		return nil, err
	}
	c.forgetOld()
	if known := c.executions[made.arn()]; known != nil {
		if known.Status != running || known.Input != made.Input {
			return nil, awsjson.Errorf("ExecutionAlreadyExists", "Execution Already Exists: '%s'", made.arn())
		}
		return known.started(), nil
	}
	details := map[string]any{
		"input": made.Input, "inputDetails": map[string]any{"truncated": false}, "roleArn": made.Revision.RoleARN,
	}
	made.add(c.now, asl.Event{Type: "ExecutionStarted", Details: details})
	c.executions[made.arn()] = made
	if err := c.saveStarted(made); err != nil {
		delete(c.executions, made.arn())
		return nil, err
	}
	c.measureStart(made)
	c.launch(made)
	return made.started(), nil
}

func (e *execution) started() awsjson.Object {
	return awsjson.Object{"executionArn": e.arn(), "startDate": awsjson.Time(e.Started)}
}

// checkInput refuses what is not JSON.
func checkInput(input string) error {
	const words = "Invalid State Machine Execution Input: '%s'"
	if input == "" {
		return awsjson.Errorf("InvalidExecutionInput", words, "Invalid execution input.")
	}
	if _, err := asl.Decode(input); err != nil {
		return awsjson.Errorf("InvalidExecutionInput", words, err.Error())
	}
	return nil
}

// forgetOld drops executions whose time is over. The lock is held.
func (c call) forgetOld() {
	for key, e := range c.executions {
		if e.Status != running && c.now.Sub(e.Stopped) > retention {
			delete(c.executions, key)
			c.removeExecution(e)
		}
	}
}
