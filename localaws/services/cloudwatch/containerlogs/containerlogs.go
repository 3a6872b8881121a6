// Package containerlogs writes what containers print to the local CloudWatch Logs. It never keeps a container waiting.
package containerlogs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/dustin/go-humanize/english"

	"sagehost/localaws/protocol"
	"sagehost/localaws/world/clock"
)

// Log groups of SageMaker ("CloudWatch Logs for Amazon SageMaker AI").
const (
	// Endpoints starts the name of an endpoint's group, which ends in the endpoint's.
	Endpoints = "/aws/sagemaker/Endpoints/"
	// TransformJobs is the group of all transform jobs.
	TransformJobs = "/aws/sagemaker/TransformJobs"
)

const (
	// maxWaiting is how many bytes of lines may wait to be written. What comes beyond is left out, and counted.
	maxWaiting = 8 << 20
	// rest is the pause between two rounds of writing, in which lines gather.
	rest = 100 * time.Millisecond
	// patience is how long one round may take.
	patience = 10 * time.Second
)

// Stream is where a container's lines go.
type Stream struct{ Region, Group, Name string }

// Options says what a Writer works with. All are required.
type Options struct {
	// URL is where CloudWatch Logs answers.
	URL string
	// Clock is the time of the lines.
	Clock *clock.Clock
	// Log gets a line for each request that fails.
	Log io.Writer
}

// Writer takes lines and writes them while Run runs.
type Writer struct {
	options Options
	clients *protocol.Clients[*cloudwatchlogs.Client]
	// wake has an element while lines wait.
	wake chan struct{}
	// most is how many bytes may wait.
	most int
	// known are the streams that have been made. One that somebody deletes is not made again.
	known map[Stream]bool

	mu      sync.Mutex
	waiting map[Stream]*backlog
	// size is how many bytes wait.
	size int
}

// backlog is the lines of a stream that wait.
type backlog struct {
	lines []line
	// dropped is how many lines were left out after them.
	dropped int
}

type line struct {
	at   int64
	text string
}

// New makes a Writer.
func New(options Options) *Writer {
	return &Writer{
		options: options,
		clients: protocol.NewClients(options.URL, "sagemaker", func(c aws.Config) *cloudwatchlogs.Client {
			return cloudwatchlogs.NewFromConfig(c)
		}),
		wake: make(chan struct{}, 1), most: maxWaiting, known: map[Stream]bool{}, waiting: map[Stream]*backlog{},
	}
}

// InstanceID makes up the id of an instance, of which names of streams have a part.
func InstanceID() string {
	var id [8]byte
	// crypto/rand.Read never fails.
	_, _ = rand.Read(id[:])
	return "i-0" + hex.EncodeToString(id[:])
}

// Open makes a stream, while its group is sure to be wanted: the stack that has declared the group may delete it with
// the endpoint, before a container has its last word.
func (w *Writer) Open(stream Stream) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backlog(stream)
}

// Add takes a line. It does not block.
func (w *Writer) Add(to Stream, text string) {
	// CloudWatch Logs refuses what lies hours ahead, and the clock may run ahead of the world's.
	at := min(w.options.Clock.Now().UnixMilli(), time.Now().UnixMilli())
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.backlog(to)
	if w.size+len(text) > w.most || b.dropped > 0 {
		b.dropped++
		return
	}
	w.size += len(text)
	b.lines = append(b.lines, line{at, text})
}

// backlog is what waits for a stream, which Run looks after. The lock must be held.
func (w *Writer) backlog(of Stream) *backlog {
	b := w.waiting[of]
	if b == nil {
		b = &backlog{}
		w.waiting[of] = b
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return b
}

// Run writes lines until the context ends, and then those that wait.
func (w *Writer) Run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-w.wake:
		case <-ctx.Done():
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
		}
		w.flush(ctx)
	}
	w.flush(ctx)
}

// flush writes what waits. The end of the context must not cost lines that are under way.
func (w *Writer) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for stream, b := range w.take() {
		if b.dropped > 0 {
			text := fmt.Sprintf("[%d lines were left out: they came faster than they could be written]", b.dropped)
			b.lines = append(b.lines, line{time.Now().UnixMilli(), text})
		}
		if err := w.write(ctx, stream, b.lines); err != nil {
			_, _ = fmt.Fprintf(w.options.Log, "container logs: %s of %s/%s in %s: %v\n",
				english.Plural(len(b.lines), "line", ""), stream.Group, stream.Name, stream.Region, err)
		}
	}
}

func (w *Writer) take() map[Stream]*backlog {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.waiting
	w.waiting, w.size = map[Stream]*backlog{}, 0
	return taken
}
