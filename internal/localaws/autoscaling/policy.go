package autoscaling

import (
	"slices"
	"strings"

	"sagehost/internal/localaws/arn"
	"sagehost/internal/localaws/awsjson"
)

const (
	stepScaling    = "StepScaling"
	targetTracking = "TargetTrackingScaling"
)

// putPolicy makes a policy, or changes the parts of it that the request has.
func (c call) putPolicy() (awsjson.Object, error) {
	t, err := c.registered()
	if err != nil {
		return nil, err
	}
	name := c.in.Text("PolicyName")
	policy := awsjson.Object{
		"PolicyType":   stepScaling,
		"CreationTime": awsjson.Time(c.now),
		"PolicyARN":    c.arn("scalingPolicy", "policyName", name),
		"Alarms":       []any{},
	}.With(t.policies[name]).With(c.in)
	if err := checkPolicy(policy); err != nil {
		return nil, err
	}
	t.policies[name] = policy
	return awsjson.Object{"PolicyARN": policy["PolicyARN"], "Alarms": policy["Alarms"]}, nil
}

// arn names a policy or an action of the target that the request names.
func (c call) arn(kind, label, name string) string {
	return arn.Of("autoscaling", c.region, strings.Join([]string{
		kind, c.key().uuid(kind + name), "resource/" + namespace + "/" + c.key().resource, label + "/" + name,
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
	case kind == stepScaling && len(policy.Object("StepScalingPolicyConfiguration").Objects("StepAdjustments")) == 0:
		return awsjson.Invalid("At least one step adjustment must be specified.")
	case kind == stepScaling:
		return nil
	case tracking.Has("PredefinedMetricSpecification") == tracking.Has("CustomizedMetricSpecification"):
		return awsjson.Invalid("Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification " +
			"must be specified.")
	}
	d := find(policy.Text("ScalableDimension"))
	predefined := tracking.Object("PredefinedMetricSpecification").Text("PredefinedMetricType")
	if predefined != "" && !slices.Contains(d.metrics, predefined) {
		return awsjson.Invalid("Scalable dimension %s only supports the following predefined metric types: %s",
			d.name, strings.Join(d.metrics, ", "))
	}
	return nil
}

func (c call) deletePolicy() (awsjson.Object, error) {
	name := c.in.Text("PolicyName")
	t := c.targets[c.key()]
	if t == nil || t.policies[name] == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scaling policy found for %s, policy name: %s", c.key(), name)
	}
	delete(t.policies, name)
	return awsjson.Object{}, nil
}
