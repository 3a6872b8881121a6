package autoscaling

import (
	"errors"
	"strings"
	"time"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol/awsjson"
)

// syntax is what AWS tells of an expression that is none of the three kinds.
const syntax = `Schedule expressions must have the following syntax: rate(<number>\s?(minutes?|hours?|days?)), ` +
	`cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss).`

// parseSchedule reads the schedule of an action that was put at a moment. Rates count from its start time or, with
// none, from that moment.
func parseSchedule(action awsjson.Object, put time.Time) (cron.Schedule, error) {
	zone, err := cron.Zone(action.Text("Timezone"))
	if err != nil {
		return cron.Schedule{}, awsjson.Invalid("Invalid timezone: %s", action.Text("Timezone"))
	}
	start, begins := action.Time("StartTime")
	end, _ := action.Time("EndTime")
	origin := put
	if begins {
		origin = start
	}
	s, err := cron.ApplicationAutoScaling.Parse(action.Text("Schedule"), cron.Options{Zone: zone, Start: origin})
	switch {
	case errors.Is(err, cron.ErrSyntax):
		return cron.Schedule{}, awsjson.Invalid("Invalid schedule expression. Details: %s", syntax)
	case err != nil:
		// AWS suggests nothing.
		detail, _, _ := strings.Cut(err.Error(), "; did you mean")
		return cron.Schedule{}, awsjson.Invalid("Invalid schedule expression. Details: %s.", detail)
	}
	return s.Within(start, end), nil
}
