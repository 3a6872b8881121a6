package asl

import (
	"context"
	"errors"
	"fmt"
)

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
