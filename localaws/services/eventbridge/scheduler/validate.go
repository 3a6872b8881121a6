package scheduler

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
)

// The service model's patterns for ARNs have no room for the partition aws-us-gov, where the service is available, too.
const (
	nameForm = `^[0-9a-zA-Z-_.]+$`
	roleForm = `^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+$`
	keyForm  = `^arn:aws[a-z-]*:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$`
)

// request is what CreateSchedule and UpdateSchedule take, the name from the path among it. The bounds are the service
// model's.
var request = shape.Structure(
	shape.Optional("ActionAfterCompletion", shape.Choice("NONE", "DELETE")),
	shape.Optional("ClientToken", shape.Pattern(1, 64, `^[a-zA-Z0-9-_]+$`)),
	shape.Optional("Description", shape.Length(0, 512)),
	shape.Optional("EndDate", shape.Time()),
	shape.Required("FlexibleTimeWindow", shape.Structure(
		shape.Optional("MaximumWindowInMinutes", shape.Between(1, 1440)),
		shape.Required("Mode", shape.Choice("OFF", "FLEXIBLE")),
	)),
	shape.Optional("GroupName", shape.Pattern(1, 64, nameForm)),
	shape.Optional("KmsKeyArn", shape.Pattern(1, 2048, keyForm)),
	shape.Required("Name", shape.Pattern(1, 64, nameForm)),
	shape.Required("ScheduleExpression", shape.Length(1, 256)),
	shape.Optional("ScheduleExpressionTimezone", shape.Length(1, 50)),
	shape.Optional("StartDate", shape.Time()),
	shape.Optional("State", shape.Choice("ENABLED", "DISABLED")),
	shape.Required("Target", shape.Structure(
		shape.Required("Arn", shape.Length(1, 1600)),
		shape.Optional("Input", shape.Length(1, 256<<10)),
		shape.Optional("RetryPolicy", shape.Structure(
			shape.Optional("MaximumEventAgeInSeconds", shape.Between(60, 86400)),
			shape.Optional("MaximumRetryAttempts", shape.Between(0, 185)),
		)),
		shape.Required("RoleArn", shape.Pattern(1, 1600, roleForm)),
	)),
)

// earliest is how long before now a schedule may start.
const earliest = 5 * time.Minute

// validate refuses what AWS would refuse. The error is an *awsjson.Error.
func validate(input awsjson.Object, now time.Time) error {
	if err := request.Check(input); err != nil {
		if mismatch, ok := errors.AsType[*shape.Mismatch](err); ok {
			return awsjson.Errorf(awsjson.SerializationException, "%v", mismatch)
		}
		return awsjson.Invalid("%v", err)
	}
	zone, err := cron.Zone(input.Text("ScheduleExpressionTimezone"))
	if err != nil {
		return awsjson.Invalid("Invalid Schedule Expression Timezone %s.", input.Text("ScheduleExpressionTimezone"))
	}
	parsed, err := cron.Scheduler.Parse(input.Text("ScheduleExpression"), cron.Options{Zone: zone})
	if err != nil {
		return awsjson.Invalid("Invalid Schedule Expression %s.", input.Text("ScheduleExpression"))
	}
	if err := validateDates(input, parsed.OneTime(), now); err != nil {
		return err
	}
	window := input.Object("FlexibleTimeWindow")
	if flexible := window.Text("Mode") == "FLEXIBLE"; flexible != window.Has("MaximumWindowInMinutes") {
		return awsjson.Invalid("MaximumWindowInMinutes must be given with the flexible time window mode FLEXIBLE only.")
	}
	return validateTarget(input.Object("Target"))
}

// validateDates checks the dates of schedules that recur; those of others are ignored.
func validateDates(input awsjson.Object, oneTime bool, now time.Time) error {
	start, hasStart := input.Time("StartDate")
	end, hasEnd := input.Time("EndDate")
	switch {
	case oneTime:
		return nil
	case hasStart && start.Before(now.Add(-earliest)):
		return awsjson.Invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
	case hasEnd && !end.After(now):
		return awsjson.Invalid("The EndDate you specify cannot be earlier than now.")
	case hasStart && hasEnd && !end.After(start):
		return awsjson.Invalid("The StartDate you specify must come before the EndDate you specify.")
	default:
		return nil
	}
}

func validateTarget(target awsjson.Object) error {
	parts := strings.SplitN(target.Text("Arn"), ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return awsjson.Invalid("Provided Arn is not in correct format.")
	}
	if target.Has("Input") && parts[2] == "states" && !json.Valid([]byte(target.Text("Input"))) {
		return awsjson.Invalid("The Input of a Step Functions target must be well-formed JSON.")
	}
	return nil
}
