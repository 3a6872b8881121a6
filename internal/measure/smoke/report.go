package smoke

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize/english"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// Report is how an endpoint answered golden requests.
type Report struct {
	// Endpoint is its name in SageMaker.
	Endpoint string
	// Outcomes are those of the cases, for each variant.
	Outcomes []Outcome
	// Errors is how many requests were answered with another status than expected, or not at all.
	Errors int

	times []time.Duration
	cold  time.Duration
}

// Outcome is how a case ended.
type Outcome struct {
	Case string
	// Variant is empty for an asynchronous endpoint.
	Variant string
	Result  release.Result
	// Problem says why it is no pass.
	Problem string
}

func (r *Report) add(outcome Outcome) { r.Outcomes = append(r.Outcomes, outcome) }

// count adds the time of a request. That of a first one, for which something had to be loaded, is kept by itself.
func (r *Report) count(took time.Duration, first bool) {
	if first {
		r.cold = max(r.cold, took)
		return
	}
	r.times = append(r.times, took)
}

// Measurements are the report's numbers, as evidence holds them. Times are in milliseconds, as the client saw them.
func (r *Report) Measurements() map[string]float64 {
	m := map[string]float64{
		gates.SmokeCases: float64(len(r.Outcomes)), gates.SmokeErrors: float64(r.Errors),
		gates.SmokeRequests: float64(len(r.times)), gates.SmokeFailed: 0, gates.SmokeUnclear: 0,
	}
	for _, outcome := range r.Outcomes {
		switch outcome.Result {
		case release.Fail:
			m[gates.SmokeFailed]++
		case release.Inconclusive:
			m[gates.SmokeUnclear]++
		case release.Pass, release.Measured:
		}
	}
	if took := SummarizeLatency(r.times); took.Count > 0 {
		m[gates.SmokeP50] = Milliseconds(took.P50)
		m[gates.SmokeP90] = Milliseconds(took.P90)
		m[gates.SmokeP99] = Milliseconds(took.P99)
	}
	if r.cold > 0 {
		m[gates.SmokeColdStartMs] = Milliseconds(r.cold)
	}
	return m
}

// Write shows the report: a line for each case, and the latency.
func (r *Report) Write(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, outcome := range r.Outcomes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n",
			r.Endpoint, outcome.Variant, outcome.Case, outcome.Result, outcome.Problem)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	took := SummarizeLatency(r.times)
	if took.Count > 0 {
		fmt.Fprintf(out, "%s: %s, p50 %s, p90 %s, p99 %s", r.Endpoint, english.Plural(took.Count, "request", ""),
			rounded(took.P50), rounded(took.P90), rounded(took.P99))
		if r.cold > 0 {
			fmt.Fprintf(out, "; the first one took %s", rounded(r.cold))
		}
		fmt.Fprintln(out)
	}
	return nil
}

// rounded is a time to a hundredth of a millisecond.
func rounded(t time.Duration) time.Duration { return t.Round(10 * time.Microsecond) }
