package settings

import (
	"testing"
)

func TestUpdatePoliciesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		path = "endpoints.flowers.update"
		at   = "sagehost:" + path
		// toStart ends what is said of waits that are too long.
		toStart = " leave instances time to start before the provider gives up after 1h"
	)
	for _, r := range []struct{ name, update, want string }{
		{
			"an unknown strategy", "{strategy: blueGreen}",
			`.strategy: "blueGreen" is not one of allAtOnce, canary, linear, rolling`,
		},
		{"a canary of no size", "{strategy: canary}", ".canarySize: is required for the strategy canary"},
		{"steps of no size", "{strategy: linear}", ".stepSize: is required for the strategy linear"},
		{"batches of no size", "{strategy: rolling}", ".batchSize: is required for the strategy rolling"},
		{
			"a canary of everything", "{strategy: canary, canarySize: {percent: 51}}",
			".canarySize.percent: 51 is not between 1 and 50",
		},
		{
			"a canary of nothing", "{strategy: canary, canarySize: {percent: 0}}",
			".canarySize.percent: 0 is not between 1 and 50",
		},
		{
			"a canary of no instances", "{strategy: canary, canarySize: {instances: 0}}",
			".canarySize.instances: 0 is less than 1",
		},
		{
			"a canary of all instances", "{strategy: canary, canarySize: {instances: 3}}",
			`.canarySize.instances: 3 is not between 1 % and 50 % of the 4 instances of variant "main"`,
		},
		{
			"a canary both ways", "{strategy: canary, canarySize: {percent: 25, instances: 1}}",
			".canarySize: takes exactly one of percent and instances",
		},
		{
			"a canary neither way", "{strategy: canary, canarySize: {}}",
			".canarySize: takes exactly one of percent and instances",
		},
		{
			"steps too small", "{strategy: linear, stepSize: {percent: 9}}",
			".stepSize.percent: 9 is not between 10 and 50",
		},
		{
			"steps too large", "{strategy: linear, stepSize: {percent: 51}}",
			".stepSize.percent: 51 is not between 10 and 50",
		},
		{
			"batches too small", "{strategy: rolling, batchSize: {percent: 4}}",
			".batchSize.percent: 4 is not between 5 and 50",
		},
		{
			"batches too large", "{strategy: rolling, batchSize: {instances: 3}}",
			`.batchSize.instances: 3 is not between 5 % and 50 % of the 4 instances of variant "main"`,
		},
		{
			"a way back in batches too large",
			"{strategy: rolling, batchSize: {percent: 50}, rollbackBatchSize: {percent: 101}}",
			".rollbackBatchSize.percent: 101 is not between 1 and 100",
		},
		{
			"a canary all at once", "{canarySize: {percent: 25}}",
			".canarySize: belongs to the strategy canary, and this is allAtOnce",
		},
		{
			"steps of a canary", "{strategy: canary, canarySize: {percent: 25}, stepSize: {percent: 25}}",
			".stepSize: belongs to the strategy linear, and this is canary",
		},
		{
			"batches of steps", "{strategy: linear, stepSize: {percent: 25}, batchSize: {percent: 25}}",
			".batchSize: belongs to the strategy rolling, and this is linear",
		},
		{
			"a way back in batches from a canary",
			"{strategy: canary, canarySize: {percent: 25}, rollbackBatchSize: {percent: 25}}",
			".rollbackBatchSize: belongs to the strategy rolling, and this is canary",
		},
		{"a wait too long", "{wait: 61m}", ".wait: 1h1m is not between 0s and 1h"},
		{"a wait below zero", "{wait: -1s}", ".wait: -1s is not between 0s and 1h"},
		{"a wait of part of a second", "{wait: 1500ms}", ".wait: 1.5s is not a whole number of seconds"},
		{"old instances that stay too long", "{terminationWait: 61m}", ".terminationWait: 1h1m is not between 0s and 1h"},
		{
			"old instances that stay beside batches",
			"{strategy: rolling, batchSize: {percent: 25}, terminationWait: 1m}",
			".terminationWait: is not possible with the strategy rolling, which keeps no old instances",
		},
		{
			"longer than the provider waits", "{wait: 30m, terminationWait: 1201s}",
			": all waits together are 50m1s; at most 50m" + toStart,
		},
		{
			"more steps than the provider waits for", "{strategy: linear, stepSize: {percent: 25}, wait: 15m}",
			": all waits together are 1h; at most 50m" + toStart,
		},
		{"a timeout too short", "{wait: 1m, timeout: 9m}", ".timeout: 9m is not between 10m and 4h"},
		{"a timeout too long", "{timeout: 4h1s}", ".timeout: 4h0m1s is not between 10m and 4h"},
		{
			"a timeout within the waits", "{wait: 10m, terminationWait: 10m, timeout: 20m}",
			".timeout: 20m is not more than all waits together (20m): wait, once a step, and terminationWait",
		},
		{
			"a rate of everything", "{rollbackThresholds: {errorRate5xx: 1}}",
			".rollbackThresholds.errorRate5xx: 1 is not above 0 and below 1",
		},
		{
			"a rate of nothing", "{rollbackThresholds: {errorRate5xx: 0}}",
			".rollbackThresholds.errorRate5xx: 0 is not above 0 and below 1",
		},
		{
			"a latency of nothing", "{rollbackThresholds: {modelLatency: 0s}}",
			".rollbackThresholds.modelLatency: 0s is not at least 100µs and below 1m",
		},
		{
			"a latency that never comes", "{rollbackThresholds: {modelLatency: 60s}}",
			".rollbackThresholds.modelLatency: 1m is not at least 100µs and below 1m",
		},
	} {
		refuse(t, []row{{
			name: r.name, set: change{path: r.update, variantPath + "initialInstanceCount": "4"}, want: []string{at + r.want},
		}})
	}
	parts := func(name, strategy, update string) row {
		return row{name: name, set: change{path: update, variantPath + "initialInstanceCount": "1"}, want: []string{
			at + ".strategy: " + strategy + ` replaces a part of the instances first, and variant "main" has 1; ` +
				"give it an initialInstanceCount of at least 2, or use allAtOnce",
		}}
	}
	refuse(t, []row{
		{
			name: "batches of several variants",
			set: change{
				path: "{strategy: rolling, batchSize: {percent: 50}}", "endpoints.flowers.variants": variants("a", "b"),
				"endpoints.flowers.variants[0].initialInstanceCount": "2",
				"endpoints.flowers.variants[1].initialInstanceCount": "2",
			},
			want: []string{at + ".strategy: rolling is not possible with several variants"},
		},
		parts("a canary of one instance", "canary", "{strategy: canary, canarySize: {percent: 50}}"),
		parts("steps of one instance", "linear", "{strategy: linear, stepSize: {percent: 10}}"),
		parts("batches of one instance", "rolling", "{strategy: rolling, batchSize: {percent: 50}}"),
		{
			name: "more variants than alarms allow",
			set:  change{path: "{}", "endpoints.flowers.variants": variants("a", "b", "c", "d", "e", "f")},
			want: []string{at + ": has rollback alarms for at most 5 variants; there are 6"},
		},
		{
			name: "of ml.inf1", set: change{path: "{}", variantPath + "instanceType": "ml.inf1.xlarge"},
			want: []string{at + ": is not possible with ml.inf1 instances"},
		},
		{
			name: "a latency that never comes asynchronously",
			set: change{
				path: "{rollbackThresholds: {modelLatency: 1h}}", "endpoints.flowers.async": "{}",
			},
			want: []string{at + ".rollbackThresholds.modelLatency: 1h is not at least 100µs and below 1h"},
		},
	})
}

func TestUpdatePoliciesAreAccepted(t *testing.T) {
	t.Parallel()
	for name, update := range map[string]string{
		"nothing else":            "{}",
		"all at once":             "{strategy: allAtOnce, wait: 0s, terminationWait: 0s}",
		"a canary by number":      "{strategy: canary, canarySize: {instances: 2}}",
		"steps":                   "{strategy: linear, stepSize: {percent: 10}, wait: 750s}",
		"batches":                 "{strategy: rolling, batchSize: {percent: 5}, rollbackBatchSize: {instances: 4}}",
		"at the limit":            "{wait: 30m, terminationWait: 20m, timeout: 1h}",
		"without rollbacks":       "{rollback: false}",
		"thresholds of its own":   "{rollbackThresholds: {errorRate5xx: 0.5, modelLatency: 59999ms}}",
		"the longest of timeouts": "{timeout: 4h}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accept(t, change{"endpoints.flowers.update": update, variantPath + "initialInstanceCount": "4"})
		})
	}
}
