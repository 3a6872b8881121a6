package asl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sagehost/internal/localaws/clock"
)

// Execution is one run of a machine.
type Execution struct {
	Machine *Machine
	Clock   *clock.Clock
	Journal Journal
	Region  string
	// RoleARN is the role of the state machine.
	RoleARN string
	// Context is the members of the context object that do not change, such as "Execution" and "StateMachine".
	Context map[string]any
	// Started is when the execution began; its time limit counts from then.
	Started time.Time
}

// Journal is where an execution notes what it does. An error ends it where it is, without an outcome.
type Journal interface {
	// Record adds an event to the history and returns its id.
	Record(event Event) (int64, error)
	// Keep notes where the execution is. It is called before anything that takes time.
	Keep(at Position) error
}

// Event is an entry of an execution's history.
type Event struct {
	// Type is one of AWS's, such as "TaskScheduled".
	Type string
	// Details are the members that come with events of this type.
	Details map[string]any
	// Apart says that the event follows from no other.
	Apart bool
}

// Position is where an execution is. Its JSON form can be kept, and gone on with.
type Position struct {
	State string
	Input any
	// First says that no state was entered before.
	First bool
	// Entered is when the state was entered; zero when it has not been yet. EnteredID is the id of that event.
	Entered   time.Time
	EnteredID int64
	// Attempts counts, for each retrier of the state, how often it let a task be tried again.
	Attempts []int
	// Until is when a Wait state, or the pause before a task is tried again, ends.
	Until time.Time
	// Scheduled is when the attempt of a task that is under way began, and Begun what it has begun.
	Scheduled time.Time
	Begun     any
}

// Start is the position of an execution that has not begun.
func (m *Machine) Start(input any) Position {
	return Position{State: m.startAt, Input: input, First: true}
}

// Status is how an execution ended, as AWS names it.
type Status string

// Statuses of executions that have ended by themselves.
const (
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
)

// Outcome is what an execution came to.
type Outcome struct {
	Status Status
	// Output is that of an execution that has succeeded.
	Output any
	// Error is that of one that has failed.
	Error *Error
}

// run is an execution under way.
type run struct {
	Execution
	at Position
}

var (
	errTimedOut = errors.New("the execution has taken too long")
	errTooLong  = errors.New("the history is full")
)

// maxEvents is how many events a history has, by the quotas of AWS Step Functions.
const maxEvents = 25000

// Run goes on with an execution until it ends. It returns an error when the context ends or the journal refuses an
// entry: then there is no outcome. A context that ends with ErrStopped as its cause ends what a task has begun.
func (e Execution) Run(ctx context.Context, at Position) (Outcome, error) {
	r := &run{Execution: e, at: at}
	if limit := e.Machine.timeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = e.Clock.Bound(ctx, limit-e.Clock.Now().Sub(e.Started), errTimedOut)
		defer cancel()
	}
	outcome, err := r.run(ctx)
	switch {
	case errors.Is(err, errTooLong):
		return r.fail(&Error{
			Name:  runtimeError,
			Cause: fmt.Sprintf("The execution reached the maximum number of history events (%d).", maxEvents),
		})
	case err != nil && errors.Is(context.Cause(ctx), errTimedOut):
		_, err = r.Journal.Record(Event{Type: "ExecutionTimedOut", Apart: true})
		return Outcome{Status: TimedOut}, err
	}
	return outcome, err
}

// record adds an event that is not the last one.
func (r *run) record(event Event) (int64, error) {
	id, err := r.Journal.Record(event)
	if err == nil && id >= maxEvents-1 {
		err = errTooLong
	}
	return id, err
}

// run goes from state to state.
func (r *run) run(ctx context.Context) (Outcome, error) {
	for {
		if err := r.enter(); err != nil {
			return Outcome{}, err
		}
		s := r.Machine.states[r.at.State]
		output, next, failed, err := r.do(ctx, s)
		switch {
		case err != nil:
			return Outcome{}, err
		case failed != nil:
			return r.fail(failed)
		}
		if err := r.exit(s, output); err != nil {
			return Outcome{}, err
		}
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
		if next == "" {
			_, err := r.Journal.Record(Event{Type: "ExecutionSucceeded", Details: withData("output", output)})
			return Outcome{Status: Succeeded, Output: output}, err
		}
		r.at = Position{State: next, Input: output}
	}
}

// withData is the details of an event that has JSON in it.
func withData(name string, value any) map[string]any {
	return map[string]any{name: Encode(value), name + "Details": map[string]any{"truncated": false}}
}

// enter notes that the execution has come to a state, unless it was there already.
func (r *run) enter() error {
	s := r.Machine.states[r.at.State]
	if s == nil {
		return fmt.Errorf("there is no state %q", r.at.State)
	}
	if !r.at.Entered.IsZero() {
		return nil
	}
	details := withData("input", r.at.Input)
	details["name"] = s.name
	id, err := r.record(Event{Type: s.kind + "StateEntered", Details: details, Apart: r.at.First})
	r.at.EnteredID, r.at.Entered = id, r.Clock.Now()
	r.at.Attempts = make([]int, len(s.retriers))
	return err
}

// exit notes that a state is done. Fail states are never left.
func (r *run) exit(s *state, output any) error {
	details := withData("output", output)
	details["name"] = s.name
	_, err := r.record(Event{Type: s.kind + "StateExited", Details: details})
	return err
}

func (r *run) fail(failed *Error) (Outcome, error) {
	_, err := r.Journal.Record(Event{Type: "ExecutionFailed", Details: failed.details()})
	return Outcome{Status: Failed, Error: failed}, err
}

// details are the members of an event about an error.
func (e *Error) details() map[string]any {
	details := map[string]any{}
	if e.Name != "" {
		details["error"] = e.Name
	}
	if e.Cause != "" {
		details["cause"] = e.Cause
	}
	return details
}
