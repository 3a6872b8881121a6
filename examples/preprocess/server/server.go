// Package server answers what SageMaker asks of a container that prepares records for the next one.
package server

import (
	"net/http"
	"sync/atomic"

	"sagehost/examples/hosting"
	"sagehost/examples/hosting/media"
	"sagehost/examples/preprocess/content"
	"sagehost/examples/preprocess/recipe"
)

// Server turns records into rows by a recipe.
type Server struct {
	folder string
	recipe atomic.Pointer[recipe.Recipe]
}

// New makes a server for the recipe in a folder, which is not loaded yet.
func New(folder string) *Server {
	return &Server{folder: folder}
}

// Load reads the recipe. It fails if the folder holds none.
func (s *Server) Load() error {
	loaded, err := recipe.Load(s.folder)
	if err != nil {
		return err
	}
	s.recipe.Store(loaded)
	return nil
}

// Handler answers GET /ping and POST /invocations.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", hosting.Ping(func() bool { return s.recipe.Load() != nil }))
	mux.HandleFunc("POST /invocations", s.invoke)
	return mux
}

// invoke answers the records in a request with rows. They are CSV unless Accept wants something else: whatever the
// client of a pipeline sends, the next container most likely reads CSV.
func (s *Server) invoke(w http.ResponseWriter, r *http.Request) {
	loaded := s.recipe.Load()
	if loaded == nil {
		hosting.RefuseUnready(w)
		return
	}
	invocation, ok := hosting.ReadInvocation(w, r, media.CSV)
	if !ok {
		return
	}
	rows, err := content.Decode(invocation.Input, invocation.Body, loaded)
	if err != nil {
		hosting.Refuse(w, http.StatusBadRequest, err)
		return
	}
	answer, err := content.Encode(invocation.Output, rows)
	if err != nil {
		hosting.Refuse(w, http.StatusInternalServerError, err)
		return
	}
	hosting.Send(w, http.StatusOK, invocation.Output, answer)
}
