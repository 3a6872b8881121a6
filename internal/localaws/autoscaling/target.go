package autoscaling

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"sagehost/internal/localaws/arn"
	"sagehost/internal/localaws/awsjson"
)

// objectNotFound is the code for a target, policy or action that is not there.
const objectNotFound = "ObjectNotFoundException"

// key names a scalable target.
type key struct{ region, resource, dimension string }

// String is how messages name a target.
func (k key) String() string {
	return fmt.Sprintf("service namespace: %s, resource ID: %s, scalable dimension: %s",
		namespace, k.resource, k.dimension)
}

// identity is the members that name the target.
func (k key) identity() awsjson.Object {
	return awsjson.Object{"ServiceNamespace": namespace, "ResourceId": k.resource, "ScalableDimension": k.dimension}
}

// uuid makes an id up for something that belongs to the target; the same thing always gets the same id.
func (k key) uuid(thing string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{k.region, k.resource, k.dimension, thing}, "\n")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// target is a scalable target with what hangs on it.
type target struct {
	key       key
	min, max  int64
	created   time.Time
	suspended awsjson.Object
	tags      map[string]any
	policies  map[string]awsjson.Object
	actions   map[string]awsjson.Object
}

func (t *target) arn() string {
	return arn.Of("application-autoscaling", t.key.region, "scalable-target/"+t.key.uuid("target"))
}

// register makes or changes a scalable target. It asks SageMaker before it takes the lock.
func (f *Fake) register(request awsjson.Call) (awsjson.Object, error) {
	if err := f.scalable(request.Region, request.Input); err != nil {
		return nil, err
	}
	return f.locked(call.put)(request)
}

func (c call) put() (awsjson.Object, error) {
	t := c.targets[c.key()]
	exists := t != nil
	changed := target{
		key: c.key(), created: c.now, tags: map[string]any{},
		policies: map[string]awsjson.Object{}, actions: map[string]awsjson.Object{},
		suspended: awsjson.Object{
			"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false,
		},
	}
	switch {
	case exists && len(c.in.Object("Tags")) > 0:
		return nil, awsjson.Invalid("Tags can be given only when a scalable target is registered for the first time.")
	case exists:
		changed = *t
	case !c.in.Has("MinCapacity") || !c.in.Has("MaxCapacity"):
		return nil, awsjson.Invalid("You must specify a minimum and a maximum capacity for a new scalable target.")
	}
	if c.in.Has("MinCapacity") {
		changed.min = c.in.Number("MinCapacity")
	}
	if c.in.Has("MaxCapacity") {
		changed.max = c.in.Number("MaxCapacity")
	}
	if changed.min > changed.max {
		return nil, awsjson.Invalid("Maximum capacity cannot be less than minimum capacity")
	}
	changed.suspended = changed.suspended.With(c.in.Object("SuspendedState"))
	maps.Copy(changed.tags, c.in.Object("Tags"))
	c.targets[c.key()] = &changed
	return awsjson.Object{"ScalableTargetARN": changed.arn()}, nil
}

// deregister forgets a target with its policies and scheduled actions.
func (c call) deregister() (awsjson.Object, error) {
	if c.targets[c.key()] == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scalable target found for %s", c.key())
	}
	delete(c.targets, c.key())
	return awsjson.Object{}, nil
}

// registered finds the target that a policy or an action is for.
func (c call) registered() (*target, error) {
	t := c.targets[c.key()]
	if t == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scalable target registered for %s", c.key())
	}
	return t, nil
}

// describe is the target as DescribeScalableTargets shows it. The role is always the service-linked one: AWS ignores
// RoleARN for SageMaker.
func (t *target) describe() awsjson.Object {
	role := "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/" +
		"AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
	return t.key.identity().With(awsjson.Object{
		"MinCapacity":       json.Number(fmt.Sprint(t.min)),
		"MaxCapacity":       json.Number(fmt.Sprint(t.max)),
		"RoleARN":           arn.OfGlobal("iam", t.key.region, role),
		"CreationTime":      awsjson.Time(t.created),
		"SuspendedState":    t.suspended,
		"ScalableTargetARN": t.arn(),
	})
}
