//go:build unix

package moto

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sagehost/localaws/process"
	"sagehost/localaws/world/state"
)

// recordName is the file in Options.Dir that says where the server is.
const recordName = "moto"

// logName is the file that a server prints to which outlives this process, and pythonName the folder of what mends it.
const (
	logName    = "moto.log"
	pythonName = "python"
)

// record is what a server leaves behind for the process after this one.
type record struct {
	PID    int
	Socket string
}

// Owns reports whether a file or folder of Options.Dir is the server's, by its name.
func Owns(name string) bool {
	return slices.Contains([]string{recordName + ".json", logName, pythonName}, name)
}

// log is the file that a server prints to which outlives this process.
func (s *Server) log() (*os.File, error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("log of moto: %w", err)
	}
	return os.OpenFile(filepath.Join(s.dir, logName), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

func (s *Server) write() error {
	return state.Dir(s.dir).Save(recordName, record{s.pid, s.socket})
}

// forget removes the record of a server that has ended.
func (s *Server) forget() {
	if s.dir != "" {
		// A record that stays leads to a process that does not answer, and is passed over.
		_ = os.Remove(filepath.Join(s.dir, recordName+".json"))
	}
}

// mark is carried by the servers that outlive the process which started them.
func mark(dir string) process.Mark { return process.NewMark("moto", dir) }

// Survives reports whether a server that was started with a folder still answers.
func Survives(ctx context.Context, dir string) bool { return survivor(ctx, dir) != nil }

// Survived reports whether the server was started by an earlier process.
func (s *Server) Survived() bool { return s.survived }

// End ends the servers that were left behind in a folder, whether they answer or not. It is no error when there is
// none.
func End(ctx context.Context, dir string) error {
	if dir == "" {
		return nil
	}
	if err := mark(dir).End(ctx, grace); err != nil {
		return fmt.Errorf("end moto: %w", err)
	}
	(&Server{dir: dir}).forget()
	return nil
}

// survivor finds the server that an earlier process has left; nil when there is none that answers. Whoever is to close
// it follows it.
func survivor(ctx context.Context, dir string) *Server {
	var left record
	found, err := state.Dir(dir).Load(recordName, &left)
	if err != nil || !found || !mark(dir).Has(left.PID) {
		return nil
	}
	s := newServer(left.Socket, dir)
	s.pid, s.survived = left.PID, true
	if !s.answers(ctx) {
		return nil
	}
	return s
}

// follow waits for the end of a process that is nobody's child here.
func (s *Server) follow() {
	defer close(s.exited)
	for mark(s.dir).Has(s.pid) {
		time.Sleep(followInterval)
	}
}
