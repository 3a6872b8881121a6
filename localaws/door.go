package localaws

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"sagehost/localaws/protocol"
)

// drainTime is the drain of a door.
const drainTime = 5 * time.Second

// errBusy says that a request goes on although it was told to end.
var errBusy = errors.New("requests that are under way do not end; nothing was emptied")

// door is where requests of clients come in. While it is shut they wait, but for what the services ask of each other:
// requests that are under way may depend on that.
type door struct {
	mu      sync.Mutex
	handler http.Handler
	inside  map[*visit]bool
	// opens is closed when a shut door opens; nil while it is open.
	opens chan struct{}
	// left gets a value when the last visit of a shut door ends.
	left chan struct{}
	// drain is how long requests that are under way may go on once the door is shut, and how long they may take to end
	// after they were told to.
	drain time.Duration
}

// visit is a request that is under way.
type visit struct {
	end     context.CancelFunc
	control *http.ResponseController
}

func newDoor(handler http.Handler) *door {
	return &door{handler: handler, inside: map[*visit]bool{}, left: make(chan struct{}, 1), drain: drainTime}
}

// ServeHTTP lets a request in when the door is open.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if protocol.IsOwn(r) {
		d.current().ServeHTTP(w, r)
		return
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	v := &visit{end: end, control: http.NewResponseController(w)}
	handler, err := d.enter(ctx, v)
	if err != nil {
		// The client has gone.
		return
	}
	defer d.leave(v)
	handler.ServeHTTP(w, r.WithContext(ctx))
}

func (d *door) current() http.Handler {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.handler
}

func (d *door) enter(ctx context.Context, v *visit) (http.Handler, error) {
	for {
		d.mu.Lock()
		opens := d.opens
		if opens == nil {
			d.inside[v] = true
			defer d.mu.Unlock()
			return d.handler, nil
		}
		d.mu.Unlock()
		select {
		case <-opens:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *door) leave(v *visit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.inside, v)
	if d.opens != nil && len(d.inside) == 0 {
		d.tell()
	}
}

// tell lets whoever waits for the last visit go on. The lock is held.
func (d *door) tell() {
	select {
	case d.left <- struct{}{}:
	default:
	}
}

// shut keeps requests out and waits until nobody is inside. Requests that take long are told to end. If they do not,
// the door opens again.
func (d *door) shut() error {
	d.mu.Lock()
	d.opens = make(chan struct{})
	select {
	case <-d.left:
	default:
	}
	if len(d.inside) == 0 {
		d.tell()
	}
	d.mu.Unlock()
	for _, last := range []func(){d.hurry, d.open} {
		select {
		case <-d.left:
			return nil
		case <-time.After(d.drain):
			last()
		}
	}
	return errBusy
}

// hurry ends the requests that are inside, those among them that still wait for their clients to send.
func (d *door) hurry() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for v := range d.inside {
		v.end()
		// Where a deadline cannot be set, the context has to do.
		_ = v.control.SetReadDeadline(time.Now())
	}
}

// open lets requests in again.
func (d *door) open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.opens)
	d.opens = nil
}

// lead sets what answers requests.
func (d *door) lead(to http.Handler) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.handler = to
}
