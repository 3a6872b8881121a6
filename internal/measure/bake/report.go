package bake

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/release/gates"
	"sagehost/kit/check"
)

// Report is what a watch has seen.
type Report struct {
	// Endpoint is the endpoint's name in SageMaker, and Config that of the configuration which it served at first.
	Endpoint, Config string
	// For is how long it was watched.
	For time.Duration
	// Alarms is how many there were.
	Alarms int
	// Raised are the alarms that went off, and Unclear those that could not tell.
	Raised, Unclear []string
	// Changed says what the endpoint did instead of serving the same configuration; empty when it did.
	Changed string
	// Samples are how many requests each variant answered.
	Samples map[string]float64
}

// Measurements are the report's numbers, as evidence holds them.
func (r *Report) Measurements() map[string]float64 {
	m := map[string]float64{
		gates.BakeSeconds: math.Trunc(r.For.Seconds()), gates.BakeAlarms: float64(r.Alarms),
		gates.BakeRaised: float64(len(r.Raised)), gates.BakeUnclear: float64(len(r.Unclear)), gates.BakeChanged: 0,
		gates.BakeSamples: 0,
	}
	if r.Changed != "" {
		m[gates.BakeChanged] = 1
	}
	if len(r.Samples) > 0 {
		m[gates.BakeSamples] = slices.Min(slices.Collect(maps.Values(r.Samples)))
	}
	return m
}

// Write shows the report.
func (r *Report) Write(out io.Writer) {
	fmt.Fprintf(out, "%s: configuration %s, %s watched for %s\n",
		r.Endpoint, r.Config, english.Plural(r.Alarms, "alarm", ""), check.ShortSpan(r.For.Truncate(time.Second)))
	for _, variant := range slices.Sorted(maps.Keys(r.Samples)) {
		fmt.Fprintf(out, "  variant %s answered %s\n", variant, english.Plural(int(r.Samples[variant]), "request", ""))
	}
	if len(r.Raised) > 0 {
		fmt.Fprintf(out, "  went off: %s\n", strings.Join(r.Raised, ", "))
	}
	if len(r.Unclear) > 0 {
		fmt.Fprintf(out, "  too little data to tell: %s\n", strings.Join(r.Unclear, ", "))
	}
	if r.Changed != "" {
		fmt.Fprintf(out, "  %s\n", r.Changed)
	}
}
