package metrics

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The kinds of statistics over single values ("CloudWatch statistics definitions"): p99, tm90, TM(10%:90%), PR(:300).
var (
	shortStatistic  = regexp.MustCompile(`^(p|tm|wm|tc|ts)([0-9]+(?:\.[0-9]{1,10})?)$`)
	rangedStatistic = regexp.MustCompile(`^(TM|WM|TC|TS|PR)\((-?[0-9.]+%?)?:(-?[0-9.]+%?)?\)$`)
)

// Extended is a statistic that is about single values.
type Extended struct {
	kind      string
	low, high bound
}

// bound is an end of a range: a share of the values in percent, or a value.
type bound struct {
	given, isShare bool
	at             float64
}

// ParseExtended reads the name of a statistic; ok is false for one that is about sums, or none.
func ParseExtended(name string) (e Extended, ok bool) {
	if name == "IQM" {
		name = "TM(25%:75%)"
	}
	low, high := "", ""
	if parts := shortStatistic.FindStringSubmatch(name); parts != nil {
		e.kind, high = strings.ToUpper(parts[1]), parts[2]+"%"
	} else if parts := rangedStatistic.FindStringSubmatch(name); parts != nil && parts[2]+parts[3] != "" {
		e.kind, low, high = parts[1], parts[2], parts[3]
	} else {
		return Extended{}, false
	}
	for i, into := range []*bound{&e.low, &e.high} {
		text := []string{low, high}[i]
		if text == "" {
			continue
		}
		number, isShare := strings.CutSuffix(text, "%")
		at, err := strconv.ParseFloat(number, 64)
		if err != nil || isShare && (e.kind == "PR" || at < 0 || at > 100) {
			return Extended{}, false
		}
		*into = bound{given: true, isShare: isShare, at: at}
	}
	return e, true
}

// LowSamples is how many values a percentile needs to be significant ("Percentile-based alarms and low data samples");
// 0 for other statistics.
func (e Extended) LowSamples() float64 {
	switch share := e.high.at / 100; {
	case e.kind != "P" || share == 0 || share == 1:
		return 0
	case share < 0.5:
		return 10 / share
	default:
		return 10 / (1 - share)
	}
}

// Of computes the statistic of values, which are in their order. It is not a number where it cannot be told: without
// values, and with some below 0.
func (e Extended) Of(values []Value) float64 {
	if len(values) == 0 || values[0].Value < 0 {
		return math.NaN()
	}
	var total float64
	for _, v := range values {
		total += v.Count
	}
	switch e.kind {
	case "P":
		return percentile(values, e.high.at, total)
	case "WM":
		return e.winsorized(values, total) / total
	}
	number, sum := e.trimmed(values, total)
	switch e.kind {
	case "TC":
		return number
	case "TS":
		return sum
	case "PR":
		return 100 * number / total
	default:
		return sum / number
	}
}

// percentile is the least of the values that so many percent of all are not above.
func percentile(values []Value, share, total float64) float64 {
	// What arithmetic leaves must not turn a whole rank into the next one.
	const crumb = 1e-9
	var seen float64
	for _, v := range values {
		if seen += v.Count; seen >= share/100*total-crumb {
			return v.Value
		}
	}
	return values[len(values)-1].Value
}

// trimmed is the number and the sum of the values in the range: shares cut off values by their rank, numbers by size.
func (e Extended) trimmed(values []Value, total float64) (number, sum float64) {
	begin, end := 0.0, total
	if e.low.isShare {
		begin = e.low.at / 100 * total
	}
	if e.high.isShare {
		end = e.high.at / 100 * total
	}
	var seen float64
	for _, v := range values {
		part := max(0, min(seen+v.Count, end)-max(seen, begin))
		seen += v.Count
		above := !e.low.given || e.low.isShare || v.Value > e.low.at
		below := !e.high.given || e.high.isShare || v.Value <= e.high.at
		if above && below {
			number, sum = number+part, sum+v.Value*part
		}
	}
	return number, sum
}

// winsorized is the sum of the values, where those outside the range count as its ends.
func (e Extended) winsorized(values []Value, total float64) float64 {
	low, high := math.Inf(-1), math.Inf(1)
	for _, end := range []struct {
		bound
		value *float64
	}{{e.low, &low}, {e.high, &high}} {
		switch {
		case end.isShare:
			*end.value = percentile(values, end.at, total)
		case end.given:
			*end.value = end.at
		}
	}
	var sum float64
	for _, v := range values {
		sum += min(max(v.Value, low), high) * v.Count
	}
	return sum
}
