//go:build unix

// Package moto runs the AWS emulator moto as a child process.
package moto

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	host = "127.0.0.1"
	// startTimeout allows for a cold disk: moto imports many Python modules.
	startTimeout = 90 * time.Second
	pollInterval = 50 * time.Millisecond
	// followInterval is how often a server that is not our child is asked whether it lives.
	followInterval = 500 * time.Millisecond
	// grace is how long moto may take to end by itself.
	grace = 3 * time.Second
	// attempts is how often a port is chosen: another program may take it before moto listens.
	attempts = 3
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

// Server is a running moto_server.
type Server struct {
	address string
	pid     int
	dir     string
	// scratch is a folder to remove at the end; empty where there is none.
	scratch string
	// survived says that an earlier process has started it.
	survived bool
	// exited is closed once the process has ended.
	exited chan struct{}
	end    sync.Once
}

// errExited says that moto ended before it listened.
var errExited = errors.New("moto_server ended before it was ready; its log says why")

// Start runs moto_server on a free port of 127.0.0.1 and waits until it answers, or finds the one that an earlier
// process has left. The context bounds the start only; Close ends the server.
func Start(ctx context.Context, options Options) (*Server, error) {
	if left := survivor(ctx, options.Dir); left != nil {
		go left.follow() //nolint:gosec // the server outlives the context, which bounds the search for it
		return left, nil
	}
	var err error
	for range attempts {
		var s *Server
		if s, err = start(ctx, options); err == nil {
			return s, nil
		}
		if !errors.Is(err, errExited) {
			break
		}
	}
	return nil, fmt.Errorf("start moto: %w", err)
}

func start(ctx context.Context, options Options) (*Server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	// The command is not bound to ctx, which ends when the start is over.
	cmd := exec.Command(options.Path, "-H", host, "-p", port) //nolint:gosec // the caller names the program
	s := &Server{address: address, dir: options.Dir, exited: make(chan struct{})}
	if cmd.Env, err = s.mend(); err != nil {
		return nil, err
	}
	if options.Dir == "" {
		cmd.Stdout, cmd.Stderr = options.Log, options.Log
		cmd.SysProcAttr = ownGroup()
	} else {
		log, err := s.log()
		if err != nil {
			return nil, err
		}
		// The process has a copy of its own by then.
		defer func() { _ = log.Close() }()
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
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

// URL is where moto answers.
func (s *Server) URL() *url.URL { return &url.URL{Scheme: "http", Host: s.address} }

// PID is the id of moto's process.
func (s *Server) PID() int { return s.pid }

// freeAddress asks the system for an address that nobody uses now.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	if err := listener.Close(); err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), nil
}
