package serving

import (
	"context"
	"fmt"
	"time"
)

const (
	// firstBackoff and lastBackoff are how long a container that has ended waits for its next run. The wait doubles
	// from run to run, and is short again after a run that was longer than the last wait.
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 10 * time.Second
)

// keep starts a container again whenever it ends, until the fleet is closed.
func (c *container) keep(p *process) {
	backoff := firstBackoff
	for p != nil {
		began := time.Now()
		select {
		case <-c.fleet.life.Done():
			c.ready.Store(nil)
			p.stop()
		case <-p.exited:
			c.down(p)
		}
		c.fleet.host.ports.give(p.port)
		if time.Since(began) > lastBackoff {
			backoff = firstBackoff
		}
		p, backoff = c.again(backoff)
	}
}

// down takes a container that has ended unasked out of service.
func (c *container) down(p *process) {
	c.ready.Store(nil)
	if c.models != nil {
		c.models.reset()
	}
	ended := exitError{how: p.how}
	fmt.Fprintf(c.output.log, "[%s] the container ended with %s and is started again\n", c.output.prefix, ended.Error())
}

// again runs a container until it is ready, with growing waits in between, and gives the next wait. The process is nil
// when the fleet was closed.
func (c *container) again(backoff time.Duration) (*process, time.Duration) {
	for {
		select {
		case <-c.fleet.life.Done():
			return nil, backoff
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, lastBackoff)
		p, err := c.once()
		if err == nil {
			c.ready.Store(p)
			return p, backoff
		}
		fmt.Fprintf(c.output.log, "[%s] the container did not get ready: %v\n", c.output.prefix, err)
	}
}

// once runs the container again and waits for as long as at its first start.
func (c *container) once() (*process, error) {
	ctx, cancel := c.fleet.host.within(c.fleet.life, c.fleet.spec.healthTimeout())
	defer cancel()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return c.run(ctx)
}
