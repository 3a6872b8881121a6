package batch

import (
	"time"

	"sagehost/kit/check"
	"sagehost/kit/cron"
)

// checkTrigger reports what is wrong with when runs start.
func (s *Spec) checkTrigger(at check.At) {
	if s.Schedule != "" && s.Arrivals {
		at.Key("arrivals").Addf("contradicts schedule; at most one of the two can be given")
	}
	missed := at.Key("alarms").Key("missedAfter")
	for _, row := range []struct {
		at       check.At
		given    bool
		to       string
		possible bool
	}{
		{at.Key("timezone"), s.Timezone != "", "schedule", s.Schedule != ""},
		{at.Key("arrivalSuffix"), s.ArrivalSuffix != "", "arrivals", s.Arrivals},
		{at.Key("paused"), s.Paused, "schedule or arrivals", s.Schedule != "" || s.Arrivals},
		{missed, s.Alarms.MissedAfter != nil, "schedule", s.Schedule != ""},
	} {
		if row.given && !row.possible {
			row.at.Addf("belongs to %s, which is not given", row.to)
		}
	}
	if s.Schedule == "" {
		return
	}
	zone, unknown := cron.Zone(s.Timezone)
	if unknown != nil {
		at.Key("timezone").Addf("%q is not an IANA time zone%s", s.Timezone, cron.NearestZone(s.Timezone))
	}
	if err := cron.Scheduler.Check(s.Schedule, zone); err != nil {
		at.Key("schedule").Addf("%q is not a schedule: %v", s.Schedule, err)
		return
	}
	if span := s.Alarms.MissedAfter; span != nil && unknown == nil {
		if gap, err := s.longestGap(); err == nil {
			checkMissed(missed, *span, gap)
		}
	}
}

// How far the alarm on missing runs looks back: in whole hours, at most as far as CloudWatch does (API reference,
// PutMetricAlarm: seven days in periods of an hour).
const (
	minMissed = 2 * time.Hour
	maxMissed = 7 * 24 * time.Hour
)

func checkMissed(at check.At, span, gap time.Duration) {
	switch {
	case span < minMissed || span > maxMissed:
		at.Addf("%s is not between %s and %s",
			check.ShortSpan(span), check.ShortSpan(minMissed), check.ShortSpan(maxMissed))
	case span%time.Hour != 0:
		at.Addf("%s is not a multiple of 1h", check.ShortSpan(span))
	case gap > maxMissed:
		at.Addf("is less than the longest time between two runs, which is longer than CloudWatch looks back; leave it out")
	case span <= gap:
		at.Addf("%s is not more than %s, the longest time between two runs", check.ShortSpan(span), check.ShortSpan(gap))
	}
}

// missedAfter is Alarms.MissedAfter with its default; ok is false where there is no alarm on missing runs.
func (s *Spec) missedAfter() (span time.Duration, ok bool) {
	if s.Schedule == "" || s.Paused {
		return 0, false
	}
	if s.Alarms.MissedAfter != nil {
		return *s.Alarms.MissedAfter, true
	}
	gap, err := s.longestGap()
	if err != nil {
		return 0, false
	}
	// Rounded up, so that a run which is due is also there before the alarm looks.
	span = (gap + 2*time.Hour - 1).Truncate(time.Hour)
	return span, span <= maxMissed
}

// The years in which the longest gap is looked for, one of them a leap year: a graph must not depend on when it is
// made.
var (
	firstYear = time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastYear  = firstYear.AddDate(2, 0, 0)
)

// longestGap is the longest time between two runs of a schedule that has been checked, at most an hour too long. Of one
// that is due less than twice in the years it is looked for, it is all these years.
func (s *Spec) longestGap() (time.Duration, error) {
	zone, err := cron.Zone(s.Timezone)
	if err != nil {
		return 0, err
	}
	schedule, err := cron.Scheduler.Parse(s.Schedule, cron.Options{Zone: zone, Start: firstYear, Once: true})
	if err != nil {
		return 0, err
	}
	longest := time.Duration(0)
	earlier, ok := schedule.Oldest(firstYear.Add(-1), lastYear)
	for ok {
		// The oldest run of each hour is enough to know.
		var later time.Time
		if later, ok = schedule.Oldest(earlier.Truncate(time.Hour).Add(time.Hour-1), lastYear); ok {
			longest, earlier = max(longest, later.Sub(earlier)), later
		}
	}
	if longest == 0 {
		longest = lastYear.Sub(firstYear)
	}
	return longest, nil
}
