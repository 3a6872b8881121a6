package autoscaling

import (
	"math"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

const (
	// agreement is how old the word of a policy may be to count: alarms that ring are told once a minute.
	agreement = 90 * time.Second
	// slack keeps a quotient that is whole but for the last bits of its fraction from being rounded up.
	slack = 1e-9
)

// lowWord is what a policy last wanted to scale in to.
type lowWord struct {
	at     time.Time
	wanted float64
}

// trackingWants is what a target tracking policy wants. It takes the metric for one per instance: to bring it back to
// its target, the capacity must grow or shrink in proportion. Parts are rounded up, so that too little is never added
// and too much never removed ("How target tracking scaling works", Considerations). From zero it scales as from one:
// there is no proportion to nothing.
//
// One policy is enough to scale out. Scaling in takes all that may scale in, and goes no lower than any of them wants
// ("Multiple scaling policies").
func (t *target) trackingWants(policy awsjson.Object, e Event, current int64) (want func(int64) float64, ok bool) {
	config, name := policy.Object("TargetTrackingScalingPolicyConfiguration"), policy.Text("PolicyName")
	goal := float(config, "TargetValue")
	if goal <= 0 {
		return nil, false
	}
	needed := func(capacity int64) float64 { return math.Ceil(float64(capacity)*e.Value/goal - slack) }
	if !isKind(e.AlarmName, alarmLow) {
		delete(t.low, name)
		return func(base int64) float64 { return max(needed(max(base, 1)), float64(base)) }, e.Value > goal
	}
	if t.low == nil {
		t.low = map[string]lowWord{}
	}
	t.low[name] = lowWord{e.At, needed(current)}
	largest := 0.0
	for name, other := range t.Policies {
		if !scalesIn(other) {
			continue
		}
		word, given := t.low[name]
		if !given || e.At.Sub(word.at).Abs() > agreement {
			return nil, false
		}
		largest = max(largest, word.wanted)
	}
	return func(int64) float64 { return largest }, scalesIn(policy) && largest < float64(current)
}

// scalesIn reports whether a policy has a say in scaling in by target tracking.
func scalesIn(policy awsjson.Object) bool {
	config := policy.Object("TargetTrackingScalingPolicyConfiguration")
	return policy.Text("PolicyType") == targetTracking && !config.Flag("DisableScaleIn")
}
