package metrics

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Kept is how long before the current minute values stay in memory. CloudWatch keeps data points of less than a minute
// for as long.
const Kept = 3 * time.Hour

// Point is what was measured in a minute.
type Point struct {
	// Start is the minute's start.
	Start time.Time
	// Count is the number of values; it is never 0.
	Count         float64
	Sum, Min, Max float64
}

func (p *Point) add(value float64) {
	p.Count++
	p.Sum += value
	p.Min, p.Max = min(p.Min, value), max(p.Max, value)
}

// identity is what CloudWatch tells metrics apart by: neither the unit nor the order of the dimensions is part of it.
func (m Metric) identity() Metric {
	m.Unit = ""
	slices.SortFunc(m.Dimensions[:], func(a, b Dimension) int {
		switch {
		case a == (Dimension{}) || b == (Dimension{}):
			// Unused ones go last.
			return strings.Compare(b.Name, a.Name)
		default:
			return strings.Compare(a.Name, b.Name)
		}
	})
	return m
}

// series is the values of a metric.
type series struct {
	metric Metric

	mu sync.Mutex
	// points are in the order of time, one for each minute that had values.
	points []Point
	// values are those behind the points.
	values []*values
	// published is the start of the last minute that has been published.
	published time.Time
	// gone says that the recorder has forgotten the series.
	gone bool
}

// add notes a value. It reads the time inside the lock, so that no value comes after one of a later minute. It reports
// false when the series is gone.
func (s *series) add(value float64, now func() time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return false
	}
	at := now()
	last := len(s.points) - 1
	if last >= 0 && at.Before(s.points[last].Start.Add(time.Minute)) {
		s.points[last].add(value)
		s.values[last].add(value)
		return true
	}
	if last >= 0 {
		s.values[last].seal(s.points[last])
	}
	minute := at.UTC().Truncate(time.Minute)
	s.forget(minute)
	s.points = append(s.points, Point{Start: minute, Count: 1, Sum: value, Min: value, Max: value})
	counted := &values{}
	counted.add(value)
	s.values = append(s.values, counted)
	return true
}

// forget drops the points that are too old in a minute.
func (s *series) forget(minute time.Time) {
	oldest := minute.Add(-Kept)
	kept := slices.IndexFunc(s.points, func(p Point) bool { return !p.Start.Before(oldest) })
	if kept < 0 {
		kept = len(s.points)
	}
	s.points, s.values = slices.Delete(s.points, 0, kept), slices.Delete(s.values, 0, kept)
}

// between is a copy of the points from a moment to before another.
func (s *series) between(from, to time.Time) []Point {
	s.mu.Lock()
	defer s.mu.Unlock()
	first, end := s.span(from, to)
	return slices.Clone(s.points[first:end])
}

// valuesBetween are the values from a moment to before another, in their order.
func (s *series) valuesBetween(from, to time.Time) []Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Value
	for i, end := s.span(from, to); i < end; i++ {
		all = append(all, s.values[i].list(s.points[i])...)
	}
	return merge(all)
}

// span is where the points from a moment to before another are.
func (s *series) span(from, to time.Time) (first, end int) {
	byStart := func(p Point, at time.Time) int { return p.Start.Compare(at) }
	first, _ = slices.BinarySearchFunc(s.points, from, byStart)
	end, _ = slices.BinarySearchFunc(s.points, to, byStart)
	return first, max(first, end)
}

// measured is a minute with its values.
type measured struct {
	Point
	values []Value
}

// take hands out the points of minutes before a moment that have not been handed out yet.
func (s *series) take(before time.Time) []measured {
	s.mu.Lock()
	defer s.mu.Unlock()
	var taken []measured
	for i, p := range s.points {
		if p.Start.After(s.published) && p.Start.Before(before) {
			taken = append(taken, measured{p, s.values[i].list(p)})
			s.published = p.Start
		}
	}
	return taken
}

// retire ends the series if all its points are too old, and reports whether it has ended.
func (s *series) retire(minute time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(minute)
	s.gone = len(s.points) == 0
	return s.gone
}
