package scaling

import (
	"regexp"
	"time"
	_ "time/tzdata" // time zones are checked on machines without a database of them, too

	"sagehost/internal/check"
)

// Schedule sets new bounds at a time.
type Schedule struct {
	// Name names the schedule: at most 63 letters, digits and hyphens. Required, different for each schedule.
	Name string `json:"name"`
	// Schedule says when: "cron(minute hour day month weekday year)", "rate(n unit)" or "at(yyyy-mm-ddThh:mm:ss)".
	// Required.
	Schedule string `json:"schedule"`
	// Timezone is the IANA name of the zone in which the schedule is read, such as "Europe/Berlin". Default: UTC.
	Timezone string `json:"timezone"`
	// Min is the min of the scaling from then on, with the same range. Required.
	Min int `json:"min" required:"true"`
	// Max is the max of the scaling from then on, with the same range. Required.
	Max int `json:"max" required:"true"`
}

var (
	atExpression   = regexp.MustCompile(`^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$`)
	rateExpression = regexp.MustCompile(`^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$`)
	cronExpression = regexp.MustCompile(`^cron\(\S+( \S+){5}\)$`)
)

func (s *Schedule) checkTime(at check.At) {
	if at.Key("schedule").Required(s.Schedule) && !validExpression(s.Schedule) {
		at.Key("schedule").Addf("%q is not a schedule; expected cron(minute hour day month weekday year), "+
			"rate(n minutes) or at(2030-01-31T08:00:00)", s.Schedule)
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		at.Key("timezone").Addf("%q is not an IANA time zone; expected one like \"Europe/Berlin\"", s.Timezone)
	}
}

func validExpression(expression string) bool {
	if m := atExpression.FindStringSubmatch(expression); m != nil {
		_, err := time.Parse("2006-01-02T15:04:05", m[1])
		return err == nil
	}
	return rateExpression.MatchString(expression) || cronExpression.MatchString(expression)
}
