package serving

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"sagehost/kit/files"
	"sagehost/localaws/services/cloudwatch/containerlogs"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/world/clock"
)

// Lines is CloudWatch Logs; *containerlogs.Writer is one.
type Lines interface {
	// Open makes a stream.
	Open(stream containerlogs.Stream)
	// Add takes a line of a stream. It must not block.
	Add(to containerlogs.Stream, text string)
}

// Options says what a Host works with. All but Lines are required.
type Options struct {
	Images  *Images
	Objects *objects.Store
	// Clock is the time that timeouts are told in.
	Clock *clock.Clock
	// Dir is a scratch folder for model data and for programs that are built. It belongs to one Host.
	Dir string
	// Log gets what containers print, each line with the name of its container, and when they end unasked.
	Log io.Writer
	// Lines gets what containers print too.
	Lines Lines
}

// Host runs fleets.
type Host struct {
	Options
	transport *http.Transport
	ports     ports
	builder   builder
	// patience is how long a timeout lasts at least in the world's time: containers start no faster when the clock does.
	patience time.Duration

	mu     sync.Mutex
	fleets map[*Fleet]bool
	closed bool
}

const (
	patience = 10 * time.Second
	// idleConnections is how many connections to a container are kept for the next request.
	idleConnections = 256
	// idleTimeout is how long they are kept. Servers such as gunicorn close theirs after 2 s, and a request that is
	// sent at that moment is lost.
	idleTimeout = time.Second
)

// errClosed says that a Host or a Fleet was closed.
var errClosed = errors.New("the host of the containers is closed")

// New makes a host. What a host before it has left in the scratch folder is removed, except for programs.
func New(options Options) *Host {
	options.Log = files.NewSharedWriter(options.Log)
	h := &Host{
		Options: options,
		transport: &http.Transport{
			DisableCompression:  true,
			MaxIdleConnsPerHost: idleConnections,
			IdleConnTimeout:     idleTimeout,
		},
		ports:    ports{taken: map[string]bool{}},
		builder:  builder{dir: filepath.Join(options.Dir, "programs")},
		patience: patience,
		fleets:   map[*Fleet]bool{},
	}
	// Remains only take up room.
	_ = os.RemoveAll(h.scratch())
	return h
}

func (h *Host) scratch() string { return filepath.Join(h.Dir, "fleets") }

// Start runs the containers of a model and returns when all are ready. The error is a *FailedStart, or the context's.
// The context bounds the start only; Close ends the containers.
func (h *Host) Start(ctx context.Context, spec Spec) (*Fleet, error) {
	f, err := h.newFleet(spec)
	if err != nil {
		return nil, failed("%v", err)
	}
	starting, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	defer context.AfterFunc(f.life, func() { fail(errClosed) })()
	var group sync.WaitGroup
	for _, c := range f.containers {
		group.Go(func() {
			if err := c.start(starting); err != nil {
				// The others need not go on.
				fail(err)
			}
		})
	}
	group.Wait()
	f.keepers.Done()
	if starting.Err() == nil {
		return f, nil
	}
	f.Close()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Name, ctx.Err())
	}
	return nil, context.Cause(starting)
}

// unsafe is what is kept out of the names of folders.
var unsafe = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// newFleet makes a fleet whose containers do not run yet.
func (h *Host) newFleet(spec Spec) (*Fleet, error) {
	if len(spec.Containers) == 0 {
		return nil, fmt.Errorf("the model of %s has no containers", spec.Name)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errClosed
	}
	scratch, err := filepath.Abs(h.scratch())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(scratch, unsafe.ReplaceAllString(spec.Name, "-")+"-*")
	if err != nil {
		return nil, err
	}
	f := newFleet(h, spec, dir)
	// Who closes the fleet now waits for the end of the start.
	f.keepers.Add(1)
	h.fleets[f] = true
	return f, nil
}

// Close ends all containers and removes the scratch of all fleets. The programs that were built stay for the next time.
func (h *Host) Close() {
	h.mu.Lock()
	h.closed = true
	var fleets sync.WaitGroup
	for f := range h.fleets {
		fleets.Go(f.Close)
	}
	h.mu.Unlock()
	fleets.Wait()
	h.transport.CloseIdleConnections()
	// Remains only take up room.
	_ = os.RemoveAll(h.scratch())
}

// within is a context that also ends, with errTooLong, after a span of the clock.
func (h *Host) within(ctx context.Context, span time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		began := time.Now()
		if h.Clock.Sleep(ctx, span) != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(span, h.patience) - time.Since(began)):
			cancel(errTooLong)
		}
	}()
	return ctx, func() { cancel(nil) }
}
