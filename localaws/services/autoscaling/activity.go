package autoscaling

import (
	"slices"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

const (
	// activityAge is how long activities are told of (API reference, DescribeScalingActivities).
	activityAge = 6 * 7 * 24 * time.Hour
	// maxActivities bounds what is kept: a clock that runs fast makes many activities in six weeks.
	maxActivities = 1000
)

// activity is something that was done to a target, or failed. It outlives the target.
type activity struct {
	ID          string
	Key         key
	Cause       string
	Description string
	Message     string
	Failed      bool
	Start, End  time.Time
}

// note keeps an activity that ends now. The lock is held.
func (f *Fake) note(a activity) {
	a.ID, a.End = newID(), f.options.Clock()
	f.activities = append(f.activities, a)
	old := a.End.Add(-activityAge)
	f.activities = slices.DeleteFunc(f.activities, func(a activity) bool { return a.Start.Before(old) })
	f.activities = f.activities[max(0, len(f.activities)-maxActivities):]
}

// describeActivities lists what happened in the last six weeks, newest first. There are no activities that did not
// scale, so IncludeNotScaledActivities changes nothing.
func (c call) describeActivities() (awsjson.Object, error) {
	resource, dimension := c.in.Text("ResourceId"), c.in.Text("ScalableDimension")
	if err := c.checkFilter(); err != nil {
		return nil, err
	}
	var list []awsjson.Object
	for _, a := range slices.Backward(c.activities) {
		switch {
		case a.Key.Region != c.region || a.Start.Before(c.now.Add(-activityAge)):
		case resource != "" && a.Key.Resource != resource:
		case dimension != "" && a.Key.Dimension != dimension:
		default:
			list = append(list, a.describe())
		}
	}
	return c.page("ScalingActivities", list)
}

func (a activity) describe() awsjson.Object {
	status := "Successful"
	if a.Failed {
		status = "Failed"
	}
	return a.Key.identity().With(awsjson.Object{
		"ActivityId": a.ID, "Cause": a.Cause, "Description": a.Description,
		"StatusCode": status, "StatusMessage": a.Message,
		"StartTime": awsjson.Time(a.Start), "EndTime": awsjson.Time(a.End),
	})
}
