package autoscaling

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

// Event is an alarm that rings for a policy.
type Event struct {
	Region string
	// PolicyARN is the alarm's action.
	PolicyARN string
	AlarmName string
	// Value is the newest value of the metric, and Threshold what the alarm compares it with.
	Value, Threshold float64
	// At is when the alarm was looked at; now, when it is zero.
	At time.Time
}

// RunPolicy does what a policy says when an alarm rings. It is to be called when an alarm goes to ALARM, and once a
// minute while it stays there. It is no error when there is nothing to do: the capacity is at its bound, a cooldown
// runs, scaling is suspended, or the endpoint is changing. A policy that is not there is an error, and so is a scaling
// that SageMaker refuses.
func (f *Fake) RunPolicy(ctx context.Context, e Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if math.IsNaN(e.Value) {
		return fmt.Errorf("alarm %s: the value is not a number", e.AlarmName)
	}
	if e.At.IsZero() {
		e.At = f.options.Clock()
	}
	f.scaling.Lock()
	defer f.scaling.Unlock()
	k, policy, err := f.policy(e)
	if err != nil {
		return err
	}
	current, ok := f.capacity(k)
	if !ok {
		return nil
	}
	desired, ok := f.decide(k, policy, e, current)
	if !ok {
		return nil
	}
	cause := fmt.Sprintf("monitor alarm %s in state ALARM triggered policy %s", e.AlarmName, policy.Text("PolicyName"))
	if err := f.scale(k, desired, cause); err != nil {
		return fmt.Errorf("policy %s: %w", e.PolicyARN, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if t := f.targets[k]; t != nil {
		// The wait begins when the scaling is done, not when the alarm was looked at.
		t.Cooldown = t.Cooldown.after(policy, current, desired, f.options.Clock())
		// What policies wanted, they wanted of the old capacity.
		t.low = nil
		f.saveOrLog()
	}
	return nil
}

// policy finds the policy that an alarm rings for.
func (f *Fake) policy(e Event) (key, awsjson.Object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k, t := range f.targets {
		for _, policy := range t.Policies {
			if k.Region != e.Region || policy.Text("PolicyARN") != e.PolicyARN {
				continue
			}
			tracking := policy.Text("PolicyType") == targetTracking
			if tracking && !slices.Contains(alarmNames(policy), e.AlarmName) {
				return key{}, nil, fmt.Errorf("policy %s: alarm %s is not one of its own", e.PolicyARN, e.AlarmName)
			}
			return k, policy, nil
		}
	}
	return key{}, nil, fmt.Errorf("policy %s: there is no such policy", e.PolicyARN)
}

// decide is the capacity to scale to; ok is false when there is nothing to scale.
func (f *Fake) decide(k key, policy awsjson.Object, e Event, current int64) (desired int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.targets[k]
	if t == nil {
		return 0, false
	}
	var want func(int64) float64
	if policy.Text("PolicyType") == targetTracking {
		want, ok = t.trackingWants(policy, e, current)
	} else {
		want, ok = stepWants(policy, e)
	}
	if !ok {
		return 0, false
	}
	return t.allow(want, current, e.At)
}

// allow bends what a policy wants to bounds, cooldowns and suspensions. A policy wants a capacity made of another one,
// and goes the way that it would without bounds: it never scales in because the capacity was set by hand above the
// maximum.
func (t *target) allow(want func(int64) float64, current int64, now time.Time) (desired int64, ok bool) {
	switch wanted := want(current); {
	case wanted > float64(current):
		desired = t.within(want(t.Cooldown.base(current, now)))
		return desired, desired > current && !t.Suspended.Flag("DynamicScalingOutSuspended")
	case wanted < float64(current):
		desired = t.within(wanted)
		blocked := now.Before(t.Cooldown.In) || t.Suspended.Flag("DynamicScalingInSuspended")
		return desired, desired < current && !blocked
	}
	return current, false
}

func (t *target) within(wanted float64) int64 {
	return int64(math.Min(math.Max(wanted, float64(t.Min)), float64(t.Max)))
}
