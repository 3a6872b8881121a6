package autoscaling

import (
	"context"
	"slices"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

const (
	stepScaling    = "StepScaling"
	targetTracking = "TargetTrackingScaling"
)

// putPolicy makes a policy, or changes the parts of it that the request has. CloudWatch gets its alarms before the
// policy is kept.
func (f *Fake) putPolicy(request awsjson.Call) (awsjson.Object, error) {
	f.policing.Lock()
	defer f.policing.Unlock()
	policy, err := f.locked(call.newPolicy)(request)
	if err != nil {
		return nil, err
	}
	failed := f.putAlarms(request.Region, policy)
	out, err := f.changing(func(c call) (awsjson.Object, error) { return c.keepPolicy(policy, failed) })(request)
	f.bury(context.Background())
	return out, err
}

// newPolicy is the policy that the request makes of what there is.
func (c call) newPolicy() (awsjson.Object, error) {
	t, err := c.registered()
	if err != nil {
		return nil, err
	}
	name := c.in.Text("PolicyName")
	old := t.Policies[name]
	policy := awsjson.Object{
		"PolicyType":   stepScaling,
		"CreationTime": awsjson.Time(c.now),
		"PolicyARN":    c.arn("scalingPolicy", "policyName", name),
	}.With(old).With(c.in)
	if err := checkPolicy(policy); err != nil {
		return nil, err
	}
	policy["Alarms"] = c.alarms(policy, old)
	return policy, nil
}

// keepPolicy keeps a policy whose alarms are made, and dooms those that have no policy now. The target may be gone
// since.
func (c call) keepPolicy(policy awsjson.Object, failed error) (awsjson.Object, error) {
	t, err := c.registered()
	var old awsjson.Object
	if err == nil {
		old = t.Policies[policy.Text("PolicyName")]
		err = failed
	}
	kept, gone := policy, old
	if err != nil {
		kept, gone = old, policy
	}
	for _, name := range alarmNames(gone) {
		if !slices.Contains(alarmNames(kept), name) {
			c.doom(c.region, name)
		}
	}
	if err != nil {
		return nil, err
	}
	t.Policies[policy.Text("PolicyName")] = policy
	delete(t.low, policy.Text("PolicyName"))
	return awsjson.Object{"PolicyARN": policy["PolicyARN"], "Alarms": policy["Alarms"]}, nil
}

// arn names a policy or an action of the target that the request names.
func (c call) arn(kind, label, name string) string {
	return protocol.ARN("autoscaling", c.region, strings.Join([]string{
		kind, c.key().uuid(kind + name), "resource/" + namespace + "/" + c.key().Resource, label + "/" + name,
	}, ":"))
}

func checkPolicy(policy awsjson.Object) error {
	kind := policy.Text("PolicyType")
	tracking := policy.Object("TargetTrackingScalingPolicyConfiguration")
	switch {
	case kind != stepScaling && kind != targetTracking:
		return awsjson.Invalid("Policy type %s is not supported for service namespace %s", kind, namespace)
	case !policy.Has(kind + "PolicyConfiguration"):
		return awsjson.Invalid("%sPolicyConfiguration is required for policy type %s", kind, kind)
	case kind == stepScaling:
		return checkSteps(policy.Object("StepScalingPolicyConfiguration"))
	case tracking.Has("PredefinedMetricSpecification") == tracking.Has("CustomizedMetricSpecification"):
		return awsjson.Invalid("Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification " +
			"must be specified.")
	}
	if customized := tracking.Object("CustomizedMetricSpecification"); customized != nil {
		return checkCustomized(customized)
	}
	d := find(policy.Text("ScalableDimension"))
	metric := tracking.Object("PredefinedMetricSpecification").Text("PredefinedMetricType")
	if !slices.Contains(d.metrics, metric) {
		return awsjson.Invalid("Scalable dimension %s only supports the following predefined metric types: %s",
			d.name, strings.Join(d.metrics, ", "))
	}
	return nil
}

func checkCustomized(metric awsjson.Object) error {
	plain := metric.Has("MetricName") && metric.Has("Namespace") && metric.Has("Statistic")
	if plain == metric.Has("Metrics") {
		return awsjson.Invalid("CustomizedMetricSpecification must have either Metrics, or MetricName, Namespace and " +
			"Statistic.")
	}
	return nil
}

func (c call) deletePolicy() (awsjson.Object, error) {
	name := c.in.Text("PolicyName")
	t := c.targets[c.key()]
	if t == nil || t.Policies[name] == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scaling policy found for %s, policy name: %s", c.key(), name)
	}
	c.doom(c.region, alarmNames(t.Policies[name])...)
	delete(t.Policies, name)
	delete(t.low, name)
	return awsjson.Object{}, nil
}
