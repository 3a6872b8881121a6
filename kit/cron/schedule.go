// Package cron reads AWS's schedule expressions, at(), rate() and cron(), and says when they are due.
package cron

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var (
	atForm   = regexp.MustCompile(`^at\((.*)\)$`)
	atTime   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	cronForm = regexp.MustCompile(`^cron\((.*)\)$`)

	units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
)

// Options is what an expression leaves open.
type Options struct {
	// Zone is the time zone of at and cron expressions; nil stands for UTC.
	Zone *time.Location
	// Start is when rates begin to count: they are due then, and again after each span.
	Start time.Time
	// Once makes what falls in the hour that comes twice in autumn due the first time only, as EventBridge Scheduler has
	// it; otherwise it is due twice.
	Once bool
}

// Schedule knows when an expression is due. The zero value is never due.
type Schedule struct {
	newest, oldest func(after, until time.Time) (due time.Time, ok bool)
	oneTime        bool
	// late says that all its times are in years beyond those that can be looked through.
	late bool
}

// OneTime reports whether the schedule is due once only, which is what at expressions are.
func (s Schedule) OneTime() bool { return s.oneTime }

// Newest is the newest moment after one and not after another at which the schedule is due; ok is false when there is
// none.
func (s Schedule) Newest(after, until time.Time) (due time.Time, ok bool) {
	if s.newest == nil || !after.Before(until) {
		return time.Time{}, false
	}
	return s.newest(after, until)
}

// Oldest is the oldest moment after one and not after another at which the schedule is due; ok is false when there is
// none.
func (s Schedule) Oldest(after, until time.Time) (due time.Time, ok bool) {
	if s.oldest == nil || !after.Before(until) {
		return time.Time{}, false
	}
	return s.oldest(after, until)
}

// All is all moments after one and not after another at which the schedule is due, oldest first. Of more than most
// only the newest count.
func (s Schedule) All(after, until time.Time, most int) []time.Time {
	var dues []time.Time
	for len(dues) < most {
		due, ok := s.Newest(after, until)
		if !ok {
			break
		}
		dues = append(dues, due)
		until = due.Add(-1)
	}
	slices.Reverse(dues)
	return dues
}

// Within keeps a schedule from being due before one moment or after another. Zero moments do not bound it.
func (s Schedule) Within(start, end time.Time) Schedule {
	within := func(find func(after, until time.Time) (time.Time, bool)) func(after, until time.Time) (time.Time, bool) {
		return func(after, until time.Time) (time.Time, bool) {
			if before := start.Add(-1); !start.IsZero() && before.After(after) {
				after = before
			}
			if !end.IsZero() && end.Before(until) {
				until = end
			}
			return find(after, until)
		}
	}
	return Schedule{newest: within(s.Newest), oldest: within(s.Oldest), oneTime: s.oneTime}
}

func at(text string, zone *time.Location) (Schedule, error) {
	due, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone)
	if err != nil || !atTime.MatchString(text) { // Go takes fractions of a second, which AWS refuses
		return Schedule{}, fmt.Errorf("%q is not a date and time such as 2030-01-31T08:00:00", text)
	}
	only := func(after, until time.Time) (time.Time, bool) {
		return due, due.After(after) && !due.After(until)
	}
	return Schedule{oneTime: true, newest: only, oldest: only}, nil
}

// unitName is the name of a rate's unit.
func unitName(unit time.Duration) string {
	for name, span := range units {
		if span == unit {
			return name
		}
	}
	return ""
}

func rate(number string, unit time.Duration, start time.Time) (Schedule, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/int64(unit) {
		return Schedule{}, fmt.Errorf("the value of a rate must be 1 to %d %ss, got %s",
			math.MaxInt64/int64(unit), unitName(unit), number)
	}
	span := time.Duration(n) * unit
	newest := func(after, until time.Time) (time.Time, bool) {
		if until.Before(start) {
			return time.Time{}, false
		}
		due := start.Add(until.Sub(start) / span * span)
		return due, due.After(after)
	}
	oldest := func(after, until time.Time) (time.Time, bool) {
		due := start
		if !after.Before(start) {
			due = start.Add((after.Sub(start)/span + 1) * span)
		}
		return due, !due.After(until)
	}
	return Schedule{newest: newest, oldest: oldest}, nil
}

// lookBack are spans to look for the newest moment in, so that a clock that jumped far is not followed minute by
// minute.
var lookBack = []time.Duration{
	time.Minute, time.Hour, 24 * time.Hour, 32 * 24 * time.Hour, 366 * 24 * time.Hour, math.MaxInt64,
}

// fieldsOf follows the wall clock of the zone. What falls in the hour that is left out in spring is left out too.
func fieldsOf(text string, options Options) (Schedule, error) {
	expression, err := parseFields(text)
	if errors.Is(err, errLate) {
		return Schedule{late: true}, nil
	}
	if err != nil {
		return Schedule{}, err
	}
	oldest := func(after, until time.Time) (time.Time, bool) {
		next := expression.Next(after.In(options.Zone))
		for options.Once && !next.IsZero() && repeated(next) {
			next = expression.Next(next)
		}
		return next, !next.IsZero() && !next.After(until)
	}
	newest := func(after, until time.Time) (due time.Time, ok bool) {
		for _, span := range lookBack {
			from := until.Add(-span)
			if from.Before(after) {
				from = after
			}
			for next := expression.Next(from.In(options.Zone)); !next.IsZero() && !next.After(until); {
				if !options.Once || !repeated(next) {
					due, ok = next, true
				}
				next = expression.Next(next)
			}
			if ok || from.Equal(after) {
				break
			}
		}
		return due, ok
	}
	return Schedule{newest: newest, oldest: oldest}, nil
}

// longestShift is by how much a time zone sets its clocks back at most.
const longestShift = 3 * time.Hour

// repeated reports whether the wall clock has shown a time before.
func repeated(t time.Time) bool {
	_, now := t.Zone()
	_, before := t.Add(-longestShift).Zone()
	if before <= now {
		return false
	}
	_, then := t.Add(-time.Duration(before-now) * time.Second).Zone()
	return then == before
}
