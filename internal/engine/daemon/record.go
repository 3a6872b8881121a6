// Package daemon keeps the local AWS running between commands.
package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sagehost/localaws/process"
)

// Record is what a running local AWS writes about itself.
type Record struct {
	// PID is its process.
	PID int `json:"pid"`
	// URL is where it listens.
	URL string `json:"url"`
	// Ended is why it has ended by itself; empty while it runs.
	Ended string `json:"ended,omitempty"`
}

// healthTimeout bounds the question whether it answers: it does so from memory, on loopback, but a machine may be busy.
const healthTimeout = 10 * time.Second

// mark is carried by the local AWS of a folder.
func mark(dir string) process.Mark { return process.NewMark("serve", dir) }

// Unresponsive says that a local AWS runs, and cannot be used.
type Unresponsive struct{ PID int }

// Error names the process.
func (u *Unresponsive) Error() string {
	return fmt.Sprintf("the local AWS (process %d) runs, but does not answer", u.PID)
}

func recordPath(dir string) string { return filepath.Join(dir, "daemon.json") }

// LogPath is the file in dir to which the local AWS writes.
func LogPath(dir string) string { return filepath.Join(dir, "daemon.log") }

// Write leaves the record in dir, whole or not at all.
func (r Record) Write(dir string) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("record of the local AWS: %w", err)
	}
	temporary := recordPath(dir) + ".new"
	if err := os.WriteFile(temporary, data, 0o600); err != nil {
		return fmt.Errorf("record of the local AWS: %w", err)
	}
	return os.Rename(temporary, recordPath(dir))
}

// Remove takes the record out of dir, whatever lies there in its place.
func Remove(dir string) error {
	if err := os.RemoveAll(recordPath(dir)); err != nil {
		return fmt.Errorf("record of the local AWS: %w", err)
	}
	return nil
}

// Running returns the record in dir if its process lives and answers, and nil if none does. One that is about to end by
// itself is waited for. The error is an *Unresponsive where one lives that cannot be used.
func Running(ctx context.Context, dir string) (*Record, error) {
	r := read(dir)
	if r != nil && mark(dir).Has(r.PID) {
		switch r.ask(ctx) {
		case answering:
			return r, nil
		case ending:
			awaitEnd(ctx, dir, r.PID)
		case silent:
		}
	}
	pids, err := mark(dir).Find()
	if err != nil {
		return nil, fmt.Errorf("record of the local AWS: %w", err)
	}
	if len(pids) > 0 {
		return nil, &Unresponsive{PID: pids[0]}
	}
	return nil, nil //nolint:nilnil // nothing runs, and that is no error
}

// LastEnd is why the local AWS of a folder runs no more, as far as it is known; empty where none has run.
func LastEnd(dir string) string {
	r := read(dir)
	switch {
	case r == nil || mark(dir).Has(r.PID):
		return ""
	case r.Ended == "":
		return fmt.Sprintf("process %d was killed", r.PID)
	default:
		return r.Ended
	}
}

// WasKilled reports whether the local AWS of a folder had no time to write down why it runs no more.
func WasKilled(dir string) bool {
	r := read(dir)
	return r != nil && r.Ended == "" && !mark(dir).Has(r.PID)
}

// read returns the record in dir; nil where there is none that can be read. Whether the process lives that wrote it is
// another question.
func read(dir string) *Record {
	data, err := os.ReadFile(recordPath(dir))
	if err != nil {
		return nil
	}
	var r Record
	if json.Unmarshal(data, &r) != nil || r.PID == 0 {
		return nil
	}
	return &r
}

// condition is how a process is that a record names.
type condition int

const (
	silent condition = iota
	answering
	ending
)

// ask finds out whether the process that wrote the record listens at its URL: process ids and ports are given again.
// One that listens no more is ending.
func (r Record) ask(ctx context.Context) condition {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/_local/health", nil)
	if err != nil {
		return silent
	}
	response, err := http.DefaultClient.Do(request)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return ending
	case err != nil:
		return silent
	}
	defer func() { _ = response.Body.Close() }()
	var health struct {
		PID    int    `json:"pid"`
		Ending string `json:"ending"`
	}
	switch err := json.NewDecoder(response.Body).Decode(&health); {
	case err != nil || health.PID != r.PID:
		return silent
	case health.Ending != "":
		return ending
	default:
		return answering
	}
}

// awaitEnd waits until a process has ended, as long as it may take for that.
func awaitEnd(ctx context.Context, dir string, pid int) {
	deadline := time.Now().Add(stopTimeout)
	for mark(dir).Has(pid) && time.Now().Before(deadline) && ctx.Err() == nil {
		time.Sleep(lookEvery)
	}
}
