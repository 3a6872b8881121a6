package transform

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// errBroken says that an answer ended after a part of it was written, so that it cannot be asked for again.
var errBroken = errors.New("a part of the output has been written")

// stream sends a whole object in one request, in chunks, and writes the answer as it comes. Neither is ever in memory
// as a whole.
func (r *run) stream(ctx context.Context, s source, out io.Writer) error {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	answer := &answer{out: out}
	err := r.retried(ctx, func(ctx context.Context) error { return r.streamOnce(ctx, s, answer) })
	if err != nil {
		return err
	}
	r.job.progress.records.Add(1)
	if r.lines && answer.last != '\n' {
		_, err = out.Write([]byte("\n"))
	}
	return err
}

func (r *run) streamOnce(ctx context.Context, s source, out *answer) error {
	in, err := r.open(ctx, s)
	if err != nil {
		return err
	}
	defer in.Close()
	err = r.invoke(ctx, in, -1, out)
	if err != nil {
		r.job.progress.bytes.Add(-in.stored.read)
	}
	switch {
	case out.err != nil:
		return out.err
	case err != nil && out.started:
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	return err
}

// answer passes on what is written, and remembers how it ends.
type answer struct {
	out     io.Writer
	started bool
	last    byte
	// err is why the output could not be written.
	err error
}

func (a *answer) Write(p []byte) (int, error) {
	if len(p) > 0 {
		a.started, a.last = true, p[len(p)-1]
	}
	n, err := a.out.Write(p)
	if err != nil {
		a.err = err
	}
	return n, err
}
