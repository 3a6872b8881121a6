package archive

import (
	"errors"
	"io"
	"sync"
)

// ErrNoSpace says that files do not fit on a disk.
var ErrNoSpace = errors.New("the files do not fit on the volume")

// Space is what a disk holds, for all who write to it.
type Space struct {
	mu   sync.Mutex
	left int64
}

// NewSpace is an empty disk.
func NewSpace(bytes int64) *Space { return &Space{left: bytes} }

func (s *Space) take(bytes int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes > s.left {
		return ErrNoSpace
	}
	s.left -= bytes
	return nil
}

// Give says that so many bytes were removed.
func (s *Space) Give(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left += bytes
}

// Copy writes as long as there is room, and tells what it has taken.
func (s *Space) Copy(to io.Writer, from io.Reader) (taken int64, err error) {
	metered := &meteredWriter{to: to, space: s}
	_, err = io.Copy(metered, from)
	return metered.taken, err
}

// meteredWriter takes the space for what it writes.
type meteredWriter struct {
	to    io.Writer
	space *Space
	taken int64
}

// Write writes all of it or nothing.
func (w *meteredWriter) Write(p []byte) (int, error) {
	if err := w.space.take(int64(len(p))); err != nil {
		return 0, err
	}
	w.taken += int64(len(p))
	return w.to.Write(p)
}
