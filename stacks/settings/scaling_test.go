package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

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
			": initialInstanceCount (1, its default) is not between min (2) and max (4)",
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

func TestScalingByBacklogIsRefusedWhereItCannotWork(t *testing.T) {
	t.Parallel()
	const (
		path  = variantPath + "scaling"
		at    = "sagehost:" + path
		never = " never scales an asynchronous endpoint, which publishes no metric of invocations; use backlogPerInstance"
	)
	for _, r := range []struct {
		name, scaling string
		want          []string
	}{
		{"less than no instances", "{min: -1, max: 4}", []string{".min: -1 is less than 0"}},
		{"a backlog of none", "{min: 0, max: 4, backlogPerInstance: 0}", []string{".backlogPerInstance: 0 is not above 0"}},
		{
			"less than no instances at times",
			"{min: 0, max: 4, schedules: [{name: a, schedule: rate(1 day), min: -1, max: 4}]}",
			[]string{".schedules[0].min: -1 is less than 0"},
		},
		{
			"every metric of invocations",
			"{min: 0, max: 4, invocationsPerInstance: 1, concurrentRequestsPerModel: 1, loadTest: {maxRequestsPerSecond: 1}}",
			[]string{".concurrentRequestsPerModel:" + never, ".invocationsPerInstance:" + never, ".loadTest:" + never},
		},
	} {
		want := make([]string, len(r.want))
		for i := range want {
			want[i] = at + r.want[i]
		}
		refuse(t, []row{{name: r.name, set: change{"endpoints.flowers.async": "{}", path: r.scaling}, want: want}})
	}
	refuse(t, []row{
		{
			name: "without a backlog", set: change{path: "{min: 1, max: 4, invocationsPerInstance: 1, backlogPerInstance: 5}"},
			want: []string{at + ".backlogPerInstance: never scales an endpoint in real time, which has no backlog"},
		},
		{
			name: "to fewer than high availability needs",
			set: change{
				"endpoints.flowers.async": "{}", "endpoints.flowers.highAvailability": "true",
				variantPath + "initialInstanceCount": "2", path: "{min: 0, max: 4}",
			},
			want: []string{at + ".min: 0 is less than 2, which highAvailability needs to span availability zones"},
		},
	})
}

func TestAnAsynchronousEndpointMayHaveNoInstances(t *testing.T) {
	t.Parallel()
	for _, scaling := range []string{
		"{min: 0, max: 4}", "{min: 0, max: 1, backlogPerInstance: 0.5}",
		"{min: 1, max: 4, schedules: [{name: night, schedule: rate(1 day), min: 0, max: 0}]}",
	} {
		s := accept(t, change{"endpoints.flowers.async": "{}", variantPath + "scaling": scaling})
		assert.NotNil(t, s.Endpoints["flowers"].Variants[0].Scaling, scaling)
	}
}

func TestConcurrencyScalingThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const (
		path = variantPath + "concurrencyScaling"
		at   = "sagehost:" + path
	)
	for _, r := range []struct{ name, scaling, want string }{
		{"no min", "{max: 5}", ".min: is required"},
		{"no max", "{min: 1}", ".max: is required"},
		{"min of zero", "{min: 0, max: 5}", ".min: 0 is less than 1"},
		{"bounds crossed", "{min: 3, max: 2}", ".max: 2 is less than min (3)"},
		{"more than the variant serves at a time", "{min: 1, max: 11}", ".max: 11 is more than maxConcurrency (10)"},
		{
			"less than is provisioned at the start", "{min: 1, max: 1}",
			": provisionedConcurrency (2) is not between min (1) and max (1)",
		},
		{
			"more than is provisioned at the start", "{min: 3, max: 5}",
			": provisionedConcurrency (2) is not between min (3) and max (5)",
		},
		{"next to no utilization", "{min: 1, max: 5, utilization: 0.09}", ".utilization: 0.09 is not between 0.1 and 0.9"},
		{"nearly all utilization", "{min: 1, max: 5, utilization: 0.91}", ".utilization: 0.91 is not between 0.1 and 0.9"},
		{
			"a cooldown below zero", "{min: 1, max: 5, scaleInCooldown: -1s}",
			".scaleInCooldown: -1s is not between 0s and 24h",
		},
		{
			"a cooldown of more than a day", "{min: 1, max: 5, scaleOutCooldown: 25h}",
			".scaleOutCooldown: 25h is not between 0s and 24h",
		},
		{
			"a schedule beyond the variant", "{min: 1, max: 5, schedules: [{name: a, schedule: rate(1 day), min: 1, max: 11}]}",
			".schedules[0].max: 11 is more than maxConcurrency (10)",
		},
	} {
		refuse(t, []row{{name: r.name, set: provisioned(change{path: r.scaling}), want: []string{at + r.want}}})
	}
	refuse(t, []row{
		{
			name: "of a variant on instances", set: change{path: "{min: 1, max: 5}"},
			want: []string{at + ": is for serverless variants; one on instances has scaling"},
		},
		{
			name: "where nothing is provisioned",
			set:  change{"endpoints.flowers.variants": withoutInstances, open: "false", path: "{min: 1, max: 5}"},
			want: []string{at + ": provisionedConcurrency (0) is not between min (1) and max (5)"},
		},
		{
			name: "beside scaling of instances",
			set:  provisioned(change{path: "{min: 1, max: 5}", variantPath + "scaling": scaled}),
			want: []string{"sagehost:" + variantPath +
				"scaling: is for variants on instances; a serverless one has concurrencyScaling"},
		},
	})
}

func TestProvisionedConcurrencyIsScaled(t *testing.T) {
	t.Parallel()
	for _, scaling := range []string{
		"{min: 2, max: 2}", "{min: 1, max: 10, utilization: 0.1, scaleInCooldown: 0s, scaleOutCooldown: 24h}",
		"{min: 1, max: 10, utilization: 0.9, schedules: [{name: a, schedule: rate(1 day), min: 10, max: 10}]}",
	} {
		s := accept(t, provisioned(change{variantPath + "concurrencyScaling": scaling}))
		assert.NotNil(t, s.Endpoints["flowers"].Variants[0].ConcurrencyScaling, scaling)
	}
}

// provisioned adds to changes that the variant is serverless, with 2 of its 10 requests at a time provisioned.
func provisioned(set change) change {
	set["endpoints.flowers.variants"] = "[{name: main, model: flowers, " +
		"serverless: {memorySizeMb: 2048, maxConcurrency: 10, provisionedConcurrency: 2}}]"
	set[open] = "false"
	return set
}

func TestSchedulesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		path = "endpoints.flowers.variants[0].scaling"
		at   = "sagehost:" + path + ".schedules"
	)
	for _, r := range []struct{ name, schedules, want string }{
		{"no name", "[{schedule: rate(1 day), min: 1, max: 4}]", "[0].name: is required"},
		{
			"a name that cannot be", "[{name: a_b, schedule: rate(1 day), min: 1, max: 4}]",
			`[0].name: "a_b" may only have letters, digits and hyphens, and no hyphen at its start or end`,
		},
		{
			"two of one name",
			"[{name: a, schedule: rate(1 day), min: 1, max: 4}, {name: a, schedule: rate(1 day), min: 1, max: 4}]",
			`[1].name: "a" stands at ` + at + "[0] too",
		},
		{"no time", "[{name: a, min: 1, max: 4}]", "[0].schedule: is required"},
		{
			"a cron line of five fields", "[{name: a, schedule: cron(0 7 * * *), min: 1, max: 4}]",
			`[0].schedule: "cron(0 7 * * *)" is not a schedule: a cron expression has 6 fields (minute hour day-of-month ` +
				`month day-of-week year), not 5; did you mean "cron(0 7 * * ? *)"?`,
		},
		{
			"both kinds of days", "[{name: a, schedule: 'cron(0 8 * * MON-FRI *)', min: 1, max: 4}]",
			`[0].schedule: "cron(0 8 * * MON-FRI *)" is not a schedule: day-of-month and day-of-week: exactly one must be ?; ` +
				`did you mean "cron(0 8 ? * MON-FRI *)"?`,
		},
		{
			"values that there are not", "[{name: a, schedule: 'cron(99 25 ? * XYZ *)', min: 1, max: 4}]",
			`[0].schedule: "cron(99 25 ? * XYZ *)" is not a schedule: minute must be 0-59, got 99; hour must be 0-23, got 25; ` +
				`day-of-week must be 1-7 or SUN-SAT, L, a last day such as 6L or a certain one such as 3#2, got XYZ`,
		},
		{
			"a year that is over", "[{name: a, schedule: 'cron(0 8 * * ? 2020)', min: 1, max: 4}]",
			`[0].schedule: "cron(0 8 * * ? 2020)" is not a schedule: it is over: no time from 2026-12-01 on matches it`,
		},
		{
			"an unknown time zone", "[{name: a, schedule: rate(1 day), timezone: Europe/Berlinn, min: 1, max: 4}]",
			`[0].timezone: "Europe/Berlinn" is not an IANA time zone; did you mean "Europe/Berlin"?`,
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
