package dataplane_test

import (
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"testing"
	"time"
)

// latencies is how long something took, each time.
type latencies []time.Duration

// measure asks about the flower once. The benchmark ends if the answer is not what the model says about it.
func (l *latencies) measure(b *testing.B, ask func() (string, error)) {
	b.Helper()
	began := time.Now()
	got, err := ask()
	*l = append(*l, time.Since(began))
	if err != nil || got != flowerSeen {
		b.Fatalf("got %q, %v; want %q", got, err, flowerSeen)
	}
}

// percentile is the latency that so many of 100 did not exceed.
func (l latencies) percentile(of int) time.Duration {
	sorted := slices.Sorted(slices.Values(l))
	return sorted[(len(sorted)*of-1)/100]
}

// memory is what this process uses, in MiB. The gateway and the engine of the jobs are in it, and the benchmark.
type memory struct {
	// heap is the objects, those included that are garbage by now.
	heap float64
	// held is what the runtime of Go holds of the system's memory: nearly all of the resident set.
	held float64
}

func (m memory) max(other memory) memory {
	return memory{heap: max(m.heap, other.heap), held: max(m.held, other.held)}
}

// watchMemory looks at the memory every 2 ms from now on. The function ends that and gives the most there was.
func watchMemory() (end func() memory) {
	// What earlier work has left is not this one's.
	debug.FreeOSMemory()
	stop, most := make(chan struct{}), make(chan memory)
	go func() {
		ticker := time.NewTicker(2 * time.Millisecond)
		defer ticker.Stop()
		peak := memoryNow()
		for {
			select {
			case <-stop:
				most <- peak
				return
			case <-ticker.C:
				peak = peak.max(memoryNow())
			}
		}
	}()
	return func() memory {
		close(stop)
		return <-most
	}
}

// memoryNow reads what runtime/metrics tells, which does not stop the process as runtime.ReadMemStats does.
func memoryNow() memory {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	mib := func(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
	objects, total, released := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
	return memory{heap: mib(objects), held: mib(total - released)}
}
