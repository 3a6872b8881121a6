package autoscaling

import (
	"context"
	"time"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol/awsjson"
)

// Look is what Run does again and again.
func (f *Fake) Look(ctx context.Context) { f.look(ctx) }

// ParseSchedule is the schedule of an action that was put at a moment.
func ParseSchedule(action awsjson.Object, put time.Time) (cron.Schedule, error) {
	return parseSchedule(action, put)
}
