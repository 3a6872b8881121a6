package sagemaker

import (
	"math"
	"slices"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

// rollout is the phases of an update: the new fleet is provisioned, gets its shares of the requests, one after the
// other and with a wait after each, and replaces the old one. Without alarms nothing is watched, and nobody waits after
// the last share.
func rollout(guard awsjson.Object, planned *deployment, provisioning time.Duration) []phase {
	watched := len(alarmNames(guard)) > 0
	phases := []phase{{Status: updating, Lasts: provisioning, Starting: true}}
	shares, wait := shares(guard, planned.instances())
	for _, share := range shares {
		next := phase{Status: updating, Share: share, Watched: watched}
		if watched || share < 1 {
			next.Lasts = wait
		}
		phases = append(phases, next)
	}
	blueGreen := guard.Object("BlueGreenUpdatePolicy")
	if termination := seconds(blueGreen, "TerminationWaitInSeconds"); termination > 0 {
		phases = append(phases, phase{Status: updating, Lasts: termination, Share: 1, Watched: watched})
	}
	phases[len(phases)-1].Then = deploy
	return phases
}

// shares are the shares of the requests that the new fleet gets, up to all, and the wait after each.
func shares(guard awsjson.Object, instances float64) (shares []float64, wait time.Duration) {
	if rolling := guard.Object("RollingUpdatePolicy"); rolling != nil {
		return steps(fraction(rolling.Object("MaximumBatchSize"), instances)), seconds(rolling, "WaitIntervalInSeconds")
	}
	routing := guard.Object("BlueGreenUpdatePolicy").Object("TrafficRoutingConfiguration")
	wait = seconds(routing, "WaitIntervalInSeconds")
	switch routing.Text("Type") {
	case "CANARY":
		return []float64{fraction(routing.Object("CanarySize"), instances), 1}, wait
	case "LINEAR":
		return steps(fraction(routing.Object("LinearStepSize"), instances)), wait
	case "ALL_AT_ONCE":
		return []float64{1}, wait
	default:
		return nil, 0
	}
}

// steps go up to 1 by a fraction.
func steps(by float64) []float64 {
	n := max(1, int(math.Ceil(1/by-1e-9)))
	list := make([]float64, n)
	for i := range list {
		list[i] = min(1, float64(i+1)*by)
	}
	return list
}

// fraction is a capacity size as a part of all instances. A part of an instance counts as one.
func fraction(size awsjson.Object, instances float64) float64 {
	value := float64(size.Number("Value"))
	if size.Text("Type") == "CAPACITY_PERCENT" {
		value = math.Ceil(value / 100 * instances)
	}
	return min(1, value/instances)
}

// instances is how many instances all production variants have together.
func (d *deployment) instances() float64 {
	var n float64
	for _, v := range d.Variants {
		count, err := v.Desired.Count.Float64()
		if err == nil {
			n += count
		}
	}
	return max(1, n)
}

func alarmNames(guard awsjson.Object) []string {
	var names []string
	for _, alarm := range guard.Object("AutoRollbackConfiguration").Objects("Alarms") {
		names = append(names, alarm.Text("AlarmName"))
	}
	return names
}

// executionTimeout is how long an update may take; 0 means as long as it takes.
func executionTimeout(guard awsjson.Object) time.Duration {
	for _, policy := range []string{"BlueGreenUpdatePolicy", "RollingUpdatePolicy"} {
		if limit := seconds(guard.Object(policy), "MaximumExecutionTimeoutInSeconds"); limit > 0 {
			return limit
		}
	}
	return 0
}

// checkGuard refuses deployment configurations that SageMaker cannot carry out. Old deployments are those that the
// planned one replaces.
func checkGuard(guard awsjson.Object, planned *deployment, old ...*deployment) error {
	if guard == nil {
		return nil
	}
	blueGreen, rolling := guard.Object("BlueGreenUpdatePolicy"), guard.Object("RollingUpdatePolicy")
	routing := blueGreen.Object("TrafficRoutingConfiguration")
	switch {
	case blueGreen != nil && rolling != nil:
		return awsjson.Invalid("Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified.")
	case routing.Has("CanarySize") != (routing.Text("Type") == "CANARY"):
		return awsjson.Invalid("CanarySize must be specified for the traffic routing type CANARY, and only for it.")
	case routing.Has("LinearStepSize") != (routing.Text("Type") == "LINEAR"):
		return awsjson.Invalid("LinearStepSize must be specified for the traffic routing type LINEAR, and only for it.")
	case slices.ContainsFunc(planned.Variants, func(v *variant) bool { return v.Desired.Serverless != nil }):
		return awsjson.Invalid("DeploymentConfig is not supported for endpoints with serverless variants.")
	case rolling != nil && len(planned.Variants) > 1:
		return awsjson.Invalid("RollingUpdatePolicy is not supported for endpoints with multiple production variants.")
	}
	for _, before := range old {
		if !slices.Equal(before.names(), planned.names()) {
			return awsjson.Invalid("The new endpoint configuration must have the same variants as the old one "+
				"for a deployment with guardrails: %v instead of %v.", planned.names(), before.names())
		}
	}
	return checkSizes(guard, planned.instances())
}

// names are those of the production variants, sorted.
func (d *deployment) names() []string {
	names := make([]string, len(d.Variants))
	for i, v := range d.Variants {
		names[i] = v.Name
	}
	slices.Sort(names)
	return names
}

// checkSizes holds steps and waits against the limits of the developer guide.
func checkSizes(guard awsjson.Object, instances float64) error {
	routing := guard.Object("BlueGreenUpdatePolicy").Object("TrafficRoutingConfiguration")
	rolling := guard.Object("RollingUpdatePolicy")
	for _, row := range []struct {
		name      string
		size      awsjson.Object
		low, high float64 // percent
	}{
		{"CanarySize", routing.Object("CanarySize"), 0, 50},
		{"LinearStepSize", routing.Object("LinearStepSize"), 10, 50},
		{"MaximumBatchSize", rolling.Object("MaximumBatchSize"), 5, 50},
	} {
		if row.size == nil {
			continue
		}
		percent := float64(row.size.Number("Value"))
		if row.size.Text("Type") == "INSTANCE_COUNT" {
			percent = 100 * percent / instances
		}
		// Of a single instance there is no half.
		if percent < row.low || percent > row.high && percent*instances > 100 {
			return awsjson.Invalid("%s must be from %v%% to %v%% of the %v instances.",
				row.name, max(1, row.low), row.high, instances)
		}
	}
	list, wait := shares(guard, instances)
	total := wait*time.Duration(len(list)) + seconds(guard.Object("BlueGreenUpdatePolicy"), "TerminationWaitInSeconds")
	if limit := executionTimeout(guard); limit > 0 && limit <= total {
		return awsjson.Invalid("MaximumExecutionTimeoutInSeconds must be greater than all waits together, "+
			"which are %d seconds.", int(total.Seconds()))
	}
	return nil
}
