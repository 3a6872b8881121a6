package metrics

import (
	"cmp"
	"math"
	"slices"
)

// Value is a value and how often it was measured.
type Value struct{ Value, Count float64 }

const (
	// maxBins leaves room for the least and the greatest value among the 150 that a datum may have (PutMetricData).
	maxBins = 148
	// finest is by how much the values of a bin may differ when there are first more values than bins.
	finest = 1.01
)

// values counts the values of a minute: each by itself as long as there are few, and else in bins that grow with them,
// so that a minute takes no more room however much is measured. The values of a bin count as their mean.
type values struct {
	// factor is the ratio between the ends of a bin; 0 while each value has one of its own.
	factor float64
	bins   map[binKey]bin
	// sealed is the values of a minute that is over.
	sealed []Value
}

// binKey is the sign of the values of a bin and its number, or a value.
type binKey struct {
	sign int
	at   float64
}

type bin struct{ count, sum float64 }

func (v *values) key(value float64) binKey {
	switch {
	case v.factor == 0 || value == 0:
		return binKey{at: value}
	case value < 0:
		return binKey{-1, math.Floor(math.Log(-value) / math.Log(v.factor))}
	default:
		return binKey{1, math.Floor(math.Log(value) / math.Log(v.factor))}
	}
}

func (v *values) add(value float64) {
	if v.bins == nil {
		v.bins = map[binKey]bin{}
	}
	v.put(value, bin{1, value})
	for len(v.bins) > maxBins {
		finer := *v
		v.factor, v.bins = max(finest, v.factor*v.factor), map[binKey]bin{}
		for _, b := range finer.bins {
			v.put(b.sum/b.count, b)
		}
	}
}

func (v *values) put(value float64, more bin) {
	key := v.key(value)
	b := v.bins[key]
	v.bins[key] = bin{b.count + more.count, b.sum + more.sum}
}

// seal lets go of what only a minute that goes on needs.
func (v *values) seal(p Point) { v.sealed, v.bins = v.list(p), nil }

// list is the values in their order. The least and the greatest are those of the point.
func (v *values) list(p Point) []Value {
	if v.bins == nil {
		return v.sealed
	}
	var list []Value
	for key, b := range v.bins {
		if v.factor == 0 {
			list = append(list, Value{key.at, b.count})
		} else {
			list = append(list, Value{b.sum / b.count, b.count})
		}
	}
	slices.SortFunc(list, byValue)
	if v.factor > 0 {
		list = append(list[1:], split(list[0], p.Min)...)
		slices.SortFunc(list, byValue)
		last := len(list) - 1
		list = append(list[:last], split(list[last], p.Max)...)
		slices.SortFunc(list, byValue)
	}
	return list
}

func byValue(a, b Value) int { return cmp.Compare(a.Value, b.Value) }

// split takes one value out of others of which only the mean is known.
func split(of Value, one float64) []Value {
	if of.Count == 1 || of.Value == one {
		return []Value{of}
	}
	rest := of.Count - 1
	return []Value{{one, 1}, {(of.Value*of.Count - one) / rest, rest}}
}

// merge adds up values of several minutes, in their order.
func merge(all []Value) []Value {
	slices.SortFunc(all, byValue)
	merged := all[:0]
	for _, v := range all {
		if n := len(merged); n > 0 && merged[n-1].Value == v.Value {
			merged[n-1].Count += v.Count
		} else {
			merged = append(merged, v)
		}
	}
	return merged
}
