package gates

import (
	"fmt"
	"math"
	"time"

	"sagehost/internal/release"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Defaults of the watch over a release.
const (
	DefaultBakeFor = 30 * time.Minute
	// DefaultMinSamples makes an error rate of 1 % likely to show (63 in 100).
	DefaultMinSamples = 100
)

// The limits of how long a release is watched. Metrics have a value a minute, and CloudWatch answers with at most 1,440
// of them (GetMetricStatistics), which is a day.
const (
	MinBakeFor = 2 * time.Minute
	MaxBakeFor = 24 * time.Hour
)

// The measurements of the watch. They are part of the evidence: their names stay.
const (
	BakeSeconds = "forSeconds"
	BakeAlarms  = "alarms"
	BakeRaised  = "alarmsRaised"
	BakeUnclear = "alarmsUnclear"
	BakeChanged = "configurationChanged"
	BakeSamples = "samples"
)

// Bake is how long a release must have served, and how much, without an alarm.
type Bake struct {
	// For is how long the alarms are watched. Range: 2m to 24h. Default: 30m.
	For *time.Duration `json:"for"`

	// MinSamples is how many requests each variant must have answered in that time; fewer are inconclusive. Range: 1 and
	// above. Default: 100.
	MinSamples *int `json:"minSamples"`
}

// Check reports what is wrong with the gate.
func (b *Bake) Check(at check.At) {
	if b.For != nil {
		at.Key("for").Seconds(*b.For, MinBakeFor, MaxBakeFor)
	}
	if b.MinSamples != nil && *b.MinSamples < 1 {
		at.Key("minSamples").Addf("%d is less than 1", *b.MinSamples)
	} else if b.MinSamples != nil && limits.IntegerProblem(*b.MinSamples) != "" {
		at.Key("minSamples").Addf("%d is more than any endpoint answers in that time", *b.MinSamples)
	}
}

// Span is how long to watch.
func (b *Bake) Span() time.Duration { return check.ValueOr(b.For, DefaultBakeFor) }

// Samples is how many requests each variant must have answered.
func (b *Bake) Samples() int { return check.ValueOr(b.MinSamples, DefaultMinSamples) }

// Rate is how many requests a minute an endpoint must get for a variant with this share of them (above 0, at most 1) to
// answer enough. Metrics count full minutes, of which a span has one less when it does not begin with one.
func (b *Bake) Rate(share float64) int {
	minutes := max(1, math.Floor(b.Span().Minutes())-1)
	return int(math.Ceil(float64(b.Samples()) / minutes / share))
}

// Judge holds the measurements of a watch against the gate.
func (b *Bake) Judge(measured map[string]float64) Verdict {
	v := Verdict{Result: release.Pass}
	if n := measured[BakeRaised]; n > 0 {
		v.fail(fmt.Sprintf("%s of %s alarms went off", number(n), number(measured[BakeAlarms])))
	}
	if measured[BakeChanged] > 0 {
		v.fail("the endpoint did not serve the same configuration all the time")
	}
	if measured[BakeAlarms] == 0 {
		v.unclear("no alarm was watched")
	}
	if n := measured[BakeUnclear]; n > 0 {
		v.unclear(fmt.Sprintf("%s of %s alarms had too little data to tell", number(n), number(measured[BakeAlarms])))
	}
	span := time.Duration(measured[BakeSeconds] * float64(time.Second))
	if wanted := b.Span(); span < wanted {
		v.unclear(fmt.Sprintf("the alarms were watched for %s; %s are needed",
			check.ShortSpan(span.Truncate(time.Second)), check.ShortSpan(wanted)))
	}
	if measured[BakeSamples] < float64(b.Samples()) {
		v.unclear(fmt.Sprintf("the variant with the least traffic answered %s requests; %d are needed",
			number(measured[BakeSamples]), b.Samples()))
	}
	return v
}
