package admission

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"sync"
	"time"
)

// A body may keep us waiting for 30 s, and for a second more with each 500 bytes of it: a client that makes progress is
// never cut off, and one that sends a byte now and then is. The numbers are those of Apache's mod_reqtimeout (body=20,
// MinRate=500) with more patience at the start. longestPause is how long it may send nothing after a long way.
const (
	bodyPatience = 30 * time.Second
	bodyRate     = 500
	longestPause = 5 * time.Minute
)

// remaining is how long the next piece of a body may take, after so many bytes for which we have waited so long.
func remaining(patience time.Duration, received int64, waited time.Duration) time.Duration {
	earned := time.Duration(min(received/bodyRate, math.MaxInt32)) * time.Second
	return min(patience+earned-waited, longestPause)
}

// body is a request's body with deadlines.
type body struct {
	io.ReadCloser
	connection *http.ResponseController
	patience   time.Duration

	mu       sync.Mutex
	received int64
	waited   time.Duration
	// complete says that all of it has arrived, late that it did not arrive in time, and over that the server, whose
	// connection it is, may have gone on to the next request.
	complete, late, over bool
}

// bound gives the body of a request deadlines. The function ends that, and is called when the request was answered.
func (g *gate) bound(w http.ResponseWriter, r *http.Request) (bounded *http.Request, end func()) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, func() {}
	}
	b := &body{ReadCloser: r.Body, connection: http.NewResponseController(w), patience: g.patience}
	// What the handler leaves, the server itself reads.
	b.expect(time.Now().Add(b.patience))
	// The server still looks at its own request.
	bounded = r.WithContext(r.Context())
	bounded.Body = b
	return bounded, func() {
		if received, waited, late := b.finish(); late {
			_, _ = fmt.Fprintf(g.Log, "gateway: gave up %s %s: of its body, %d bytes arrived in %s\n",
				shorten(r.Method), shorten(r.RequestURI), received, waited.Round(time.Second))
		}
	}
}

// expect sets the deadline of the connection. The lock is held where the request may be over.
func (b *body) expect(deadline time.Time) {
	if !b.over {
		// A connection without deadlines is that of a test, which waits for ever.
		_ = b.connection.SetReadDeadline(deadline)
	}
}

// Read reads the next piece.
func (b *body) Read(p []byte) (int, error) {
	began := time.Now()
	b.mu.Lock()
	b.expect(began.Add(remaining(b.patience, b.received, b.waited)))
	b.mu.Unlock()
	count, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.received += int64(count)
	b.waited += time.Since(began)
	b.late = b.late || errors.Is(err, os.ErrDeadlineExceeded)
	if errors.Is(err, io.EOF) {
		// From now on, the server watches whether the client leaves.
		b.complete = true
		b.expect(time.Time{})
	}
	return count, err
}

// finish hands the connection back to the server, which reads what is left of the body.
func (b *body) finish() (received int64, waited time.Duration, late bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.complete {
		b.expect(time.Now().Add(b.patience))
	}
	b.over = true
	return b.received, b.waited, b.late
}
