// Package latency sums up how long requests took.
package latency

import (
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Summary is what a number of requests have in common. It is zero where there were none.
type Summary struct {
	// Count is how many requests there were.
	Count int
	// Mean is the mean of their times.
	Mean time.Duration
	// P50, P90 and P99 are the times within which 50, 90 and 99 of 100 requests were answered, by nearest rank: each is
	// the time of a request.
	P50, P90, P99 time.Duration
}

// Summarize sums up times, in any order.
func Summarize(times []time.Duration) Summary {
	if len(times) == 0 {
		return Summary{}
	}
	sorted := make([]float64, len(times))
	for i, t := range times {
		sorted[i] = float64(t)
	}
	slices.Sort(sorted)
	of := func(share float64) time.Duration {
		return time.Duration(stat.Quantile(share, stat.Empirical, sorted, nil))
	}
	return Summary{
		Count: len(times), Mean: time.Duration(stat.Mean(sorted, nil)), P50: of(0.5), P90: of(0.9), P99: of(0.99),
	}
}

// Milliseconds is a time in milliseconds.
func Milliseconds(t time.Duration) float64 { return float64(t) / float64(time.Millisecond) }
