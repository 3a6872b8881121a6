package metrics

import (
	"io"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"sagehost/localaws/protocol"
	"sagehost/localaws/world/clock"
)

// Options says what a Recorder works with.
type Options struct {
	// URL is where CloudWatch answers. Required.
	URL string
	// Clock is the time of the values. Required.
	Clock *clock.Clock
	// Log gets a line for each request that fails. Required.
	Log io.Writer
}

// Recorder is a Sink that keeps the values of the last 3 hours, counted by minute, and publishes them to CloudWatch.
type Recorder struct {
	options Options

	// index is replaced as a whole, because it is read for each value and written for each new metric.
	index atomic.Pointer[map[Metric]*series]
	// mu is held by whoever replaces the index.
	mu sync.Mutex

	// publishing keeps data points in order.
	publishing sync.Mutex
	clients    *protocol.Clients[*cloudwatch.Client]
}

// NewRecorder makes a Recorder. It publishes while Run runs.
func NewRecorder(options Options) *Recorder {
	r := &Recorder{options: options, clients: protocol.NewClients(options.URL, "sagemaker", newClient)}
	r.index.Store(&map[Metric]*series{})
	return r
}

// Add notes a value that was measured now. CloudWatch takes no infinity and nothing that is not a number; they are
// left out. A metric keeps the unit of its first value.
func (r *Recorder) Add(metric Metric, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	known := (*r.index.Load())[metric]
	for known == nil || !known.add(value, r.options.Clock.Now) {
		known = r.learn(metric)
	}
}

// learn makes the series of a metric, or finds it under its identity.
func (r *Recorder) learn(metric Metric) *series {
	r.mu.Lock()
	defer r.mu.Unlock()
	index := maps.Clone(*r.index.Load())
	identity := metric.identity()
	if index[identity] == nil {
		index[identity] = &series{metric: metric}
	}
	index[metric] = index[identity]
	r.index.Store(&index)
	return index[metric]
}

// retire forgets the metrics that have no values left at a minute, so that those of deleted endpoints do not pile up.
func (r *Recorder) retire(minute time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	index := map[Metric]*series{}
	for metric, s := range *r.index.Load() {
		if !s.retire(minute) {
			index[metric] = s
		}
	}
	if len(index) < len(*r.index.Load()) {
		r.index.Store(&index)
	}
}

// Knows reports whether all values of a namespace come from this process.
func (r *Recorder) Knows(namespace string) bool {
	return slices.Contains([]string{Invocations, Instances, TransformJobs, Schedules, Rules, Workflows}, namespace)
}

// Series is the points of a metric from a moment to before another, oldest first, as far as they are not older than 3
// hours. The order of the dimensions does not matter. An empty unit stands for any.
func (r *Recorder) Series(metric Metric, from, to time.Time) []Point {
	known := (*r.index.Load())[metric.identity()]
	if known == nil || (metric.Unit != "" && metric.Unit != known.metric.Unit) {
		return nil
	}
	return known.between(from, to)
}

// Values are those of a metric from a moment to before another, in their order: as Series has them.
func (r *Recorder) Values(metric Metric, from, to time.Time) []Value {
	known := (*r.index.Load())[metric.identity()]
	if known == nil || (metric.Unit != "" && metric.Unit != known.metric.Unit) {
		return nil
	}
	return known.valuesBetween(from, to)
}
