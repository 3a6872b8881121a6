package gates_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
)

func TestTheSmokeGateIsFailedBeforeItIsUnclear(t *testing.T) {
	t.Parallel()
	fast := gates.Smoke{P99: new(500 * time.Millisecond)}
	for name, test := range map[string]struct {
		gate     gates.Smoke
		measured map[string]float64
		want     gates.Verdict
	}{
		"all cases pass": {
			measured: map[string]float64{"cases": 3, "requests": 3, "p99Ms": 900},
			want:     gates.Verdict{Result: release.Pass},
		},
		"a case failed": {
			measured: map[string]float64{"cases": 3, "failedCases": 1, "unclearCases": 1},
			want: gates.Verdict{Result: release.Fail, Reasons: []string{
				"1 of 3 cases failed", "1 of 3 cases could not be asked",
			}},
		},
		"nothing was asked": {
			want: gates.Verdict{Result: release.Inconclusive, Reasons: []string{"there are no cases"}},
		},
		"the limit itself is held": {
			gate: fast, measured: map[string]float64{"cases": 1, "requests": 20, "p99Ms": 500},
			want: gates.Verdict{Result: release.Pass},
		},
		"slow": {
			gate: fast, measured: map[string]float64{"cases": 1, "requests": 20, "p99Ms": 500.5},
			want: gates.Verdict{Result: release.Fail, Reasons: []string{"p99 is 500.5 ms; at most 500 ms are allowed"}},
		},
		"too few to tell": {
			gate: fast, measured: map[string]float64{"cases": 1, "requests": 19, "p99Ms": 900},
			want: gates.Verdict{Result: release.Inconclusive, Reasons: []string{
				"the latency of 19 requests was measured; p99 takes 20",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.gate.Judge(test.measured))
		})
	}
}

func TestTheBakeGateTakesTimeTrafficAndSilentAlarms(t *testing.T) {
	t.Parallel()
	good := func(changes map[string]float64) map[string]float64 {
		m := map[string]float64{"forSeconds": 1800, "alarms": 7, "samples": 100}
		maps.Copy(m, changes)
		return m
	}
	for name, test := range map[string]struct {
		gate     gates.Bake
		measured map[string]float64
		want     gates.Verdict
	}{
		"long and busy enough": {measured: good(nil), want: gates.Verdict{Result: release.Pass}},
		"an alarm": {
			measured: good(map[string]float64{"alarmsRaised": 1, "samples": 0}),
			want: gates.Verdict{Result: release.Fail, Reasons: []string{
				"1 of 7 alarms went off", "the variant with the least traffic answered 0 requests; 100 are needed",
			}},
		},
		"another configuration": {
			measured: good(map[string]float64{"configurationChanged": 1}),
			want: gates.Verdict{Result: release.Fail, Reasons: []string{
				"the endpoint did not serve the same configuration all the time",
			}},
		},
		"no alarms": {
			measured: good(map[string]float64{"alarms": 0}),
			want:     gates.Verdict{Result: release.Inconclusive, Reasons: []string{"no alarm was watched"}},
		},
		"an alarm that saw nothing": {
			measured: good(map[string]float64{"alarmsUnclear": 1}),
			want: gates.Verdict{Result: release.Inconclusive, Reasons: []string{
				"1 of 7 alarms had too little data to tell",
			}},
		},
		"too short": {
			measured: good(map[string]float64{"forSeconds": 1799}),
			want: gates.Verdict{Result: release.Inconclusive, Reasons: []string{
				"the alarms were watched for 29m59s; 30m are needed",
			}},
		},
		"a gate of its own": {
			gate: gates.Bake{For: new(time.Hour), MinSamples: new(101)}, measured: good(nil),
			want: gates.Verdict{Result: release.Inconclusive, Reasons: []string{
				"the alarms were watched for 30m; 1h are needed",
				"the variant with the least traffic answered 100 requests; 101 are needed",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.gate.Judge(test.measured))
		})
	}
}

func TestLimitsOfGatesAreChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		gate interface{ Check(at check.At) }
		want string
	}{
		"defaults of smoke": {&gates.Smoke{}, ""},
		"defaults of bake":  {&gates.Bake{}, ""},
		"ends of smoke":     {&gates.Smoke{P99: new(time.Minute), MinRequests: new(100_000)}, ""},
		"ends of bake":      {&gates.Bake{For: new(24 * time.Hour), MinSamples: new(1)}, ""},
		"shortest bake":     {&gates.Bake{For: new(2 * time.Minute)}, ""},
		"no time":           {&gates.Smoke{P99: new(time.Duration(0))}, "smoke.p99: 0s is not between 1ms and 1m"},
		"under any answer":  {&gates.Smoke{P99: new(999 * time.Microsecond)}, "smoke.p99: 999µs is not between 1ms and 1m"},
		"over a minute":     {&gates.Smoke{P99: new(61 * time.Second)}, "smoke.p99: 1m1s is not between 1ms and 1m"},
		"requests for what": {&gates.Smoke{MinRequests: new(1)}, "smoke.minRequests: means nothing without p99"},
		"no request": {
			&gates.Smoke{P99: new(time.Second), MinRequests: new(0)},
			"smoke.minRequests: 0 is not between 1 and 100000",
		},
		"too short a bake": {&gates.Bake{For: new(119 * time.Second)}, "smoke.for: 1m59s is not between 2m and 24h"},
		"too long a bake": {
			&gates.Bake{For: new(24*time.Hour + time.Second)}, "smoke.for: 24h0m1s is not between 2m and 24h",
		},
		"bake without sight": {&gates.Bake{MinSamples: new(0)}, "smoke.minSamples: 0 is less than 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := check.New("smoke")
			test.gate.Check(at)
			assert.Equal(t, test.want, at.Problems().Error())
		})
	}
}

func TestTheWorstVerdictCounts(t *testing.T) {
	t.Parallel()
	pass := gates.Verdict{Result: release.Pass}
	unclear := gates.Verdict{Result: release.Inconclusive, Reasons: []string{"no traffic"}}
	fail := gates.Verdict{Result: release.Fail, Reasons: []string{"an alarm", "no traffic"}}
	assert.Equal(t, pass, gates.Worst())
	assert.Equal(t, pass, gates.Worst(pass, pass))
	assert.Equal(t, unclear, gates.Worst(unclear, pass, unclear))
	assert.Equal(t, gates.Verdict{Result: release.Fail, Reasons: []string{"no traffic", "an alarm"}},
		gates.Worst(unclear, fail, pass))
}
