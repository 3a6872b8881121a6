package dataplane_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serveFlowers brings the model of the flowers into service in a local AWS of the benchmark's own, as "flowers", and
// tells where it takes invocations.
func serveFlowers(b *testing.B) (w *world, url string) {
	b.Helper()
	w = newWorld(b)
	w.serve("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	return w, w.url + "/endpoints/flowers/invocations"
}

// BenchmarkOverhead measures what the local AWS adds to an invocation: one client asks a container directly and through
// the runtime API in turn, so that a busy machine slows both. Percentiles of the one are taken off those of the other.
// The SDK's client, which has a cost of its own, is measured apart from them.
func BenchmarkOverhead(b *testing.B) {
	w, url := serveFlowers(b)
	direct, through := newAsker(startScoring(b), 1), newAsker(url, 1)
	var bare, hosted, sdk latencies
	for b.Loop() {
		bare.measure(b, func() (string, error) { return direct.ask(b.Context(), flower) })
		hosted.measure(b, func() (string, error) { return through.ask(b.Context(), flower) })
	}
	for range hosted {
		sdk.measure(b, func() (string, error) {
			out, err := w.invoke(b.Context(), "flowers", flower)
			if err != nil {
				return "", err
			}
			return string(out.Body), nil
		})
	}
	// It would be the time of a pair.
	b.ReportMetric(0, "ns/op")
	for percentile, name := range map[int]string{50: "p50", 99: "p99"} {
		least := bare.percentile(percentile)
		b.ReportMetric(microseconds(least), name+"-direct-µs")
		b.ReportMetric(microseconds(hosted.percentile(percentile)-least), name+"-overhead-µs")
		b.ReportMetric(microseconds(sdk.percentile(percentile)-least), name+"-sdk-overhead-µs")
	}
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// BenchmarkThroughput measures how many invocations 16 clients get answered that ask again as soon as they have their
// answer, through the local AWS and, to compare, by the container itself. All of them share the machine.
func BenchmarkThroughput(b *testing.B) {
	const clients = 16
	_, url := serveFlowers(b)
	askers := map[string]asker{"hosted": newAsker(url, clients), "direct": newAsker(startScoring(b), clients)}
	for _, name := range []string{"hosted", "direct"} {
		b.Run(name, func(b *testing.B) {
			var left atomic.Int64
			left.Store(int64(b.N))
			var group sync.WaitGroup
			for range clients {
				group.Go(func() {
					for left.Add(-1) >= 0 {
						if got, err := askers[name].ask(b.Context(), flower); err != nil || got != flowerSeen {
							b.Errorf("got %q, %v; want %q", got, err, flowerSeen)
							return
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invocations/s")
		})
	}
}
