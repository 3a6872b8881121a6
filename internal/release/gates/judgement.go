package gates

import (
	"fmt"
	"maps"
	"slices"

	"sagehost/internal/release"
	"sagehost/internal/release/metrics"
)

// Measured is what an evaluation has measured of a release, as its evidence has it.
type Measured struct {
	// Data is the SHA-256 of the held-out set, in hexadecimal digits.
	Data string
	// Values are the metrics by name, and under "rows" how many rows there were.
	Values map[string]float64
	// Missing says of metrics that could not be measured why.
	Missing map[string]string
}

// MeasuredIn is what evidence of an evaluation tells; nil for none.
func MeasuredIn(e *release.Evidence) *Measured {
	if e == nil {
		return nil
	}
	return &Measured{Data: e.Data, Values: e.Measurements}
}

// Baseline is what was measured last, in any of these stacks, of the release in production on the data with this
// SHA-256, or else on other data; nil if nothing was, or if there is no such release. A model that is the same byte for
// byte predicts the same in every stack. With aws, what was measured on the local AWS does not count.
func Baseline(production *release.Release, data string, aws bool, stacks ...string) *Measured {
	if production == nil {
		return nil
	}
	var latest *release.Evidence
	for _, stack := range stacks {
		for e := range production.Measurements(GateEvaluation, stack, aws) {
			if latest == nil || e.Data == data && (latest.Data != data || !e.At.Before(latest.At)) {
				latest = e
			}
		}
	}
	return MeasuredIn(latest)
}

// NoLimit is the reason of a measurement that nothing was demanded of.
const NoLimit = "measured, no limit set"

// Judgement is what the limits say of what was measured.
type Judgement struct {
	// Result is fail if any limit is broken, inconclusive if none is but any could not be applied, else pass. With fewer
	// rows than the limits take it is inconclusive; without a limit of a metric it is measured.
	Result release.Result
	// Reason says why when the limits themselves do not; empty otherwise.
	Reason string
	// Findings is one for each limit, sorted by metric.
	Findings []Finding
}

// Finding is what one limit says.
type Finding struct {
	// Metric is the metric's name, Rule the limit's: min, max, maxDrop or maxRise.
	Metric, Rule string
	// Bound is the limit.
	Bound float64
	// Value is what was measured, Baseline what was measured of the release in production; nil when there is none, or,
	// of the baseline, when the rule needs none.
	Value, Baseline *float64
	// Result is pass, fail or inconclusive.
	Result release.Result
	// Detail says in a sentence without a full stop how the result came about.
	Detail string
}

// Judge holds what was measured of a release against the limits. The baseline is what was measured of the release in
// production; nil when there is none. What cannot be compared is inconclusive, never a pass: a metric that is missing,
// no baseline, or one that was measured on other data.
func (e Evaluation) Judge(measured Measured, baseline *Measured) Judgement {
	j := Judgement{Result: release.Pass}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if name != metrics.Rows {
			j.Findings = append(j.Findings, e[name].judge(name, measured, baseline)...)
		}
	}
	for _, finding := range j.Findings {
		j.Result = release.Worse(j.Result, finding.Result)
	}
	if len(j.Findings) == 0 {
		j.Result, j.Reason = release.Measured, NoLimit
	}
	if rows, least := measured.Values[metrics.Rows], e.minRows(); rows < least && len(e) > 0 {
		j.Result, j.Reason = release.Inconclusive, fmt.Sprintf("%v rows are too few; at least %v are wanted", rows, least)
	}
	return j
}

// LacksBaseline reports whether a limit could not be applied for want of a measurement of the release in production.
func (j Judgement) LacksBaseline() bool {
	return slices.ContainsFunc(j.Findings, func(f Finding) bool {
		return f.Result == release.Inconclusive && f.Value != nil
	})
}

func (e Evaluation) minRows() float64 {
	if limit := e[metrics.Rows]; limit.Min != nil {
		return *limit.Min
	}
	return DefaultMinRows
}

// slack is the error of a difference between decimal fractions: 0.98 - 0.97 is a little more than 0.01 in binary.
const slack = 1e-9

// rules are what a limit may say. Excess is by how much a value is beyond the bound: above 0 it is broken.
var rules = []struct {
	name, words string
	compares    bool
	bound       func(Limit) *float64
	excess      func(value, baseline, bound float64) float64
}{
	{
		"min", "at least", false, func(l Limit) *float64 { return l.Min },
		func(value, _, bound float64) float64 { return bound - value },
	},
	{
		"max", "at most", false, func(l Limit) *float64 { return l.Max },
		func(value, _, bound float64) float64 { return value - bound },
	},
	{
		"maxDrop", "below it by at most", true, func(l Limit) *float64 { return l.MaxDrop },
		func(value, baseline, bound float64) float64 { return baseline - value - bound - slack },
	},
	{
		"maxRise", "above it by at most", true, func(l Limit) *float64 { return l.MaxRise },
		func(value, baseline, bound float64) float64 { return value - baseline - bound - slack },
	},
}

// judge applies the limits of one metric. Bounds are inclusive.
func (l Limit) judge(metric string, measured Measured, baseline *Measured) []Finding {
	var found []Finding
	for _, rule := range rules {
		bound := rule.bound(l)
		if bound == nil {
			continue
		}
		f := Finding{Metric: metric, Rule: rule.name, Bound: *bound, Result: release.Inconclusive}
		value, ok := measured.Values[metric]
		if !ok {
			f.Detail = unmeasured(metric, measured)
			found = append(found, f)
			continue
		}
		f.Value = &value
		var before float64
		f.Detail = fmt.Sprintf("%s is %.6g, wanted %s %g", metric, value, rule.words, *bound)
		if rule.compares {
			if before, f.Detail = compared(metric, measured, baseline); f.Detail != "" {
				found = append(found, f)
				continue
			}
			f.Baseline = &before
			f.Detail = fmt.Sprintf("%s is %.6g, in production %.6g, wanted %s %g", metric, value, before, rule.words, *bound)
		}
		f.Result = release.Pass
		if rule.excess(value, before, *bound) > 0 {
			f.Result = release.Fail
		}
		found = append(found, f)
	}
	return found
}

// unmeasured says that a metric is missing, and why if that is known.
func unmeasured(metric string, measured Measured) string {
	if reason := measured.Missing[metric]; reason != "" {
		return metric + " was not measured: " + reason
	}
	return metric + " was not measured"
}

// compared is a metric of the release in production, or why there is none to compare with.
func compared(metric string, measured Measured, baseline *Measured) (value float64, problem string) {
	if baseline == nil {
		return 0, "there is no measurement of the release in production to compare with"
	}
	if measured.Data == "" || baseline.Data != measured.Data {
		return 0, "the release in production was measured on other data"
	}
	value, ok := baseline.Values[metric]
	if !ok {
		return 0, "in production, " + unmeasured(metric, *baseline)
	}
	return value, ""
}
