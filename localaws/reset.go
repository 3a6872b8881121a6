package localaws

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"sagehost/localaws/moto"
)

// resetPath empties the local AWS: POST /_local/reset.
const resetPath = "/_local/reset"

// reset is one emptying of everything. Whoever asks for one while it is under way shares it.
type reset struct {
	done chan struct{}
	err  error
}

// Reset empties the local AWS: what moto and the services keep, containers, queues, failures on demand, the clock.
// Requests that are under way end first, and new ones wait. It may be called by several at once.
func (s *Server) Reset() error {
	s.resetting.Lock()
	if under := s.reset; under != nil {
		s.resetting.Unlock()
		<-under.done
		return under.err
	}
	under := &reset{done: make(chan struct{})}
	s.reset = under
	s.resetting.Unlock()

	shut := s.door.shut()
	under.err = shut
	if shut == nil {
		under.err = s.empty()
	}
	// Whoever comes in from here on and asks again gets a reset of its own.
	s.resetting.Lock()
	s.reset = nil
	if shut == nil {
		s.door.open()
	}
	s.resetting.Unlock()
	close(under.done)
	return under.err
}

// awaitReset waits for the end of a reset that is under way.
func (s *Server) awaitReset() {
	s.resetting.Lock()
	under := s.reset
	s.resetting.Unlock()
	if under != nil {
		<-under.done
	}
}

// empty forgets everything. The door is shut. What is left by a failure in the middle is served to nobody.
func (s *Server) empty() error {
	err := s.begin()
	if err != nil {
		s.door.lead(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, fmt.Sprintf("a reset has failed, start the local AWS anew: %v", err), http.StatusServiceUnavailable)
		}))
	}
	return err
}

// begin ends the services and starts ones that know nothing.
func (s *Server) begin() error {
	// It also ends the work on stacks, which asks the services.
	if err := s.moto.Reset(); err != nil {
		return err
	}
	s.services.faults.Clear()
	s.services.close()
	// What the services wrote when they ended is emptied too.
	if err := s.moto.Reset(); err != nil {
		return err
	}
	s.options.Clock.Restart()
	if s.options.Keep {
		if err := errors.Join(clearState(stateDir(s.options.Dir)), noteEmptied(s.options.Dir)); err != nil {
			return err
		}
	}
	return s.serve(false)
}

// clearState removes what the services keep, and leaves what moto needs to run.
func clearState(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state of the local AWS: %w", err)
	}
	for _, entry := range entries {
		if !moto.Owns(entry.Name()) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state of the local AWS: %w", err)
	}
	return nil
}

// emptiedPath is a file that is there from a reset until somebody has taken notice of it.
func emptiedPath(dir string) string { return filepath.Join(dir, "emptied") }

func noteEmptied(dir string) error {
	if err := os.WriteFile(emptiedPath(dir), nil, 0o600); err != nil {
		return fmt.Errorf("note of a reset: %w", err)
	}
	return nil
}

// Emptied reports whether there was a reset that nobody has taken notice of, in a folder that is kept. What names
// resources from before it names nothing.
func Emptied(dir string) bool {
	_, err := os.Stat(emptiedPath(dir))
	return err == nil
}

// NoticeEmptied makes a reset count as noticed.
func NoticeEmptied(dir string) error {
	if err := os.Remove(emptiedPath(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("note of a reset: %w", err)
	}
	return nil
}

// serveReset answers POST /_local/reset.
func (s *Server) serveReset(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, fmt.Sprintf("method %s is not allowed; POST is", r.Method), http.StatusMethodNotAllowed)
		return
	}
	err := s.Reset()
	switch {
	case errors.Is(err, errBusy):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		_, _ = fmt.Fprintln(s.options.Log, "local AWS: emptied by a reset")
		writeJSON(w, map[string]string{"status": "empty"})
	}
}
