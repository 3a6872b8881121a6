package stepfunctions

import (
	"context"
	"errors"
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/stepfunctions/asl"
)

// Statuses of executions that have not ended by themselves.
const (
	running = "RUNNING"
	aborted = "ABORTED"
)

// execution is one run of a state machine.
type execution struct {
	Region, Machine, Name string
	// Revision is what the state machine was when the execution began.
	Revision    revision
	Input       string
	TraceHeader string

	Status           string
	Started, Stopped time.Time
	// Output is that of an execution that has succeeded; Error and Cause may be empty.
	Output, Error, Cause string

	Position asl.Position
	Events   []event

	stop context.CancelCauseFunc
}

// event is an entry of the history. Its id is its place in it, from 1.
type event struct {
	At       time.Time
	Previous int64
	Type     string
	Details  map[string]any
}

func (e *execution) arn() string { return arnOfExecution(e.Region, e.Machine, e.Name) }

// add adds to the history and returns the id. The lock is held.
func (e *execution) add(now time.Time, added asl.Event) int64 {
	id := int64(len(e.Events)) + 1
	previous := id - 1
	if added.Apart {
		previous = 0
	}
	e.Events = append(e.Events, event{now, previous, added.Type, added.Details})
	return id
}

// journal is where an execution notes what it does.
type journal struct {
	*Fake
	execution *execution
}

// errEnded says that an execution was stopped meanwhile.
var errEnded = errors.New("the execution has ended")

// Record adds an event to the history, unless the execution has ended.
func (j journal) Record(added asl.Event) (int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.execution.Status != running {
		return 0, errEnded
	}
	return j.execution.add(j.options.Clock.Now(), added), nil
}

// Keep saves the history and where the execution is.
func (j journal) Keep(at asl.Position) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.execution.Status != running {
		return errEnded
	}
	j.execution.Position = at
	j.logged(j.saveExecution(j.execution))
	return nil
}

// launch runs an execution, or goes on with it. The lock is held.
func (f *Fake) launch(e *execution) {
	machine, wrong := f.parse(e.Region, e.Revision.Definition)
	if len(wrong) > 0 {
		// A definition was kept that is refused now.
		f.end(e, asl.Outcome{Status: asl.Failed, Error: &asl.Error{Name: "States.Runtime", Cause: wrong.Error()}})
		return
	}
	if e.Position.State == "" {
		// What was checked can be read again.
		input, _ := asl.Decode(e.Input)
		e.Position = machine.Start(input)
	}
	ctx, stop := context.WithCancelCause(f.context)
	e.stop = stop
	run := asl.Execution{
		Machine: machine, Clock: f.options.Clock, Journal: journal{f, e}, Region: e.Region, RoleARN: e.Revision.RoleARN,
		Context: e.context(), Started: e.Started,
	}
	position := e.Position
	f.running.Go(func() {
		defer stop(nil)
		outcome, err := run.Run(ctx, position)
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case e.Status != running || f.context.Err() != nil:
		case err != nil:
			f.end(e, asl.Outcome{Status: asl.Failed, Error: &asl.Error{Name: "States.Runtime", Cause: err.Error()}})
		default:
			f.end(e, outcome)
		}
	})
}

// context is what does not change of the context object.
func (e *execution) context() map[string]any {
	// What was checked can be read again.
	input, _ := asl.Decode(e.Input)
	return map[string]any{
		"Execution": map[string]any{
			"Id": e.arn(), "Input": input, "Name": e.Name, "RoleArn": e.Revision.RoleARN,
			"StartTime": e.Started.UTC().Format("2006-01-02T15:04:05.000Z"), "RedriveCount": jsonZero,
		},
		"StateMachine": map[string]any{"Id": arnOfMachine(e.Region, e.Machine), "Name": e.Machine},
	}
}

// end notes what an execution came to. The lock is held.
func (f *Fake) end(e *execution, outcome asl.Outcome) {
	e.Status, e.Stopped = string(outcome.Status), f.options.Clock.Now()
	switch {
	case outcome.Status == asl.Succeeded:
		e.Output = asl.Encode(outcome.Output)
	case outcome.Error != nil:
		e.Error, e.Cause = outcome.Error.Name, outcome.Error.Cause
	}
	f.conclude(e)
}

// conclude measures, logs and saves an execution that has ended. The lock is held.
func (f *Fake) conclude(e *execution) {
	f.measureEnd(e)
	f.log(e)
	f.logged(f.saveExecution(e))
}

// abort stops an execution that is running. The lock is held.
func (f *Fake) abort(e *execution, name, cause string) {
	if e.Status != running {
		return
	}
	now := f.options.Clock.Now()
	details := map[string]any{}
	if name != "" {
		details["error"] = name
	}
	if cause != "" {
		details["cause"] = cause
	}
	e.add(now, asl.Event{Type: "ExecutionAborted", Details: details, Apart: true})
	e.Status, e.Stopped, e.Error, e.Cause = aborted, now, name, cause
	if e.stop != nil {
		e.stop(asl.ErrStopped)
	}
	f.conclude(e)
}

func (c call) stopExecution() (awsjson.Object, error) {
	e, err := c.execution()
	if err != nil {
		return nil, err
	}
	c.abort(e, c.in.Text("error"), c.in.Text("cause"))
	return awsjson.Object{"stopDate": awsjson.Time(e.Stopped)}, nil
}
