package serving

import (
	"context"
	"errors"
	"fmt"
)

// maxExits is how often a container may end before it was ready. AWS tries until the timeout.
const maxExits = 3

// launch runs the container for the first time. The error is a *FailedStart, or the context's.
func (c *container) launch(ctx context.Context) (*process, error) {
	span := c.fleet.spec.healthTimeout()
	ctx, cancel := c.fleet.host.within(ctx, span)
	defer cancel()
	for exits := 1; ; exits++ {
		p, err := c.run(ctx)
		ended, gone := errors.AsType[*exitError](err)
		switch {
		case err == nil:
			return p, nil
		case gone && exits < maxExits:
			continue
		case gone:
			return nil, notHealthy(c.fleet.spec, c.name, fmt.Sprintf(
				"It ended %d times before it was ready, at last with %s: %s", exits, ended, c.output.tail()))
		case errors.Is(err, errTooLong):
			return nil, notHealthy(c.fleet.spec, c.name, fmt.Sprintf(
				"It did not answer with 200 within %d seconds. %s", int(span.Seconds()), c.output.tail()))
		default:
			return nil, notHealthy(c.fleet.spec, c.name, err.Error())
		}
	}
}

// exitError says that a container has ended before it was ready.
type exitError struct{ how error }

func (e *exitError) Error() string {
	if e.how == nil {
		return "exit status 0"
	}
	return e.how.Error()
}

// run runs the program once, and returns when it is ready. The error is an *exitError, why it cannot be started, or
// the context's cause.
func (c *container) run(ctx context.Context) (*process, error) {
	h := c.fleet.host
	port, err := h.ports.take(ctx)
	if err != nil {
		return nil, err
	}
	p, err := spawn(c.program, c.directory, c.environ(port), port, c.output)
	if err != nil {
		h.ports.give(port)
		return nil, err
	}
	c.latest.Store(p)
	ready, err := p.ready(ctx, h.transport)
	if ready {
		return p, nil
	}
	p.kill()
	h.ports.give(port)
	if err == nil {
		err = &exitError{how: p.how}
	}
	return nil, err
}
