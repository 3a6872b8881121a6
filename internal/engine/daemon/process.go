package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"sagehost/kit/files"
	"sagehost/localaws/containers/environment"
)

// How long the local AWS may take to listen, to end by itself, and how often we look.
const (
	startTimeout = time.Minute
	stopTimeout  = 20 * time.Second
	lookEvery    = 50 * time.Millisecond
)

// Start runs the command that serves the local AWS, in a session of its own so that Ctrl-C in this terminal does not
// reach it, and returns when it listens. Two starts at once lead to one local AWS.
func Start(ctx context.Context, dir string, command ...string) (*Record, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("starting the local AWS: %w", err)
	}
	unlock, err := files.Lock(ctx, filepath.Join(dir, "daemon.lock"))
	if err != nil {
		return nil, fmt.Errorf("starting the local AWS: %w", err)
	}
	defer unlock()
	if running, err := Running(ctx, dir); running != nil || err != nil {
		return running, err
	}
	if err := Remove(dir); err != nil {
		return nil, err
	}
	log, err := os.Create(LogPath(dir))
	if err != nil {
		return nil, fmt.Errorf("starting the local AWS: %w", err)
	}
	defer func() { _ = log.Close() }()
	process := exec.Command(command[0], command[1:]...) //nolint:gosec // our own executable
	process.Stdout, process.Stderr = log, log
	process.Env = append(environment.Inherited(), mark(dir).Variable())
	process.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("starting the local AWS: %w", err)
	}
	return wait(ctx, dir, process)
}

func wait(ctx context.Context, dir string, process *exec.Cmd) (*Record, error) {
	ended := make(chan struct{})
	go func() {
		_ = process.Wait() // what it died of is in its log
		close(ended)
	}()
	deadline := time.After(startTimeout)
	for {
		// Others look for the process itself; this one is known, and may need its time.
		if r := read(dir); r != nil && r.PID == process.Process.Pid && r.ask(ctx) == answering {
			return r, nil
		}
		select {
		case <-ended:
			return nil, fmt.Errorf("the local AWS did not start: %s", lastLine(LogPath(dir)))
		case <-deadline:
			_ = process.Process.Kill()
			return nil, fmt.Errorf("the local AWS did not listen within %s; see %s", startTimeout, LogPath(dir))
		case <-ctx.Done():
			_ = process.Process.Kill()
			return nil, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

func lastLine(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	data = bytes.TrimSpace(data)
	return string(data[bytes.LastIndexByte(data, '\n')+1:])
}

// Stop ends the local AWS of dir, whatever its record says, and returns when it has ended. It is no error when none
// runs.
func Stop(ctx context.Context, dir string) error {
	err := mark(dir).End(ctx, stopTimeout)
	if err != nil {
		err = fmt.Errorf("stop the local AWS: %w", err)
	}
	return errors.Join(err, Remove(dir))
}
