package scheduler

import (
	"time"

	"sagehost/localaws/protocol/awsjson"
)

// Validate is what is wrong with a request, the name of the schedule among it.
func Validate(input awsjson.Object, now time.Time) error { return validate(input, now) }
