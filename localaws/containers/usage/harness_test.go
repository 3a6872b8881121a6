package usage

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

// noon is when clocks start.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// fake is a machine of 4 cores with 1,000 MiB of memory.
type fake struct {
	table map[int]process
	tree  map[int][]int
	// sizes are those of folders, in bytes.
	sizes map[string]int64
	// failing is why there are no figures.
	failing error
	// reads is when it was read.
	reads []time.Time
}

func (f *fake) totals() (totals, error) {
	f.reads = append(f.reads, time.Now())
	return totals{cores: 4, memory: 1000 << 20}, f.failing
}

func (f *fake) size(folder string) int64 { return f.sizes[folder] }

func (f *fake) children() (map[int][]int, error) { return f.tree, nil }

func (f *fake) process(pid int) (process, bool) {
	p, ok := f.table[pid]
	return p, ok
}

// errors is an error of a text.
type errors string

// Error is the text.
func (e errors) Error() string { return string(e) }

// point is a value as a Sink gets it.
type point struct {
	at     time.Time
	metric metrics.Metric
	value  float64
}

// bench is a Sampler with all that it works with.
type bench struct {
	*Sampler
	fake    *fake
	clock   *clock.Clock
	log     strings.Builder
	running []Running

	mu     sync.Mutex
	points []point
}

// newBench makes a bench whose processes are made now.
func newBench(t *testing.T, running ...Running) *bench {
	t.Helper()
	b := &bench{
		fake:  &fake{table: map[int]process{}, sizes: map[string]int64{"flowers": 5 << 30}},
		clock: clock.New(noon), running: running,
	}
	b.Sampler = New(Options{
		Running: func() []Running { return b.running }, Metrics: b, Clock: b.clock, Log: &b.log,
	})
	b.machine = b.fake
	return b
}

// Add notes a value.
func (b *bench) Add(metric metrics.Metric, value float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.points = append(b.points, point{b.clock.Now(), metric, value})
}

// set changes the figures of a process. One that is new was created a moment ago.
func (b *bench) set(pid int, cpu time.Duration, mebibytes uint64) {
	p, known := b.fake.table[pid]
	if !known {
		p.created = time.Now().Add(-time.Millisecond)
	}
	p.cpu, p.memory = cpu, mebibytes<<20
	b.fake.table[pid] = p
}

// minute lets a minute pass and returns what was published at its end, by names of metrics.
func (b *bench) minute(t *testing.T) map[string]float64 {
	t.Helper()
	time.Sleep(time.Minute)
	b.points = nil
	b.publish()
	got := map[string]float64{}
	for _, p := range b.points {
		require.NotContains(t, got, p.metric.Name)
		got[p.metric.Name] = p.value
	}
	return got
}

// flowers is a variant with processes, whose files take a quarter of its volume.
func flowers(pids ...int) Running {
	return Running{
		Region: "eu-west-1", Endpoint: "flowers", Variant: "main", PIDs: pids, Folder: "flowers", VolumeGB: 20,
	}
}
