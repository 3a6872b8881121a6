package evaluation

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// peakHeap looks at the heap every 2 ms. The function ends that and gives the most there was, in MiB, garbage included.
func peakHeap() (end func() float64) {
	debug.FreeOSMemory()
	stop, most := make(chan struct{}), make(chan float64)
	go func() {
		ticker := time.NewTicker(2 * time.Millisecond)
		defer ticker.Stop()
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		peak := 0.0
		for {
			select {
			case <-stop:
				most <- peak
				return
			case <-ticker.C:
				metrics.Read(sample)
				peak = max(peak, float64(sample[0].Value.Uint64())/(1<<20))
			}
		}
	}()
	return func() float64 {
		close(stop)
		return <-most
	}
}

// BenchmarkEvaluation measures all that an evaluation does beside the job: checking a held-out set, writing its rows,
// and joining them with predictions, both of which are made up as they are read.
func BenchmarkEvaluation(b *testing.B) {
	for _, f := range []form{csvForm, jsonForm, numberForm} {
		for _, size := range []struct {
			name string
			rows int
		}{{"100k", 100_000}, {"1M", 1_000_000}, {"3M", 3_000_000}} {
			b.Run(string(f)+"/"+size.name, func(b *testing.B) {
				end := peakHeap()
				for b.Loop() {
					scoreGenerated(b, f, size.rows, nil)
				}
				b.StopTimer()
				b.ReportMetric(float64(size.rows*b.N)/b.Elapsed().Seconds(), "rows/s")
				b.ReportMetric(end(), "peak-heap-MiB")
			})
		}
	}
}

// What is kept of the rows is full long before the last of them. Memory is that of the process: no other test may run
// meanwhile.
func TestMemoryDoesNotGrowWithTheRows(t *testing.T) { //nolint:paralleltest // see above
	const rows, bound = 200_000, 12 << 20
	for _, f := range []form{csvForm, jsonForm, numberForm} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var peak uint64
		scoreGenerated(t, f, rows, func(row int) {
			if row%50_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
			}
		})
		require.NotZero(t, peak)
		assert.Less(t, int64(peak)-int64(before.HeapAlloc), int64(bound), f)
	}
}
