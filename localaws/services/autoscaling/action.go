package autoscaling

import (
	"sagehost/localaws/protocol/awsjson"
)

// putAction makes a scheduled action, or changes the parts of it that the request has. What was due before is not done.
func (c call) putAction() (awsjson.Object, error) {
	t, err := c.registered()
	if err != nil {
		return nil, err
	}
	name := c.in.Text("ScheduledActionName")
	action := awsjson.Object{
		"CreationTime":       awsjson.Time(c.now),
		"ScheduledActionARN": c.arn("scheduledAction", "scheduledActionName", name),
	}.With(t.Actions[name]).With(c.in)
	if err := c.checkAction(action); err != nil {
		return nil, err
	}
	t.Actions[name], t.Looked[name] = action, c.now
	return awsjson.Object{}, nil
}

func (c call) checkAction(action awsjson.Object) error {
	if _, err := parseSchedule(action, c.now); err != nil {
		return err
	}
	bounds := action.Object("ScalableTargetAction")
	start, hasStart := action.Time("StartTime")
	end, hasEnd := action.Time("EndTime")
	switch {
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
	if t == nil || t.Actions[name] == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scheduled action found for %s, scheduled action name: %s",
			c.key(), name)
	}
	delete(t.Actions, name)
	delete(t.Looked, name)
	return awsjson.Object{}, nil
}
