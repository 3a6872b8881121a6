package autoscaling

import (
	"regexp"

	"sagehost/internal/localaws/awsjson"
)

// schedule is the form of at, rate and cron expressions; their fields are not looked into.
var schedule = regexp.MustCompile(`^(` +
	`at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|` +
	`rate\([1-9]\d* (minute|minutes|hour|hours|day|days)\)|` +
	`cron\(\S+( \S+){5}\))$`)

// putAction makes a scheduled action, or changes the parts of it that the request has.
func (c call) putAction() (awsjson.Object, error) {
	t, err := c.registered()
	if err != nil {
		return nil, err
	}
	name := c.in.Text("ScheduledActionName")
	action := awsjson.Object{
		"CreationTime":       awsjson.Time(c.now),
		"ScheduledActionARN": c.arn("scheduledAction", "scheduledActionName", name),
	}.With(t.actions[name]).With(c.in)
	if err := checkAction(action); err != nil {
		return nil, err
	}
	t.actions[name] = action
	return awsjson.Object{}, nil
}

func checkAction(action awsjson.Object) error {
	bounds := action.Object("ScalableTargetAction")
	start, hasStart := action.Time("StartTime")
	end, hasEnd := action.Time("EndTime")
	switch {
	case !schedule.MatchString(action.Text("Schedule")):
		return awsjson.Invalid("Invalid schedule expression. Details: %q.", action.Text("Schedule"))
	case !bounds.Has("MinCapacity") && !bounds.Has("MaxCapacity"):
		return awsjson.Invalid("At least one of MinCapacity and MaxCapacity must be specified in ScalableTargetAction.")
	case bounds.Has("MaxCapacity") && bounds.Number("MinCapacity") > bounds.Number("MaxCapacity"):
		return awsjson.Invalid("Maximum capacity cannot be less than minimum capacity")
	case hasStart && hasEnd && !start.Before(end):
		return awsjson.Invalid("The end time must be after the start time.")
	}
	return nil
}

func (c call) deleteAction() (awsjson.Object, error) {
	name := c.in.Text("ScheduledActionName")
	t := c.targets[c.key()]
	if t == nil || t.actions[name] == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scheduled action found for %s, scheduled action name: %s",
			c.key(), name)
	}
	delete(t.actions, name)
	return awsjson.Object{}, nil
}
