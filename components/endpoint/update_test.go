package endpoint

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func percent(n int) *Size   { return &Size{Percent: &n} }
func instances(n int) *Size { return &Size{Instances: &n} }

func TestTheWaitsOfAnUpdateAreOneForEachStep(t *testing.T) {
	t.Parallel()
	minute := new(time.Minute)
	for _, test := range []struct {
		name   string
		update Update
		counts []int
		want   time.Duration
	}{
		{"all at once", Update{Wait: minute}, []int{4}, time.Minute},
		{"with old instances that stay", Update{Wait: minute, TerminationWait: minute}, []int{4}, 2 * time.Minute},
		{"by default", Update{}, []int{4}, 5 * time.Minute},
		{"canary", Update{Strategy: Canary, CanarySize: percent(25), Wait: minute}, []int{4}, 2 * time.Minute},
		{"four steps", Update{Strategy: Linear, StepSize: percent(25), Wait: minute}, []int{4}, 4 * time.Minute},
		{"instances are not split", Update{Strategy: Linear, StepSize: percent(10), Wait: minute}, []int{4}, 4 * time.Minute},
		{"steps are rounded up", Update{Strategy: Linear, StepSize: percent(30), Wait: minute}, []int{5}, 3 * time.Minute},
		{"the larger variant", Update{Strategy: Linear, StepSize: percent(10), Wait: minute}, []int{2, 9}, 9 * time.Minute},
		{"batches by number", Update{Strategy: Rolling, BatchSize: instances(2), Wait: minute}, []int{5}, 3 * time.Minute},
		{"a batch of one instance", Update{Strategy: Rolling, BatchSize: percent(50), Wait: minute}, []int{1}, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var variants []Variant
			for _, n := range test.counts {
				variants = append(variants, fleet("a", count(n)))
			}
			assert.Equal(t, test.want, test.update.waits(variants))
		})
	}
}

// The list of an endpoint's alarms must never change, whatever becomes of the rest.
func TestTheListOfRollbackAlarmsIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u := Update{
			Strategy: rapid.SampledFrom([]Strategy{"", Canary, Linear, Rolling}).Draw(t, "strategy"),
			Rollback: rapid.Ptr(rapid.Bool(), true).Draw(t, "rollback"),
			RollbackThresholds: RollbackThresholds{
				ErrorRate5XX: rapid.Ptr(rapid.Float64Range(0.001, 0.999), true).Draw(t, "rate"),
				ModelLatency: rapid.Ptr(rapid.Custom(func(t *rapid.T) time.Duration {
					return time.Duration(rapid.IntRange(1, 3599_999).Draw(t, "ms")) * time.Millisecond
				}), true).Draw(t, "latency"),
			},
		}
		var keys []string
		for _, alarm := range u.rollbackAlarms(rapid.Bool().Draw(t, "async")) {
			keys = append(keys, alarm.key)
		}
		assert.Equal(t, []string{"rollback-5xx", "rollback-model-latency"}, keys)
	})
}

func TestRollbackAlarmsAreSilencedByThresholdsThatNothingExceeds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		update        Update
		async         bool
		rate, latency float64
	}{
		{"by default", Update{}, false, 0.01, 5e6},
		{"by default for async", Update{}, true, 0.01, 3.6e9},
		{"as given", Update{RollbackThresholds: RollbackThresholds{
			ErrorRate5XX: new(0.5), ModelLatency: new(250 * time.Millisecond),
		}}, false, 0.5, 250_000},
		{"silent", Update{
			Rollback: new(false), RollbackThresholds: RollbackThresholds{ErrorRate5XX: new(0.5)},
		}, false, 1, 3.6e9},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			alarms := test.update.rollbackAlarms(test.async)
			assert.InDelta(t, test.rate, alarms[0].threshold, 0)
			assert.InDelta(t, test.latency, alarms[1].threshold, 0)
		})
	}
}

func TestAnUpdateInPartsTakesTwoInstancesOfEachVariant(t *testing.T) {
	t.Parallel()
	assert.Empty(t, problemsOf(&Spec{Update: &Update{}}, []Variant{fleet("a")}, nil), "all at once takes one")
	for _, u := range []Update{
		{Strategy: Canary, CanarySize: percent(50)},
		{Strategy: Linear, StepSize: percent(10)},
		{Strategy: Rolling, BatchSize: percent(5), RollbackBatchSize: percent(100)},
	} {
		assert.Empty(t, problemsOf(&Spec{Update: &u}, []Variant{fleet("a", count(2))}, nil), u.Strategy)
		assert.Equal(t, []string{"update.strategy: " + string(u.Strategy) + ` replaces a part of the instances first, ` +
			`and variant "a" has 1; give it an initialInstanceCount of at least 2, or use allAtOnce`},
			problemsOf(&Spec{Update: &u}, []Variant{fleet("a")}, nil))
	}
	few := []Variant{fleet("a", count(2)), fleet("b")}
	assert.Len(t, problemsOf(&Spec{Update: &Update{Strategy: Canary, CanarySize: percent(50)}}, few, nil), 1)
}
