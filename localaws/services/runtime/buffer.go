package runtime

import (
	"errors"
	"io"
	"sync"
)

var errTooLarge = errors.New("the content is larger than its limit")

// keep is the largest buffer that is used again; larger ones would be held for the rare large request.
const keep = 1 << 20

// buffers are for the bodies of responses. Those of requests are never used again: a connection to a container may go
// on sending one after the container has answered.
type buffers struct{ pool sync.Pool }

// buffer holds a body.
type buffer struct{ data []byte }

// borrow takes a buffer, for giveBack to return.
func (b *buffers) borrow() *buffer {
	if used, ok := b.pool.Get().(*buffer); ok {
		used.data = used.data[:0]
		return used
	}
	return new(buffer)
}

func (b *buffers) giveBack(used *buffer) {
	if cap(used.data) <= keep {
		b.pool.Put(used)
	}
}

// fill reads everything, or fails with errTooLarge. The size is a hint; negative when there is none.
func (b *buffer) fill(from io.Reader, size, limit int64) error {
	// One byte more than is expected is what tells the end without growing.
	b.grow(int(min(max(size, 511), limit)) + 1)
	for {
		n, err := from.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		switch {
		case int64(len(b.data)) > limit:
			return errTooLarge
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if len(b.data) == cap(b.data) {
			b.grow(2 * cap(b.data))
		}
	}
}

// grow makes room for a number of bytes in all.
func (b *buffer) grow(room int) {
	if room > cap(b.data) {
		b.data = append(make([]byte, 0, room), b.data...)
	}
}
