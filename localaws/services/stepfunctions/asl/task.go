package asl

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// task tries what a Task does until it succeeds, or until its state says to stop trying.
func (r *run) task(ctx context.Context, s *state, input any) (output any, next string, failed *Error, err error) {
	for {
		if !r.at.Until.IsZero() {
			if err := r.sleep(ctx); err != nil {
				return nil, "", nil, err
			}
		}
		result, failed, err := r.attempt(ctx, s, input)
		if err == nil {
			// The end of the execution may look like an error of the task.
			err = ctx.Err()
		}
		if err != nil {
			return nil, "", nil, err
		}
		r.at.Scheduled, r.at.Begun = time.Time{}, nil
		if failed == nil {
			output, failed = r.finish(s, result)
		}
		if failed == nil {
			return output, s.next, nil, nil
		}
		if i, ok := s.again(failed, r.at.Attempts); ok {
			r.at.Until = r.Clock.Now().Add(s.retriers[i].pause(r.at.Attempts[i]))
			r.at.Attempts[i]++
			continue
		}
		c, caught := s.caught(failed)
		if !caught {
			return nil, "", failed, nil
		}
		output, failed = c.result.put(r.at.Input, failed.output())
		return output, c.next, failed, nil
	}
}

// finish makes the output of a state of the result of its task.
func (r *run) finish(s *state, result any) (any, *Error) {
	if s.selector != nil {
		selected, failed := s.selector.eval(r.scope(result))
		if failed != nil {
			return nil, r.located(failed)
		}
		result = selected
	}
	whole, failed := s.result.put(r.at.Input, result)
	if failed != nil {
		return nil, failed
	}
	return r.leave(s, whole)
}

// attempt does what a Task does once, within its time limit.
func (r *run) attempt(ctx context.Context, s *state, input any) (result any, failed *Error, err error) {
	call := Call{Region: r.Region, RoleARN: r.RoleARN, Parameters: input}
	if s.parameters != nil {
		if call.Parameters, failed = s.parameters.eval(r.scope(input)); failed != nil {
			return nil, r.located(failed), nil
		}
	}
	if failed := r.unusable(s, call.Parameters); failed != nil {
		return nil, failed, nil
	}
	limit, failed := r.limit(s, input)
	if failed != nil {
		return nil, failed, nil
	}
	if r.at.Begun == nil {
		if err := r.schedule(s, call, limit); err != nil {
			return nil, nil, err
		}
	}
	bounded, cancel := r.Clock.Bound(ctx, limit-r.Clock.Now().Sub(r.at.Scheduled), errTaskTimedOut)
	defer cancel()
	result, err = r.request(bounded, s, call)
	if errors.Is(context.Cause(bounded), errTaskTimedOut) && ctx.Err() == nil && err != nil {
		failed = &Error{Name: timeoutError}
		return nil, failed, r.note(s, "TaskTimedOut", failed.details())
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if failed, ok := errors.AsType[*Error](err); ok {
		return nil, failed, r.note(s, "TaskFailed", failed.details())
	}
	if err != nil {
		return nil, nil, err
	}
	if failed := oversized(s.integration.Type, result); failed != nil {
		return nil, failed, r.note(s, "TaskFailed", failed.details())
	}
	return result, nil, r.note(s, "TaskSucceeded", withData("output", result))
}

// unusable is the error for parameters that a task cannot be started with; nil when it can.
func (r *run) unusable(s *state, parameters any) *Error {
	object, isObject := parameters.(map[string]any)
	problems := []string{"Expected value of type Object"}
	if isObject {
		problems = s.integration.Check(object)
	}
	if len(problems) == 0 {
		return nil
	}
	return r.runtime("The Parameters '%s' could not be used to start the Task: [%s]", Encode(parameters),
		strings.Join(problems, ", "))
}

var errTaskTimedOut = errors.New("the task has taken too long")

// limit is how long an attempt of a task may take.
func (r *run) limit(s *state, input any) (time.Duration, *Error) {
	if s.timeout.path == nil {
		return s.timeout.limitOr(), nil
	}
	value, problem := dataPath{path: s.timeout.path}.apply(r.scope(input))
	if problem != "" {
		return 0, r.runtime("%s", problem)
	}
	given, _ := value.(json.Number)
	n, err := strconv.ParseInt(given.String(), 10, 64)
	if err != nil || n < 1 || n > int64(maxTimeout/time.Second) {
		return 0, r.runtime("The TimeoutSecondsPath parameter does not reference a positive integer: %s == %s",
			s.timeout.path.text, shown(value))
	}
	return seconds(n), nil
}

// schedule notes that an attempt begins.
func (r *run) schedule(s *state, call Call, limit time.Duration) error {
	details := map[string]any{"region": r.Region, "parameters": Encode(call.Parameters)}
	if limit != maxTimeout {
		details["timeoutInSeconds"] = number(int(limit / time.Second))
	}
	if err := r.note(s, "TaskScheduled", details); err != nil {
		return err
	}
	r.at.Scheduled = r.Clock.Now()
	if err := r.note(s, "TaskStarted", map[string]any{}); err != nil {
		return err
	}
	return r.Journal.Keep(r.at)
}

// note adds an event about the task to the history.
func (r *run) note(s *state, event string, details map[string]any) error {
	details["resourceType"], details["resource"] = s.integration.Type, s.integration.Action
	_, err := r.record(Event{Type: event, Details: details})
	return err
}

// request starts what the task does, and waits for its end if it is to.
func (r *run) request(ctx context.Context, s *state, call Call) (any, error) {
	if r.at.Begun == nil {
		begun, err := s.integration.Start(ctx, call)
		switch {
		case s.integration.Follow == nil:
			return begun, err
		case err != nil && ctx.Err() != nil:
			// The request may have arrived.
			return nil, r.abandon(ctx, s, call, err)
		case err != nil:
			return nil, err
		}
		r.at.Begun = begun
		if err := r.note(s, "TaskSubmitted", withData("output", begun)); err != nil {
			return nil, r.abandon(ctx, s, call, err)
		}
		if err := r.Journal.Keep(r.at); err != nil {
			return nil, err
		}
	}
	result, err := s.integration.Follow(ctx, call, r.at.Begun)
	if err != nil && ctx.Err() != nil {
		err = r.abandon(ctx, s, call, err)
	}
	return result, err
}

// stopPatience is how long it may take to end what a task has begun, in the world's time.
const stopPatience = 10 * time.Second

// abandon ends what a task has begun, unless the execution is to be gone on with later.
func (r *run) abandon(ctx context.Context, s *state, call Call, why error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return why
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	// What cannot be stopped goes on by itself, as it does at AWS.
	_ = s.integration.Stop(ctx, call, r.at.Begun)
	return why
}
