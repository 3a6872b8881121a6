package autoscaling

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
	// Time zones must be known on machines that have no data of their own.
	_ "time/tzdata"

	"sagehost/internal/localaws/awsjson"
)

// schedule finds the newest moment after one and not after another at which an action is due; ok is false when there is
// none.
type schedule func(after, until time.Time) (due time.Time, ok bool)

var (
	atForm   = regexp.MustCompile(`^at\((.*)\)$`)
	rateForm = regexp.MustCompile(`^rate\((\d+)\s?(minute|hour|day)s?\)$`)
	cronForm = regexp.MustCompile(`^cron\((.*)\)$`)

	units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
)

// syntax is what AWS tells of an expression that is none of the three kinds.
const syntax = `Schedule expressions must have the following syntax: rate(<number>\s?(minutes?|hours?|days?)), ` +
	`cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss).`

// parseSchedule reads the schedule of an action that was put at a moment. Rates count from its start time or, with
// none, from that moment.
func parseSchedule(action awsjson.Object, put time.Time) (schedule, error) {
	zone, err := parseZone(action)
	if err != nil {
		return nil, err
	}
	text, start := action.Text("Schedule"), put
	if given, ok := action.Time("StartTime"); ok {
		start = given
	}
	var s schedule
	if parts := atForm.FindStringSubmatch(text); parts != nil {
		s, err = atSchedule(parts[1], zone)
	} else if parts := rateForm.FindStringSubmatch(text); parts != nil {
		s, err = rateSchedule(parts[1], units[parts[2]], start)
	} else if parts := cronForm.FindStringSubmatch(text); parts != nil {
		s, err = cronSchedule(parts[1], zone)
	} else {
		return nil, awsjson.Invalid("Invalid schedule expression. Details: %s", syntax)
	}
	if err != nil {
		return nil, awsjson.Invalid("Invalid schedule expression. Details: %v.", err)
	}
	return bounded(s, action), nil
}

// parseZone is the time zone of an action's at or cron expression, UTC by default. The zone "Local" is Go's own.
func parseZone(action awsjson.Object) (*time.Location, error) {
	name := action.Text("Timezone")
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, awsjson.Invalid("Invalid timezone: %s", name)
	}
	return zone, nil
}

// bounded keeps a schedule within the action's start and end times.
func bounded(s schedule, action awsjson.Object) schedule {
	start, hasStart := action.Time("StartTime")
	end, hasEnd := action.Time("EndTime")
	return func(after, until time.Time) (time.Time, bool) {
		if before := start.Add(-1); hasStart && before.After(after) {
			after = before
		}
		if hasEnd && end.Before(until) {
			until = end
		}
		if !after.Before(until) {
			return time.Time{}, false
		}
		return s(after, until)
	}
}

func atSchedule(text string, zone *time.Location) (schedule, error) {
	due, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone)
	if err != nil {
		return nil, fmt.Errorf("%q is not a date and time", text)
	}
	return func(after, until time.Time) (time.Time, bool) { return due, due.After(after) && !due.After(until) }, nil
}

func rateSchedule(number string, unit time.Duration, start time.Time) (schedule, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/int64(unit) {
		return nil, fmt.Errorf("%q is not a rate", number)
	}
	span := time.Duration(n) * unit
	return func(after, until time.Time) (time.Time, bool) {
		if until.Before(start) {
			return time.Time{}, false
		}
		due := start.Add(until.Sub(start) / span * span)
		return due, due.After(after)
	}, nil
}

// lookBack are spans to look for the newest moment in, so that a clock that jumped far is not followed minute by
// minute.
var lookBack = []time.Duration{
	time.Minute, time.Hour, 24 * time.Hour, 32 * 24 * time.Hour, 366 * 24 * time.Hour, math.MaxInt64,
}

// cronSchedule follows the wall clock of the zone. What falls in the hour that is left out in spring is left out too;
// what falls in the hour that comes twice in autumn is due twice.
func cronSchedule(text string, zone *time.Location) (schedule, error) {
	expression, err := parseCron(text)
	if err != nil {
		return nil, err
	}
	return func(after, until time.Time) (due time.Time, ok bool) {
		for _, span := range lookBack {
			from := until.Add(-span)
			if from.Before(after) {
				from = after
			}
			for next := expression.Next(from.In(zone)); !next.IsZero() && !next.After(until); {
				due, ok = next, true
				next = expression.Next(next)
			}
			if ok || from.Equal(after) {
				break
			}
		}
		return due, ok
	}, nil
}
