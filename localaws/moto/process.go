//go:build unix

package moto

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// spawn starts the process on a thread of its own, because Linux ends it with the thread that started it.
func (s *Server) spawn(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			s.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			s.how = cmd.Wait()
		}
		close(s.exited)
	}()
	return <-started
}

// wait polls until moto answers.
func (s *Server) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("moto_server did not answer on %s: %w", s.socket, ctx.Err())
		case <-s.exited:
			return errExited
		case <-ticker.C:
			if s.answers(ctx) {
				return nil
			}
		}
	}
}

func (s *Server) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL().String()+"/moto-api/", nil)
	if err != nil {
		return false
	}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return false
	}
	// Only the status counts.
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Close ends the process, and whatever it started, and waits until it has ended.
func (s *Server) Close() {
	s.end.Do(func() {
		if slices.ContainsFunc([]syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}, s.stop) {
			s.forget()
		}
		s.tidy()
	})
}

// stop sends a signal to the whole group, because the program at path may be a wrapper that starts the real one, and
// reports whether the process has ended within the grace. A process that has ended already gets no signal: its id may
// be another's by now.
func (s *Server) stop(number syscall.Signal) bool {
	select {
	case <-s.exited:
		return true
	default:
	}
	if s.survived && !mark(s.dir).Has(s.pid) {
		return true
	}
	// A group that has gone in the meantime is what is wanted.
	_ = syscall.Kill(-s.pid, number)
	select {
	case <-s.exited:
		return true
	case <-time.After(grace):
		return false
	}
}
