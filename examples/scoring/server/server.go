// Package server answers what SageMaker asks of a hosting container.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"sagehost/examples/scoring/linear"
)

// drain is how long requests under way get to finish: SageMaker kills a container 30 s after asking it to stop.
const drain = 25 * time.Second

// Server serves one model, or those that are loaded by request.
type Server struct {
	options  Options
	model    atomic.Pointer[linear.Model]
	registry *registry
}

// New makes a server without any model loaded.
func New(options Options) *Server {
	return &Server{options: options, registry: newRegistry(options.ModelBytes)}
}

// Load reads the one model. It fails if the folder holds none, or one that takes too much memory.
func (s *Server) Load() error {
	model, err := linear.Load(s.options.ModelFolder)
	if err != nil {
		return err
	}
	if size := model.Size(); size > s.options.ModelBytes {
		return fmt.Errorf("the model takes %d bytes, but the limit is %d", size, s.options.ModelBytes)
	}
	s.model.Store(model)
	return nil
}

// Handler answers GET /ping, and POST /invocations or the requests about /models.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", s.ping)
	if s.options.MultiModel {
		s.registry.handle(mux)
	} else {
		mux.HandleFunc("POST /invocations", func(w http.ResponseWriter, r *http.Request) {
			invoke(w, r, s.model.Load())
		})
	}
	return mux
}

// ping says whether invocations can be answered: with many models always, with one once it is loaded.
func (s *Server) ping(w http.ResponseWriter, _ *http.Request) {
	if !s.options.MultiModel && s.model.Load() == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// Serve answers requests until the context ends, then lets those under way finish. It closes the listener, and fails
// if the one model cannot be loaded, if the listener breaks or if requests do not finish in 25 s.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		// SageMaker gives up on an invocation after 60 s.
		ReadTimeout:  60 * time.Second,
		WriteTimeout: 60 * time.Second,
	}
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	if !s.options.MultiModel {
		go func() {
			if err := s.Load(); err != nil {
				failed <- err
			}
		}()
	}
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
