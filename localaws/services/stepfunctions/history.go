package stepfunctions

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

func (c call) describeExecution() (awsjson.Object, error) {
	e, err := c.execution()
	if err != nil {
		return nil, err
	}
	withData := c.in.Text("includedData") != "METADATA_ONLY"
	out := e.summary().With(awsjson.Object{"inputDetails": map[string]any{"included": withData}})
	if withData {
		out["input"] = e.Input
	}
	if e.Status == "SUCCEEDED" {
		out["outputDetails"] = map[string]any{"included": withData}
		if withData {
			out["output"] = e.Output
		}
	}
	for name, value := range map[string]string{"error": e.Error, "cause": e.Cause, "traceHeader": e.TraceHeader} {
		if value != "" {
			out[name] = value
		}
	}
	out["redriveStatus"] = "REDRIVABLE"
	if e.Status == running || e.Status == "SUCCEEDED" {
		out["redriveStatus"] = "NOT_REDRIVABLE"
		out["redriveStatusReason"] = "Execution is " + e.Status + " and cannot be redriven"
	}
	return out, nil
}

// summary is the members that a listing has.
func (e *execution) summary() awsjson.Object {
	out := awsjson.Object{
		"executionArn": e.arn(), "stateMachineArn": arnOfMachine(e.Region, e.Machine), "name": e.Name, "status": e.Status,
		"startDate": awsjson.Time(e.Started), "redriveCount": jsonZero,
	}
	if e.Status != running {
		out["stopDate"] = awsjson.Time(e.Stopped)
	}
	return out
}

func (c call) listExecutions() (awsjson.Object, error) {
	if !c.in.Has("stateMachineArn") || c.in.Has("mapRunArn") {
		return nil, awsjson.Invalid("Must provide a StateMachine ARN; Map Runs are not supported by the local AWS.")
	}
	m, err := c.machine(c.in.Text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	status, redriven := c.in.Text("statusFilter"), c.in.Text("redriveFilter") == "REDRIVEN"
	var found []*execution
	for _, e := range c.executions {
		wanted := (status == "" || status == e.Status) && !redriven
		if wanted && e.Machine == m.Name && e.Region == m.Region {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *execution) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(a.Name, b.Name))
	})
	list := make([]awsjson.Object, len(found))
	for i, e := range found {
		list[i] = e.summary()
	}
	return c.page("executions", list)
}

func (c call) history() (awsjson.Object, error) {
	e, err := c.execution()
	if err != nil {
		return nil, err
	}
	withData := !c.in.Has("includeExecutionData") || c.in.Flag("includeExecutionData")
	list := make([]awsjson.Object, len(e.Events))
	for i, entry := range e.Events {
		list[i] = entry.described(i+1, withData)
	}
	if c.in.Flag("reverseOrder") {
		slices.Reverse(list)
	}
	return c.page("events", list)
}

// described is an event as GetExecutionHistory has it.
func (e event) described(id int, withData bool) awsjson.Object {
	out := awsjson.Object{
		"id": json.Number(strconv.Itoa(id)), "previousEventId": json.Number(strconv.FormatInt(e.Previous, 10)),
		"timestamp": awsjson.Time(e.At), "type": e.Type,
	}
	details := map[string]any{}
	maps.Copy(details, e.Details)
	if !withData {
		delete(details, "input")
		delete(details, "output")
	}
	out[detailsMember(e.Type)] = details
	return out
}

// detailsMember is the member of an event that has its details.
func detailsMember(kind string) string {
	switch {
	case strings.HasSuffix(kind, "StateEntered"):
		kind = "stateEntered"
	case strings.HasSuffix(kind, "StateExited"):
		kind = "stateExited"
	}
	return strings.ToLower(kind[:1]) + kind[1:] + "EventDetails"
}

func (c call) describeMachineOf() (awsjson.Object, error) {
	e, err := c.execution()
	if err != nil {
		return nil, err
	}
	return e.Revision.described().With(awsjson.Object{
		"stateMachineArn": arnOfMachine(e.Region, e.Machine), "name": e.Machine,
		"updateDate": awsjson.Time(e.Revision.At),
	}), nil
}
