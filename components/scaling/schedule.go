package scaling

import (
	"sagehost/kit/check"
	"sagehost/kit/cron"
)

// Schedule sets new bounds at a time.
type Schedule struct {
	// Name names the schedule: at most 63 letters, digits and hyphens. Required, different for each schedule.
	Name string `json:"name"`
	// Schedule says when: "cron(minute hour day-of-month month day-of-week year)", of which one of the two days is "?",
	// "rate(n unit)" or "at(yyyy-mm-ddThh:mm:ss)". Times that were over when this version came out are refused. Required.
	Schedule string `json:"schedule"`
	// Timezone is the IANA name of the zone in which the schedule is read, such as "Europe/Berlin". Default: UTC.
	Timezone string `json:"timezone"`
	// Min is the min of the scaling from then on, with the same range. Required.
	Min int `json:"min" required:"true"`
	// Max is the max of the scaling from then on, with the same range. Required.
	Max int `json:"max" required:"true"`
}

// checkTime reports what Application Auto Scaling would refuse, and a time that is over.
func (s *Schedule) checkTime(at check.At) {
	zone, err := cron.Zone(s.Timezone)
	if err != nil {
		at.Key("timezone").Addf("%q is not an IANA time zone%s", s.Timezone, cron.NearestZone(s.Timezone))
	}
	if expression := at.Key("schedule"); expression.Required(s.Schedule) {
		if err := cron.ApplicationAutoScaling.Check(s.Schedule, zone); err != nil {
			expression.Addf("%q is not a schedule: %v", s.Schedule, err)
		}
	}
}
