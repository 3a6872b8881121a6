// Package server answers what SageMaker asks of a container that hosts one model, or many.
package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"

	"sagehost/examples/hosting"
	"sagehost/examples/scoring/linear"
)

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
	// Many models are served from the start, one once it is loaded.
	mux.HandleFunc("GET /ping", hosting.Ping(func() bool { return s.options.MultiModel || s.model.Load() != nil }))
	if s.options.MultiModel {
		s.registry.handle(mux)
	} else {
		mux.HandleFunc("POST /invocations", func(w http.ResponseWriter, r *http.Request) {
			invoke(w, r, s.model.Load())
		})
	}
	return mux
}

// Serve answers requests until the context ends, then lets those under way finish. It closes the listener, and fails
// if the one model cannot be loaded, if the listener breaks or if requests do not finish in 25 s.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	load := s.Load
	if s.options.MultiModel {
		load = func() error { return nil }
	}
	return hosting.Serve(ctx, listener, s.Handler(), load)
}
