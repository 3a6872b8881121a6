package smoke

import (
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Latency is what a number of requests have in common. It is zero where there were none.
type Latency struct {
	// Count is how many requests there were.
	Count int
	// Mean is the mean of their times.
	Mean time.Duration
	// P50, P90 and P99 are the times within which 50, 90 and 99 of 100 requests were answered, by nearest rank: each is
	// the time of a request.
	P50, P90, P99 time.Duration
}

// SummarizeLatency sums up times, in any order.
func SummarizeLatency(times []time.Duration) Latency {
	if len(times) == 0 {
		return Latency{}
	}
	sorted := make([]float64, len(times))
	for i, t := range times {
		sorted[i] = float64(t)
	}
	slices.Sort(sorted)
	of := func(share float64) time.Duration {
		return time.Duration(stat.Quantile(share, stat.Empirical, sorted, nil))
	}
	return Latency{
		Count: len(times), Mean: time.Duration(stat.Mean(sorted, nil)), P50: of(0.5), P90: of(0.9), P99: of(0.99),
	}
}

// Milliseconds is a time in milliseconds.
func Milliseconds(t time.Duration) float64 { return float64(t) / float64(time.Millisecond) }
