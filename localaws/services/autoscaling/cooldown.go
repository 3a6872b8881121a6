package autoscaling

import (
	"time"

	"sagehost/localaws/protocol/awsjson"
)

// defaultCooldown is in seconds ("Define cooldown periods": 300 for variants, inference components and provisioned
// concurrency of SageMaker; StepScalingPolicyConfiguration: 300).
const defaultCooldown = 300

// cooldown is the wait that the last scaling by a policy began. A target has one for all of its policies.
type cooldown struct {
	// Out and In are the ends of the waits for scaling out and in. At most one is set: a scale out ends the wait of a
	// scale in, and the other way round.
	Out, In time.Time
	// From is the capacity before the scale out that the wait is for.
	From int64
}

// base is the capacity that a scale out starts from. During a cooldown that is the one before the last scale out, so
// that what was added already counts, and only a larger scale out adds more.
func (c cooldown) base(current int64, now time.Time) int64 {
	if now.Before(c.Out) {
		return c.From
	}
	return current
}

// after is the cooldown that a policy's scaling begins.
func (c cooldown) after(policy awsjson.Object, current, desired int64, now time.Time) cooldown {
	config, out, in := policy.Object("StepScalingPolicyConfiguration"), "Cooldown", "Cooldown"
	if policy.Text("PolicyType") == targetTracking {
		config, out, in = policy.Object("TargetTrackingScalingPolicyConfiguration"), "ScaleOutCooldown", "ScaleInCooldown"
	}
	if desired > current {
		return cooldown{Out: now.Add(seconds(config, out)), From: c.base(current, now)}
	}
	return cooldown{In: now.Add(seconds(config, in))}
}

func seconds(config awsjson.Object, name string) time.Duration {
	if !config.Has(name) {
		return defaultCooldown * time.Second
	}
	return time.Duration(config.Number(name)) * time.Second
}
