// Package hosting is what all containers that SageMaker hosts have in common.
package hosting

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// drain is how long requests under way get to finish: SageMaker kills a container 30 s after asking it to stop.
const drain = 25 * time.Second

// Serve answers requests until the context ends, then lets those under way finish. It loads while it already answers,
// so that SageMaker can ask whether it is ready. It closes the listener, and fails if loading does, if the listener
// breaks or if requests do not finish in 25 s.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, load func() error) error {
	web := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		// SageMaker gives up on an invocation after 60 s.
		ReadTimeout:  60 * time.Second,
		WriteTimeout: 60 * time.Second,
	}
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	go func() {
		if err := load(); err != nil {
			failed <- err
		}
	}()
	select {
	case err := <-failed:
		return errors.Join(err, web.Close())
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := web.Shutdown(deadline); err != nil {
		return fmt.Errorf("finish the requests under way: %w", err)
	}
	return nil
}
