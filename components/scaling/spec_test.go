package scaling

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

//go:fix inline
func TestTheTargetIsRateTimesFactorTimesSixty(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		load LoadTest
		want float64
	}{
		{"with the default factor", LoadTest{MaxRequestsPerSecond: 20}, 600},
		{"with a factor", LoadTest{MaxRequestsPerSecond: 60, SafetyFactor: new(0.6)}, 2160},
		{"without margin", LoadTest{MaxRequestsPerSecond: 20, SafetyFactor: new(1.0)}, 1200},
		{"of less than one request a second", LoadTest{MaxRequestsPerSecond: 0.1}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.InDelta(t, test.want, test.load.Target(), 1e-9)
		})
	}
}

func TestEachTargetHasItsMetric(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		spec   Spec
		metric string
		value  float64
	}{
		{
			"invocations",
			Spec{InvocationsPerInstance: new(600.0)},
			"SageMakerVariantInvocationsPerInstance", 600,
		},
		{
			"a load test",
			Spec{LoadTest: &LoadTest{MaxRequestsPerSecond: 20}},
			"SageMakerVariantInvocationsPerInstance", 600,
		},
		{
			"concurrent requests",
			Spec{ConcurrentRequestsPerModel: new(5.0)},
			"SageMakerVariantConcurrentRequestsPerModelHighResolution", 5,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			metric, value := test.spec.metric()
			assert.Equal(t, test.metric, metric)
			assert.InDelta(t, test.value, value, 1e-9)
		})
	}
}

func TestTheLargestMaxIsThatOfAnySchedule(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		spec Spec
		want int
	}{
		{"without schedules", Spec{Max: 4}, 4},
		{"with smaller schedules", Spec{Max: 4, Schedules: []Schedule{{Max: 2}, {Max: 3}}}, 4},
		{"with a larger schedule", Spec{Max: 4, Schedules: []Schedule{{Max: 9}, {Max: 3}}}, 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.spec.LargestMax())
		})
	}
}

func TestACooldownOfZeroStaysZero(t *testing.T) {
	t.Parallel()
	assert.Equal(t, pulumi.Int(300), seconds(nil, DefaultCooldown))
	assert.Equal(t, pulumi.Int(0), seconds(new(time.Duration(0)), DefaultCooldown))
	assert.Equal(t, pulumi.Int(90), seconds(new(90*time.Second), DefaultCooldown))
}
