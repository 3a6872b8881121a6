//go:build unix

// Package moto runs the AWS emulator moto as a child process.
package moto

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	// urlHost stands for the socket in URLs. Requests keep the host that they came for.
	urlHost = "moto"
	// startTimeout allows for a cold disk and a busy machine: moto imports many Python modules.
	startTimeout = 5 * time.Minute
	pollInterval = 50 * time.Millisecond
	// followInterval is how often a server that is not our child is asked whether it lives.
	followInterval = 500 * time.Millisecond
	// grace is how long moto may take to end by itself.
	grace = 3 * time.Second
	// answerTimeout bounds one question whether it answers.
	answerTimeout = 10 * time.Second
)

// Options says how to start a Server.
type Options struct {
	// Path is the program moto_server.
	Path string
	// Log gets what it prints.
	Log io.Writer
	// Dir is the folder for the record and the log of a server that outlives this process if that is killed; the next
	// Start with the folder finds it. Empty: the server ends with this process, and prints to Log.
	Dir string
}

// Server is a running moto_server. It listens on a socket in the file system, which other users of the machine cannot
// open, and web pages cannot ask: it would do for them whatever they say.
type Server struct {
	socket    string
	transport *http.Transport
	pid       int
	dir       string
	// scratch is a folder to remove at the end; empty where there is none.
	scratch string
	// survived says that an earlier process has started it.
	survived bool
	// exited is closed once the process has ended.
	exited chan struct{}
	// how it ended; set before exited is closed, and unknown of one that survived.
	how error
	end sync.Once
}

// errExited says that moto ended before it listened.
var errExited = errors.New("moto_server ended before it was ready; its log says why")

// Start runs moto_server on a free port of 127.0.0.1 and waits until it answers, or finds the one that an earlier
// process has left. The context bounds the start only; Close ends the server.
func Start(ctx context.Context, options Options) (*Server, error) {
	if left := survivor(ctx, options.Dir); left != nil {
		go left.follow()
		return left, nil
	}
	// One without a record, or that does not answer, is of no use.
	if err := End(ctx, options.Dir); err != nil {
		return nil, err
	}
	s, err := start(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}
	return s, nil
}

func start(ctx context.Context, options Options) (*Server, error) {
	socket, err := newSocket()
	if err != nil {
		return nil, err
	}
	// The command is not bound to ctx, which ends when the start is over.
	cmd := exec.Command(options.Path, "-H", "unix://"+socket) //nolint:gosec // the caller names the program
	s := newServer(socket, options.Dir)
	if cmd.Env, err = s.mend(); err != nil {
		s.tidy()
		return nil, err
	}
	if options.Dir == "" {
		cmd.Stdout, cmd.Stderr = options.Log, options.Log
		cmd.SysProcAttr = ownGroup()
	} else {
		log, err := s.log()
		if err != nil {
			s.tidy()
			return nil, err
		}
		// The process has a copy of its own by then.
		defer func() { _ = log.Close() }()
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmd.Env = append(cmd.Env, mark(s.dir).Variable())
	}
	// A grandchild that holds on to the log must not keep Close waiting.
	cmd.WaitDelay = grace
	if err := s.spawn(cmd); err != nil {
		s.tidy()
		return nil, err
	}
	if err := s.wait(ctx); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.write(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// PID is the id of moto's process.
func (s *Server) PID() int { return s.pid }

// Exited is closed once the process has ended, whoever ended it.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// ExitReason says how a process ended that has.
func (s *Server) ExitReason() string {
	if s.how == nil {
		return fmt.Sprintf("moto_server (process %d) ended", s.pid)
	}
	return fmt.Sprintf("moto_server (process %d) ended: %v", s.pid, s.how)
}

// resetTimeout allows for the work on stacks that ends first.
const resetTimeout = 60 * time.Second

// Reset empties moto.
func (s *Server) Reset() error {
	ctx, cancel := context.WithTimeout(context.Background(), resetTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL().String()+"/moto-api/reset", nil)
	if err != nil {
		return fmt.Errorf("reset moto: %w", err)
	}
	answer, err := (&http.Client{Transport: s.transport}).Do(request)
	if err != nil {
		return fmt.Errorf("reset moto: %w", err)
	}
	// Only the status counts.
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("reset moto: status %d", answer.StatusCode)
	}
	return nil
}
