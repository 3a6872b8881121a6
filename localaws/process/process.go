//go:build unix

// Package process tells the processes of this project from strangers: the system gives the id of one that has ended to
// any other, so an id in a file proves nothing. Ours carry a mark in their environment.
package process

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// variable is the environment variable that holds the mark.
const variable = "SAGEHOST_PROCESS"

// lookEvery is how often a process is looked at that is to end.
const lookEvery = 50 * time.Millisecond

// Mark says what processes are to whom. Whatever a process starts inherits its mark, unless it is given another one.
type Mark struct{ role, dir string }

// NewMark is the mark of processes with a role, such as "moto", that belong to a folder.
func NewMark(role, dir string) Mark {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	return Mark{role: role, dir: resolve(dir)}
}

// resolve follows the links of a path, the end of which need not exist: a folder can be reached by several paths.
func resolve(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(resolve(parent), filepath.Base(path))
}

// Variable is the mark as an entry of an environment.
func (m Mark) Variable() string { return variable + "=" + m.role + ":" + m.dir }

// Find lists the ids of the processes that live and carry the mark.
func (m Mark) Find() ([]int, error) {
	pids, err := marked(m.Variable())
	if err != nil {
		return nil, fmt.Errorf("list the processes: %w", err)
	}
	return pids, nil
}

// Has reports whether the process lives and carries the mark.
func (m Mark) Has(pid int) bool { return pid > 1 && carries(pid, m.Variable()) }

// End ends the processes that carry the mark, with all of their process groups, and returns when they have ended. They
// are asked to, and killed when the grace is over.
func (m Mark) End(ctx context.Context, grace time.Duration) error {
	deadline := time.Now().Add(grace)
	number := syscall.SIGTERM
	told := map[int]syscall.Signal{}
	// The environment of a process that is just starting a program is empty for a moment: one look is not enough.
	for none := 0; ; none++ {
		pids, err := m.Find()
		if err != nil || len(pids) == 0 && (len(told) == 0 || none > 0) {
			return err
		}
		if len(pids) > 0 {
			none = -1
		}
		if !time.Now().Before(deadline) {
			number = syscall.SIGKILL
		}
		for _, pid := range pids {
			if told[pid] != number {
				told[pid] = number
				m.signal(pid, number)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("processes %v have not ended: %w", slices.Sorted(slices.Values(pids)), ctx.Err())
		case <-time.After(lookEvery):
		}
	}
}

// signal reaches the whole group of a process that leads one: the program may be a wrapper that starts the real one.
func (m Mark) signal(pid int, number syscall.Signal) {
	// Looked at again, as late as can be: the process may have ended, and its id be a stranger's.
	if !m.Has(pid) {
		return
	}
	target := pid
	if group, err := syscall.Getpgid(pid); err == nil && group == pid {
		target = -pid
	}
	// A process that has gone in the meantime is what is wanted.
	_ = syscall.Kill(target, number)
}
