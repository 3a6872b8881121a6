// Package sharedlog lets several goroutines and child processes write to one log.
package sharedlog

import (
	"io"
	"sync"
)

// Writer passes pieces of a log on, one caller at a time.
type Writer struct {
	mu sync.Mutex
	to io.Writer
}

// New is a Writer in front of another one.
func New(to io.Writer) *Writer { return &Writer{to: to} }

// Write passes a piece of the log on.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
