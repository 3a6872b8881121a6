package runtime

import (
	"sync"
	"time"
)

// maxBacklog is how many requests may wait at one endpoint, so that a client that never stops cannot fill the memory.
const maxBacklog = 100_000

// queueKey names an endpoint.
type queueKey struct{ region, endpoint string }

// backlog holds the requests that wait for asynchronous endpoints.
type backlog struct {
	mu     sync.Mutex
	queues map[queueKey]*queue
	// wake tells the dispatcher of a new request or a free worker.
	wake chan struct{}
}

// queue is the requests for one endpoint, in the order of their arrival. backlog.mu guards it.
type queue struct {
	waiting []*job
	// running are the requests that are being worked on.
	running map[*job]struct{}
}

// job is an asynchronous invocation.
type job struct {
	in *asyncInvocation
	// inline is the body; empty when the input is an object.
	inline   []byte
	received time.Time
	// output and failure are s3:// URIs; empty where nothing is written.
	output, failure string
}

func (j *job) expires() time.Time { return j.received.Add(time.Duration(j.in.ttl) * time.Second) }

func newBacklog() *backlog {
	return &backlog{queues: map[queueKey]*queue{}, wake: make(chan struct{}, 1)}
}

// add appends a request; it refuses when too many wait.
func (b *backlog) add(key queueKey, j *job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	if q == nil {
		q = &queue{running: map[*job]struct{}{}}
		b.queues[key] = q
	}
	if len(q.waiting) >= maxBacklog {
		return false
	}
	q.waiting = append(q.waiting, j)
	b.stir()
	return true
}

// stir wakes the dispatcher.
func (b *backlog) stir() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// keys lists the endpoints that have requests.
func (b *backlog) keys() []queueKey {
	b.mu.Lock()
	defer b.mu.Unlock()
	keys := make([]queueKey, 0, len(b.queues))
	for key := range b.queues {
		keys = append(keys, key)
	}
	return keys
}

// forget drops what waits for an endpoint that is gone, and returns how much that was.
func (b *backlog) forget(key queueKey) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	if q == nil {
		return 0
	}
	lost := len(q.waiting)
	q.waiting = nil
	if len(q.running) == 0 {
		delete(b.queues, key)
	}
	return lost
}

// expired takes out the requests whose time to live has passed.
func (b *backlog) expired(key queueKey, now time.Time) []*job {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	if q == nil {
		return nil
	}
	var late []*job
	left := q.waiting[:0]
	for _, j := range q.waiting {
		if j.expires().After(now) {
			left = append(left, j)
		} else {
			late = append(late, j)
		}
	}
	clear(q.waiting[len(left):])
	q.waiting = left
	return late
}

// take starts as many requests as there are workers free.
func (b *backlog) take(key queueKey, workers int) []*job {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	if q == nil {
		return nil
	}
	n := max(min(workers-len(q.running), len(q.waiting)), 0)
	taken := append([]*job(nil), q.waiting[:n]...)
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
	for _, j := range taken {
		q.running[j] = struct{}{}
	}
	return taken
}

// done ends a request. An endpoint without requests needs no queue.
func (b *backlog) done(key queueKey, j *job) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	delete(q.running, j)
	if len(q.waiting)+len(q.running) == 0 {
		delete(b.queues, key)
	}
	b.stir()
}

// size is how many requests wait and are worked on, and when the oldest came; zero when there is none.
func (b *backlog) size(key queueKey) (waiting, running int, oldest time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[key]
	if q == nil {
		return 0, 0, time.Time{}
	}
	if len(q.waiting) > 0 {
		oldest = q.waiting[0].received
	}
	for j := range q.running {
		if oldest.IsZero() || j.received.Before(oldest) {
			oldest = j.received
		}
	}
	return len(q.waiting), len(q.running), oldest
}
