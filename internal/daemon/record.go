// Package daemon keeps the local AWS running between commands.
package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Record is what a running local AWS writes about itself.
type Record struct {
	// PID is its process.
	PID int `json:"pid"`
	// URL is where it listens.
	URL string `json:"url"`
}

// healthTimeout bounds the question whether it is alive: it answers from memory, on loopback.
const healthTimeout = 2 * time.Second

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

// Remove takes the record out of dir.
func Remove(dir string) error {
	if err := os.Remove(recordPath(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("record of the local AWS: %w", err)
	}
	return nil
}

// Running returns the record in dir if its process answers, and nil if there is none or it is stale.
func Running(ctx context.Context, dir string) (*Record, error) {
	data, err := os.ReadFile(recordPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing runs, and that is no error
	}
	if err != nil {
		return nil, fmt.Errorf("record of the local AWS: %w", err)
	}
	var r Record
	if err := json.Unmarshal(data, &r); err != nil || !r.answers(ctx) {
		return nil, nil //nolint:nilnil,nilerr // the process that wrote it is gone
	}
	return &r, nil
}

// answers reports whether the process that wrote the record listens at its URL: process ids and ports are given again.
func (r Record) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/_local/health", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	var health struct {
		PID int `json:"pid"`
	}
	return json.NewDecoder(response.Body).Decode(&health) == nil && health.PID == r.PID
}
