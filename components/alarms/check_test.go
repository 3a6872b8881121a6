package alarms

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

//go:fix inline
func TestAThresholdIsInsideItsRange(t *testing.T) {
	t.Parallel()
	now := Variant{Name: "main", InstanceType: "ml.m5.large"}
	later := Variant{Name: "main", InstanceType: "ml.m5.large", Asynchronous: true}
	many := Variant{Name: "main", InstanceType: "ml.m5.large", MultiModel: true}
	warm := Variant{Name: "main", Serverless: &Serverless{ProvisionedConcurrency: true}}
	for _, test := range []struct {
		name    string
		variant Variant
		spec    Spec
		want    string
	}{
		{"all defaults", now, Spec{}, ""},
		{"just above zero", now, Spec{ErrorRate5XX: new(1e-9), ModelLatency: new(minLatency)}, ""},
		{"just below the limit", now, Spec{ErrorRate4XX: new(0.999), OverheadLatency: new(maxLatency - 1)}, ""},
		{"zero", now, Spec{ErrorRate5XX: new(0.0)}, "errorRate5xx: 0 is not above 0 and below 1"},
		{"the limit", now, Spec{DiskUtilization: new(100.0)}, "diskUtilization: 100 is not above 0 and below 100"},
		{
			"the limit of a span", now,
			Spec{ModelLatency: new(maxLatency)},
			"modelLatency: 1m is not at least 100µs and below 60s",
		},
		{
			"a threshold that every answer exceeds", now,
			Spec{ModelLatency: new(time.Nanosecond)},
			"modelLatency: 1ns is not at least 100µs and below 60s",
		},
		{"a later answer may take longer", later, Spec{ModelLatency: new(time.Hour - 1)}, ""},
		{"but not forever", later, Spec{ModelLatency: new(time.Hour)}, "modelLatency: 1h is not at least 100µs and below 1h"},
		{"an age", later, Spec{OldestRequest: new(maxAge - 1)}, ""},
		{"an age beyond", later, Spec{OldestRequest: new(maxAge)}, "oldestRequest: 6h is not at least 1s and below 6h"},
		{"no failure", later, Spec{FailedRequests: new(0), ExpiredRequests: new(0)}, ""},
		{"less than none", later, Spec{FailedRequests: new(-1)}, "failedRequests: -1 is less than 0"},
		{"every model in memory", many, Spec{ModelCacheHit: new(1.0)}, ""},
		{"more than every", many, Spec{ModelCacheHit: new(1.01)}, "modelCacheHit: 1.01 is not above 0 and at most 1"},
		{"none in memory", many, Spec{ModelCacheHit: new(0.0)}, "modelCacheHit: 0 is not above 0 and at most 1"},
		{"a minute", warm, Spec{Spillover: new(time.Minute)}, ""},
		{"a day", warm, Spec{Spillover: new(24 * time.Hour)}, ""},
		{"less than a minute", warm, Spec{Spillover: new(time.Second)}, "spillover: 1s is not between 1m and 24h"},
		{"more than a day", warm, Spec{Spillover: new(1441 * time.Minute)}, "spillover: 24h1m is not between 1m and 24h"},
		{"part of a minute", warm, Spec{Spillover: new(90 * time.Second)}, "spillover: 1m30s is not a multiple of 1m"},
		{"an hour", now, Spec{Idle: new(time.Hour)}, ""},
		{"a week", now, Spec{Idle: new(168 * time.Hour)}, ""},
		{"more than a week", now, Spec{Idle: new(169 * time.Hour)}, "idle: 169h is not between 1h and 168h"},
		{"part of an hour", now, Spec{Idle: new(90 * time.Minute)}, "idle: 1h30m is not a multiple of 1h"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at, test.variant)
			if test.want == "" {
				assert.NoError(t, at.Err())
			} else {
				assert.EqualError(t, at.Err(), test.want)
			}
		})
	}
}

// What nobody publishes, no alarm watches: a threshold for it would be a promise that is not kept.
func TestAThresholdWithoutAMetricIsRefused(t *testing.T) {
	t.Parallel()
	const none = ": is of a metric that SageMaker does not publish for this endpoint; leave it out"
	for name, test := range map[string]struct {
		spec    Spec
		variant Variant
		want    string
	}{
		"CPUs without instances": {
			Spec{CPUUtilization: new(80.0), DiskUtilization: new(70.0)},
			Variant{Serverless: &Serverless{}},
			"cpuUtilization" + none + "\ndiskUtilization" + none,
		},
		"provisioned concurrency on demand": {
			Spec{ProvisionedConcurrencyUtilization: new(0.9), Spillover: new(time.Hour)},
			Variant{Serverless: &Serverless{}},
			"provisionedConcurrencyUtilization" + none + "\nspillover" + none,
		},
		"overhead of what is not waited for": {
			Spec{OverheadLatency: new(time.Second)},
			Variant{InstanceType: "ml.m5.large", Asynchronous: true},
			"overheadLatency" + none,
		},
		"a backlog in real time": {
			Spec{OldestRequest: new(time.Hour), FailedRequests: new(1)},
			Variant{InstanceType: "ml.m5.large"},
			"failedRequests" + none + "\noldestRequest" + none,
		},
		"a cache of one model": {
			Spec{ModelCacheHit: new(0.9)}, Variant{InstanceType: "ml.m5.large"}, "modelCacheHit" + none,
		},
		"containers of a single one": {
			Spec{ContainerLatency: new(time.Second)}, Variant{InstanceType: "ml.m5.large"}, "containerLatency" + none,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at, test.variant)
			assert.EqualError(t, at.Err(), test.want)
		})
	}
}

func TestAThresholdIsOfAnyOfTheVariants(t *testing.T) {
	t.Parallel()
	at := check.New("")
	s := Spec{ModelCacheHit: new(0.9)}
	s.Check(at, Variant{InstanceType: "ml.m5.large"}, Variant{InstanceType: "ml.m5.large", MultiModel: true})
	assert.NoError(t, at.Err())
}
