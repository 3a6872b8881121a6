package asl

import (
	"context"
	"maps"
	"time"
)

// scope is what the paths of the current state are looked up in.
func (r *run) scope(input any) scope {
	state := map[string]any{
		"Name": r.at.State, "EnteredTime": timestamp(r.at.Entered), "RetryCount": number(r.retries()),
	}
	whole := maps.Clone(r.Context)
	whole["State"] = state
	return scope{input, whole}
}

// retries is how often the task of the current state was tried again.
func (r *run) retries() int {
	count := 0
	for _, n := range r.at.Attempts {
		count += n
	}
	return count
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// do does what a state is for. It returns the output and the state that follows, or why the execution fails, or an
// error that ends the execution without an outcome.
func (r *run) do(ctx context.Context, s *state) (output any, next string, failed *Error, err error) {
	input, problem := s.input.apply(r.scope(r.at.Input))
	if problem != "" {
		return nil, "", r.runtime("%s", problem), nil
	}
	switch s.kind {
	case taskType:
		return r.task(ctx, s, input)
	case waitType:
		failed, err = r.wait(ctx, s, input)
		output = input
	case passType:
		output, failed = r.pass(s, input)
	case choiceType:
		next, failed = r.choose(s, input)
		output = input
	case failType:
		return nil, "", r.located(s.failure.of(r.scope(input))), nil
	default:
		output = input
	}
	if failed != nil || err != nil {
		return nil, "", r.located(failed), err
	}
	if next == "" {
		next = s.next
	}
	output, failed = r.leave(s, output)
	return output, next, failed, nil
}

// located says where an error of a path or an intrinsic function has come up.
func (r *run) located(failed *Error) *Error {
	if failed == nil || (failed.Name != runtimeError && failed.Name != intrinsicError) {
		return failed
	}
	if cause := failed.Cause; len(cause) < len(r.place()) || cause[:len(r.place())] != r.place() {
		return &Error{Name: failed.Name, Cause: r.place() + cause}
	}
	return failed
}

// leave applies what a state says of its output.
func (r *run) leave(s *state, output any) (any, *Error) {
	value, problem := s.output.apply(r.scope(output))
	if problem != "" {
		return nil, r.runtime("%s", problem)
	}
	return value, oversized(s.name, value)
}

func (r *run) pass(s *state, input any) (any, *Error) {
	result := input
	switch {
	case s.hasLiteral:
		result = s.literal
	case s.parameters != nil:
		filled, failed := s.parameters.eval(r.scope(input))
		if failed != nil {
			return nil, failed
		}
		result = filled
	}
	return s.result.put(r.at.Input, result)
}

func (r *run) choose(s *state, input any) (next string, failed *Error) {
	for _, c := range s.choices {
		yes, problem := c.rule.holds(r.scope(input))
		if problem != "" {
			return "", r.runtime("%s", problem)
		}
		if yes {
			return c.next, nil
		}
	}
	if s.fallback == "" {
		return "", &Error{Name: noChoiceError, Cause: r.place() + "Failed to transition out of the state. The state's " +
			"Choices do not match, and it has no Default."}
	}
	return s.fallback, nil
}

// wait waits. The end is kept, so that an execution that is gone on with does not wait from the beginning.
func (r *run) wait(ctx context.Context, s *state, input any) (*Error, error) {
	if r.at.Until.IsZero() {
		end, problem := s.wait.end(r.scope(input), r.at.Entered)
		if problem != "" {
			return r.runtime("%s", problem), nil
		}
		r.at.Until = end
	}
	return nil, r.sleep(ctx)
}

// sleep waits until the moment that the position has.
func (r *run) sleep(ctx context.Context) error {
	if err := r.Journal.Keep(r.at); err != nil {
		return err
	}
	err := r.Clock.Sleep(ctx, r.at.Until.Sub(r.Clock.Now()))
	r.at.Until = time.Time{}
	return err
}
