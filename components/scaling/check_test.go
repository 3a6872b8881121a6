package scaling

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/kit/check"
)

// night is a schedule with these bounds.
func night(low, high int) []Schedule {
	return []Schedule{{Name: "night", Schedule: "cron(0 20 ? * * *)", Min: low, Max: high}}
}

// expect compares the problems of a value with the lines that they should be.
func expect(t *testing.T, want string, at check.At) {
	t.Helper()
	if want == "" {
		assert.NoError(t, at.Err())
	} else {
		assert.EqualError(t, at.Err(), want)
	}
}

//go:fix inline
func TestWhatAnAsynchronousVariantIsScaledBy(t *testing.T) {
	t.Parallel()
	const never = ": never scales an asynchronous endpoint, which publishes no metric of invocations; " +
		"use backlogPerInstance"
	later := Variant{InitialInstanceCount: 1, Asynchronous: true}
	spanning := Variant{InitialInstanceCount: 2, MinInstances: 2, Asynchronous: true}
	for _, test := range []struct {
		name    string
		variant Variant
		spec    Spec
		want    string
	}{
		{"from zero, with the default target", later, Spec{Min: 0, Max: 4}, ""},
		{"from one", later, Spec{Min: 1, Max: 4, BacklogPerInstance: new(0.5)}, ""},
		{"from zero at night", later, Spec{Min: 1, Max: 4, Schedules: night(0, 4)}, ""},
		{"switched off at night", later, Spec{Min: 1, Max: 4, Schedules: night(0, 0)}, ""},
		{"below zero", later, Spec{Min: -1, Max: 4}, "min: -1 is less than 0"},
		{
			"never any instance", later,
			Spec{Min: 0, Max: 0},
			"initialInstanceCount (1) is not between min (0) and max (0)",
		},
		{
			"from zero across availability zones", spanning,
			Spec{Min: 0, Max: 4, Schedules: night(1, 4)},
			"min: 0 is less than 2, which highAvailability needs to span availability zones\n" +
				"schedules[0].min: 1 is less than 2, which highAvailability needs to span availability zones",
		},
		{"a target of zero", later, Spec{Max: 4, BacklogPerInstance: new(0.0)}, "backlogPerInstance: 0 is not above 0"},
		{"invocations", later, Spec{Max: 4, InvocationsPerInstance: new(600.0)}, "invocationsPerInstance" + never},
		{"a load test", later, Spec{Max: 4, LoadTest: &LoadTest{MaxRequestsPerSecond: 20}}, "loadTest" + never},
		{
			"concurrent requests", later,
			Spec{Max: 4, ConcurrentRequestsPerModel: new(5.0)},
			"concurrentRequestsPerModel" + never,
		},
		{
			"burstable instances",
			Variant{InitialInstanceCount: 1, Asynchronous: true, Burstable: true},
			Spec{Max: 4},
			"is not possible for burstable instance types (ml.t2, ml.t3); choose another instanceType",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at, test.variant)
			expect(t, test.want, at)
		})
	}
}

func TestAnEndpointInRealTimeHasNoBacklogAndNoZero(t *testing.T) {
	t.Parallel()
	at := check.New("")
	spec := Spec{
		Min: 0, Max: 4, InvocationsPerInstance: new(600.0), BacklogPerInstance: new(5.0), Schedules: night(0, 4),
	}
	spec.Check(at, Variant{InitialInstanceCount: 1})
	expect(t, "backlogPerInstance: never scales an endpoint in real time, which has no backlog\n"+
		"min: 0 is less than 1\nschedules[0].min: 0 is less than 1", at)
}

func TestProvisionedConcurrencyIsWithinItsBounds(t *testing.T) {
	t.Parallel()
	whole := ServerlessVariant{ProvisionedConcurrency: 1, MaxConcurrency: 200}
	for _, test := range []struct {
		name    string
		variant ServerlessVariant
		spec    ConcurrencySpec
		want    string
	}{
		{"all there is", whole, ConcurrencySpec{Min: 1, Max: 200}, ""},
		{"all that the variant has", ServerlessVariant{1, 50}, ConcurrencySpec{Min: 1, Max: 50}, ""},
		{"at the ends", whole, ConcurrencySpec{Min: 1, Max: 2, Utilization: new(0.1)}, ""},
		{"at the other ends", whole, ConcurrencySpec{Min: 1, Max: 2, Utilization: new(0.9)}, ""},
		{"none", whole, ConcurrencySpec{Min: 0, Max: 200}, "min: 0 is less than 1"},
		{"more than there is", whole, ConcurrencySpec{Min: 1, Max: 201}, "max: 201 is more than SageMaker's limit (200)"},
		{
			"more than the variant has",
			ServerlessVariant{1, 50},
			ConcurrencySpec{Min: 1, Max: 51, Schedules: night(1, 52)},
			"max: 51 is more than maxConcurrency (50)\nschedules[0].max: 52 is more than maxConcurrency (50)",
		},
		{"crossed", whole, ConcurrencySpec{Min: 3, Max: 2}, "max: 2 is less than min (3)"},
		{
			"none to start with",
			ServerlessVariant{0, 200},
			ConcurrencySpec{Min: 1, Max: 2},
			"provisionedConcurrency (0) is not between min (1) and max (2)",
		},
		{
			"a start above max",
			ServerlessVariant{3, 200},
			ConcurrencySpec{Min: 1, Max: 2},
			"provisionedConcurrency (3) is not between min (1) and max (2)",
		},
		{
			"too little in use", whole,
			ConcurrencySpec{Min: 1, Max: 2, Utilization: new(0.09)},
			"utilization: 0.09 is not between 0.1 and 0.9",
		},
		{
			"too much in use", whole,
			ConcurrencySpec{Min: 1, Max: 2, Utilization: new(0.91)},
			"utilization: 0.91 is not between 0.1 and 0.9",
		},
		{
			"cooldowns", whole,
			ConcurrencySpec{Min: 1, Max: 2, ScaleInCooldown: new(-time.Second), ScaleOutCooldown: new(25 * time.Hour)},
			"scaleInCooldown: -1s is not between 0s and 24h\nscaleOutCooldown: 25h is not between 0s and 24h",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at, test.variant)
			expect(t, test.want, at)
		})
	}
}

// Of any bounds and limits, those pass that stand in the order in which SageMaker demands them, and no others.
func TestBoundsPassExactlyWhenTheyAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string) int { return rapid.IntRange(-2, 204).Draw(t, name) }
		low, high, start, most := number("min"), number("max"), number("start"), rapid.IntRange(1, 200).Draw(t, "most")
		spec := ConcurrencySpec{Min: low, Max: high}
		at := check.New("")
		spec.Check(at, ServerlessVariant{ProvisionedConcurrency: start, MaxConcurrency: most})
		want := 1 <= low && low <= start && start <= high && high <= most
		assert.Equal(t, want, at.Err() == nil, "%v", at.Err())
	})
}

func TestZeroIsLeftOnlyWhereItIsReached(t *testing.T) {
	t.Parallel()
	later := Variant{Asynchronous: true}
	assert.True(t, (&Spec{Min: 0, Max: 4}).leavesZero(later))
	assert.True(t, (&Spec{Min: 1, Max: 4, Schedules: night(0, 4)}).leavesZero(later))
	assert.False(t, (&Spec{Min: 1, Max: 4, Schedules: night(1, 4)}).leavesZero(later))
	assert.False(t, (&Spec{Min: 0, Max: 4}).leavesZero(Variant{}))
}
