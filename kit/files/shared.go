package files

import (
	"io"
	"sync"
)

// SharedWriter passes pieces of a log on, one caller at a time.
type SharedWriter struct {
	mu sync.Mutex
	to io.Writer
}

// NewSharedWriter is a SharedWriter in front of another one.
func NewSharedWriter(to io.Writer) *SharedWriter { return &SharedWriter{to: to} }

// Write passes a piece of the log on.
func (w *SharedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
