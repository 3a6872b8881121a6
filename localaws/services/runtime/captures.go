package runtime

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/objects"
)

const (
	// captureObject is the size in bytes above which captured data is not held back for the minute to end.
	captureObject = 4 << 20
	// captureMemory is how many bytes of captured data may wait for S3; what comes then is dropped.
	captureMemory = 64 << 20
	// captureEnd bounds the writing of what is left when the runtime stops.
	captureEnd = 30 * time.Second
)

// captures gathers captured data and writes it in the background.
type captures struct {
	Options

	mu   sync.Mutex
	open map[captureKey]*captureFile
	// ready waits to be written.
	ready []*captureFile
	// held is the size of all that is open or ready, dropped the number of lines that found no room.
	held, dropped int
	// room is the most that is held.
	room int
	wake chan struct{}
}

// captureKey tells the objects apart that are being filled.
type captureKey struct {
	region, endpoint, variant, destination, kmsKey string
	// hour is when the requests were, in hours since 1970.
	hour int64
}

// captureFile is an object that is being filled.
type captureFile struct {
	captureKey

	began time.Time
	// id keeps the object's name the same when it is written again, after the end of the runtime broke that off.
	id    string
	lines bytes.Buffer
}

func newCaptures(options Options) *captures {
	return &captures{
		Options: options, open: map[captureKey]*captureFile{}, room: captureMemory, wake: make(chan struct{}, 1),
	}
}

// add captures a request, if it is its turn.
func (c *captures) add(
	endpoint *Endpoint, variant *Variant, in *invocation, input []byte, response *serving.Response, output []byte,
) {
	capture := endpoint.Capture
	if chance()*100 >= float64(capture.Percentage) {
		return
	}
	now := c.Clock.Now().UTC()
	line := capture.line(in, input, response, output, now)
	key := captureKey{
		region: endpoint.Region, endpoint: endpoint.Name, variant: variant.Name,
		destination: capture.Destination, kmsKey: capture.KMSKey, hour: now.Unix() / 3600,
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held+len(line) > c.room {
		c.dropped++
		return
	}
	file := c.open[key]
	if file == nil {
		file = &captureFile{captureKey: key, began: now, id: uuid()}
		c.open[key] = file
	}
	file.lines.Write(line)
	c.held += len(line)
	if file.lines.Len() >= captureObject {
		c.cut(key)
	}
}

// cut ends an object. The lock is held.
func (c *captures) cut(key captureKey) {
	c.ready = append(c.ready, c.open[key])
	delete(c.open, key)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// cutAll ends all objects.
func (c *captures) cutAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.open {
		c.cut(key)
	}
}

// write writes what is ready until the context ends, and then everything.
func (c *captures) write(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-c.wake:
			c.writeReady(ctx)
		case <-ctx.Done():
		}
	}
	c.cutAll()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), captureEnd)
	defer cancel()
	c.writeReady(last)
}

// writeReady writes what is ready. An object that the end of the context breaks off stays ready.
func (c *captures) writeReady(ctx context.Context) {
	for {
		file := c.next()
		if file == nil {
			return
		}
		uri := file.uri()
		err := c.Objects.Put(ctx, file.region, uri, bytes.NewReader(file.lines.Bytes()),
			objects.Meta{ContentType: "application/jsonlines", KMSKey: file.kmsKey})
		if err != nil && ctx.Err() != nil {
			return
		}
		if err != nil {
			_, _ = fmt.Fprintf(c.Log, "runtime: data captured of %s is lost: %v\n", file.endpoint, err)
		}
		c.done(file)
	}
}

// next is the first object that is ready; nil when there is none. It also tells of what found no room.
func (c *captures) next() *captureFile {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped > 0 {
		_, _ = fmt.Fprintf(c.Log, "runtime: %d requests were not captured, because S3 does not keep up\n", c.dropped)
		c.dropped = 0
	}
	if len(c.ready) == 0 {
		return nil
	}
	return c.ready[0]
}

// done forgets the object that next returned.
func (c *captures) done(file *captureFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready = c.ready[1:]
	c.held -= file.lines.Len()
}

// uri is <destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/<minute>-<second>-<millisecond>-<uuid>.jsonl.
func (f *captureFile) uri() string {
	at := f.began
	name := fmt.Sprintf("%s/%s/%s/%s-%03d-%s.jsonl", f.endpoint, f.variant, at.Format("2006/01/02/15"),
		at.Format("04-05"), at.Nanosecond()/int(time.Millisecond), f.id)
	return objects.Join(f.destination, name)
}
