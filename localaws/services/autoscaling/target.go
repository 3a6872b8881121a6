package autoscaling

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// objectNotFound is the code for a target, policy or action that is not there.
const objectNotFound = "ObjectNotFoundException"

// key names a scalable target.
type key struct{ Region, Resource, Dimension string }

// String is how messages name a target.
func (k key) String() string {
	return fmt.Sprintf("service namespace: %s, resource ID: %s, scalable dimension: %s",
		namespace, k.Resource, k.Dimension)
}

// identity is the members that name the target.
func (k key) identity() awsjson.Object {
	return awsjson.Object{"ServiceNamespace": namespace, "ResourceId": k.Resource, "ScalableDimension": k.Dimension}
}

// uuid makes an id up for something that belongs to the target; the same thing always gets the same id.
func (k key) uuid(thing string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{k.Region, k.Resource, k.Dimension, thing}, "\n")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// target is a scalable target with what hangs on it. What maps hold is replaced, never changed: answers that are still
// being written share it.
type target struct {
	Key       key
	Min, Max  int64
	Created   time.Time
	Suspended awsjson.Object
	Tags      map[string]any
	Policies  map[string]awsjson.Object
	Actions   map[string]awsjson.Object
	// Looked is up to when each scheduled action has been done.
	Looked   map[string]time.Time
	Cooldown cooldown
	// Unmet says that the capacity may be out of the bounds since they were set.
	Unmet bool

	// low is the last word of each target tracking policy that wants to scale in.
	low map[string]lowWord
}

func (t *target) arn() string {
	return protocol.ARN("application-autoscaling", t.Key.Region, "scalable-target/"+t.Key.uuid("target"))
}

// register makes or changes a scalable target. It asks SageMaker before it takes the lock, and scales at once when the
// capacity is out of the new bounds.
func (f *Fake) register(request awsjson.Call) (awsjson.Object, error) {
	if err := f.scalable(request.Region, request.Input); err != nil {
		return nil, err
	}
	f.scaling.Lock()
	defer f.scaling.Unlock()
	out, err := f.changing(call.put)(request)
	if err != nil {
		return nil, err
	}
	f.meetBounds(call{region: request.Region, in: request.Input}.key())
	return out, nil
}

func (c call) put() (awsjson.Object, error) {
	t := c.targets[c.key()]
	exists := t != nil
	changed := target{
		Key: c.key(), Created: c.now, Tags: map[string]any{}, Policies: map[string]awsjson.Object{},
		Actions: map[string]awsjson.Object{}, Looked: map[string]time.Time{},
		Suspended: awsjson.Object{
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
	if err := changed.setBounds(c.in); err != nil {
		return nil, err
	}
	changed.Suspended = changed.Suspended.With(c.in.Object("SuspendedState"))
	maps.Copy(changed.Tags, c.in.Object("Tags"))
	c.targets[c.key()] = &changed
	return awsjson.Object{"ScalableTargetARN": changed.arn()}, nil
}

// setBounds takes over the bounds that are given.
func (t *target) setBounds(in awsjson.Object) error {
	low, high := t.Min, t.Max
	if in.Has("MinCapacity") {
		low = in.Number("MinCapacity")
	}
	if in.Has("MaxCapacity") {
		high = in.Number("MaxCapacity")
	}
	if low > high {
		return awsjson.Invalid("Maximum capacity cannot be less than minimum capacity")
	}
	t.Min, t.Max, t.Unmet = low, high, true
	return nil
}

// deregister forgets a target with its policies, their alarms, and scheduled actions.
func (c call) deregister() (awsjson.Object, error) {
	t := c.targets[c.key()]
	if t == nil {
		return nil, awsjson.Errorf(objectNotFound, "No scalable target found for %s", c.key())
	}
	c.forget(t)
	return awsjson.Object{}, nil
}

// forget drops a target. The lock is held.
func (f *Fake) forget(t *target) {
	for _, policy := range t.Policies {
		f.doom(t.Key.Region, alarmNames(policy)...)
	}
	delete(f.targets, t.Key)
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
	return t.Key.identity().With(awsjson.Object{
		"MinCapacity":       json.Number(fmt.Sprint(t.Min)),
		"MaxCapacity":       json.Number(fmt.Sprint(t.Max)),
		"RoleARN":           protocol.GlobalARN("iam", t.Key.Region, role),
		"CreationTime":      awsjson.Time(t.Created),
		"SuspendedState":    t.Suspended,
		"ScalableTargetARN": t.arn(),
	})
}
