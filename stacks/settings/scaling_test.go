package settings

import "testing"

func TestScalingThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const (
		path    = "endpoints.flowers.variants[0].scaling"
		at      = "sagehost:" + path
		targets = " targets; give exactly one of invocationsPerInstance, loadTest, concurrentRequestsPerModel"
	)
	for _, r := range []struct{ name, scaling, want string }{
		{"no min", "{max: 4, invocationsPerInstance: 600}", ".min: is required"},
		{"no max", "{min: 1, invocationsPerInstance: 600}", ".max: is required"},
		{"min of zero", "{min: 0, max: 4, invocationsPerInstance: 600}", ".min: 0 is less than 1"},
		{"bounds crossed", "{min: 3, max: 2, invocationsPerInstance: 600}", ".max: 2 is less than min (3)"},
		{
			"fewer instances at the start than min", "{min: 2, max: 4, invocationsPerInstance: 600}",
			": initialInstanceCount (1) is not between min (2) and max (4)",
		},
		{"no target", "{min: 1, max: 4}", ": has 0" + targets},
		{
			"two targets", "{min: 1, max: 4, invocationsPerInstance: 600, concurrentRequestsPerModel: 5}",
			": has 2" + targets,
		},
		{
			"three targets",
			"{min: 1, max: 4, invocationsPerInstance: 600, concurrentRequestsPerModel: 5, loadTest: {maxRequestsPerSecond: 20}}",
			": has 3" + targets,
		},
		{
			"a target of zero", "{min: 1, max: 4, invocationsPerInstance: 0}",
			".invocationsPerInstance: 0 is not above 0",
		},
		{
			"a target below zero", "{min: 1, max: 4, concurrentRequestsPerModel: -5}",
			".concurrentRequestsPerModel: -5 is not above 0",
		},
		{"a load test without result", "{min: 1, max: 4, loadTest: {}}", ".loadTest.maxRequestsPerSecond: is required"},
		{
			"a load test that served nothing", "{min: 1, max: 4, loadTest: {maxRequestsPerSecond: 0}}",
			".loadTest.maxRequestsPerSecond: 0 is not above 0",
		},
		{
			"a safety factor of zero", "{min: 1, max: 4, loadTest: {maxRequestsPerSecond: 20, safetyFactor: 0}}",
			".loadTest.safetyFactor: 0 is not above 0 and at most 1",
		},
		{
			"a safety factor above one", "{min: 1, max: 4, loadTest: {maxRequestsPerSecond: 20, safetyFactor: 1.1}}",
			".loadTest.safetyFactor: 1.1 is not above 0 and at most 1",
		},
		{
			"a cooldown below zero", "{min: 1, max: 4, invocationsPerInstance: 600, scaleInCooldown: -1s}",
			".scaleInCooldown: -1s is not between 0s and 24h",
		},
		{
			"a cooldown of more than a day", "{min: 1, max: 4, invocationsPerInstance: 600, scaleOutCooldown: 25h}",
			".scaleOutCooldown: 25h is not between 0s and 24h",
		},
		{
			"a cooldown of part of a second", "{min: 1, max: 4, invocationsPerInstance: 600, scaleOutCooldown: 500ms}",
			".scaleOutCooldown: 500ms is not a whole number of seconds",
		},
	} {
		refuse(t, []row{{name: r.name, set: change{path: r.scaling}, want: []string{at + r.want}}})
	}
	refuse(t, []row{
		{
			name: "more instances at the start than max",
			set:  change{path: scaled, "endpoints.flowers.variants[0].initialInstanceCount": "5"},
			want: []string{at + ": initialInstanceCount (5) is not between min (1) and max (4)"},
		},
		{
			name: "a burstable instance type",
			set:  change{path: scaled, "endpoints.flowers.variants[0].instanceType": "ml.t2.medium"},
			want: []string{at + ": is not possible for burstable instance types (ml.t2, ml.t3); choose another instanceType"},
		},
	})
}

func TestSchedulesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		path     = "endpoints.flowers.variants[0].scaling"
		at       = "sagehost:" + path + ".schedules"
		expected = " is not a schedule; expected cron(minute hour day month weekday year), " +
			"rate(n minutes) or at(2030-01-31T08:00:00)"
	)
	for _, r := range []struct{ name, schedules, want string }{
		{"no name", "[{schedule: rate(1 day), min: 1, max: 4}]", "[0].name: is required"},
		{
			"a name that cannot be", "[{name: a_b, schedule: rate(1 day), min: 1, max: 4}]",
			`[0].name: "a_b" does not match [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
		},
		{
			"two of one name",
			"[{name: a, schedule: rate(1 day), min: 1, max: 4}, {name: a, schedule: rate(1 day), min: 1, max: 4}]",
			`[1].name: "a" stands at ` + at + "[0] too",
		},
		{"no time", "[{name: a, min: 1, max: 4}]", "[0].schedule: is required"},
		{
			"a cron line of five fields", "[{name: a, schedule: cron(0 7 * * *), min: 1, max: 4}]",
			`[0].schedule: "cron(0 7 * * *)"` + expected,
		},
		{
			"an unknown time zone", "[{name: a, schedule: rate(1 day), timezone: Europe/Berlinn, min: 1, max: 4}]",
			`[0].timezone: "Europe/Berlinn" is not an IANA time zone; expected one like "Europe/Berlin"`,
		},
		{"no min", "[{name: a, schedule: rate(1 day), max: 4}]", "[0].min: is required"},
		{"no max", "[{name: a, schedule: rate(1 day), min: 1}]", "[0].max: is required"},
		{"min of zero", "[{name: a, schedule: rate(1 day), min: 0, max: 4}]", "[0].min: 0 is less than 1"},
		{"bounds crossed", "[{name: a, schedule: rate(1 day), min: 3, max: 2}]", "[0].max: 2 is less than min (3)"},
	} {
		scaling := "{min: 1, max: 4, invocationsPerInstance: 600, schedules: " + r.schedules + "}"
		refuse(t, []row{{name: r.name, set: change{path: scaling}, want: []string{at + r.want}}})
	}
}
