package autoscaling

import (
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
)

// call is one request under way. The fake's lock is held.
type call struct {
	*Fake
	region string
	now    time.Time
	in     awsjson.Object
}

// key is the scalable target that the request names.
func (c call) key() key {
	return key{c.region, c.in.Text("ResourceId"), c.in.Text("ScalableDimension")}
}

func (f *Fake) operations() map[string]awsjson.Operation {
	table := []struct {
		name  string
		input shape.Shape
		run   func(awsjson.Call) (awsjson.Object, error)
	}{
		{"RegisterScalableTarget", registerInput, f.register},
		{"DescribeScalableTargets", describeTargetsInput, f.locked(call.describeTargets)},
		{"DeregisterScalableTarget", id(), f.burying(call.deregister)},
		{"PutScalingPolicy", putPolicyInput, f.putPolicy},
		{"DescribeScalingPolicies", filter(names("PolicyNames")), f.locked(call.describePolicies)},
		{"DeleteScalingPolicy", id(required("PolicyName", identifier)), f.burying(call.deletePolicy)},
		{"PutScheduledAction", putActionInput, f.changing(call.putAction)},
		{
			"DescribeScheduledActions", filter(names("ScheduledActionNames")),
			f.locked(call.describeActions),
		},
		{
			"DeleteScheduledAction", id(required("ScheduledActionName", identifier)),
			f.changing(call.deleteAction),
		},
		{
			"DescribeScalingActivities", filter(optional("IncludeNotScaledActivities", shape.Flag())),
			f.locked(call.describeActivities),
		},
		{"TagResource", shape.Structure(resourceARN, required("Tags", tagMap)), f.changing(call.tag)},
		{
			"UntagResource", shape.Structure(resourceARN, required("TagKeys", shape.ListOf(0, 200, shape.Length(1, 128)))),
			f.changing(call.untag),
		},
		{"ListTagsForResource", shape.Structure(resourceARN), f.locked(call.listTags)},
	}
	operations := map[string]awsjson.Operation{}
	for _, row := range table {
		operations[row.name] = awsjson.Operation{Input: row.input, Run: row.run}
	}
	return operations
}

// locked is for operations that only look.
func (f *Fake) locked(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return func(c awsjson.Call) (awsjson.Object, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return run(call{Fake: f, region: c.Region, now: f.options.Clock(), in: c.Input})
	}
}

// changing is for operations that change something: what they leave is saved.
func (f *Fake) changing(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return f.locked(func(c call) (awsjson.Object, error) {
		out, err := run(c)
		if err != nil {
			return nil, err
		}
		return out, f.save()
	})
}
