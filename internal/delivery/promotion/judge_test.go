package promotion_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
)

func TestGatesThatDoNotPassStopAPromotion(t *testing.T) {
	t.Parallel()
	// gate is what the evidence of a gate becomes.
	gate := func(i int, change func(*release.Evidence)) func(*world) {
		return func(w *world) {
			list := evidence(w.a, 0.97)
			change(&list[i])
			w.measured(w.a, list...)
		}
	}
	inProduction := func(then func(*world)) func(*world) {
		return func(w *world) {
			w.prod("release: " + w.b.ID)
			w.measured(w.a, evidence(w.a, 0.97)...)
			then(w)
		}
	}
	all := func(w *world) { w.measured(w.a, evidence(w.a, 0.97)...) }
	for _, test := range []struct {
		name, gate string
		change     func(*world)
		result     release.Result
		detail     string
	}{
		{"an update under way", "converged", func(w *world) {
			all(w)
			w.cloud.Endpoints["flowers-dev"].Status = types.EndpointStatusUpdating
		}, release.Inconclusive, "endpoint flowers-dev is Updating, not InService"},
		{"an endpoint that serves something else", "converged", func(w *world) {
			all(w)
			w.cloud.Serve("flowers-dev", w.b)
		}, release.Fail, "endpoint flowers-dev, variant main: serves image " + host + strings.Repeat("b", 64) +
			", release A.SHORT names " + host + strings.Repeat("a", 64) + "; endpoint flowers-dev, variant main: serves " +
			"archive " +
			"s3://models/releases/flowers/b/model.tar.gz, release A.SHORT names s3://models/releases/flowers/a/model.tar.gz"},
		{"an archive that changed", "converged", func(w *world) {
			all(w)
			delete(w.cloud.Objects, "s3://models/releases/flowers/a/model.tar.gz")
		}, release.Fail, "endpoint flowers-dev serves it with configuration flowers-dev-config; " +
			"s3://models/releases/flowers/a/model.tar.gz is not there, release A.SHORT names it"},
		{
			"no evidence", "smoke", func(w *world) { w.measured(w.a, evidence(w.a, 0.97)[1:]...) },
			release.Inconclusive, "there is no evidence from stack dev of release A.SHORT",
		},
		{
			"evidence from another stack", "smoke", gate(0, func(e *release.Evidence) { e.Stack = "prod" }),
			release.Inconclusive, "there is no evidence from stack dev of release A.SHORT",
		},
		{
			"expired evidence", "bake", gate(2, func(e *release.Evidence) { e.At = noon.Add(-168*time.Hour - time.Minute) }),
			release.Inconclusive, "the evidence is 168h1m old, at most 168h are allowed; measure again",
		},
		{
			"evidence from the future", "bake", gate(2, func(e *release.Evidence) { e.At = noon.Add(time.Hour) }),
			release.Inconclusive, "the evidence is from the future, 2026-11-23T13:00:00Z",
		},
		{"a failure that was measured after a pass", "smoke", func(w *world) {
			all(w)
			again := evidence(w.a, 0.97)[0]
			again.At, again.Result, again.Detail = again.At.Add(time.Minute), release.Fail, "setosa was called virginica"
			w.measured(w.a, again)
		}, release.Fail, "setosa was called virginica"},
		{"limits stricter than those it was measured with", "smoke", gate(0, func(e *release.Evidence) {
			e.Measurements["p99Ms"] = 501
		}), release.Fail, "p99 is 501 ms; at most 500 ms are allowed"},
		{
			"a bake without traffic", "bake", gate(2, func(e *release.Evidence) { e.Measurements["samples"] = 0 }),
			release.Inconclusive, "the variant with the least traffic answered 0 requests; 100 are needed",
		},
		{
			"an accuracy too low", "evaluation", func(w *world) { w.measured(w.a, evidence(w.a, 0.89)...) },
			release.Fail, "accuracy is 0.89, wanted at least 0.9",
		},
		{
			"worse than in production", "evaluation", inProduction(func(w *world) { w.measured(w.b, evidence(w.b, 0.99)...) }),
			release.Fail, "accuracy is 0.97, wanted at least 0.9; " +
				"accuracy is 0.97, in production 0.99, wanted below it by at most 0.01",
		},
		{
			"nothing known of production", "evaluation", inProduction(func(*world) {}),
			release.Inconclusive, "accuracy is 0.97, wanted at least 0.9; there is no measurement of the release in " +
				"production " +
				"to compare with",
		},
		{"production measured on other data", "evaluation", inProduction(func(w *world) {
			list := evidence(w.b, 0.97)
			list[1].Data = strings.Repeat("0", 64)
			w.measured(w.b, list...)
		}), release.Inconclusive, "accuracy is 0.97, wanted at least 0.9; the release in production was measured on " +
			"other data"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.change(w)
			before := w.read("Pulumi.prod.yaml")
			p := w.promote()
			_, err := p.Run(t.Context())
			var refused *promotion.Refused
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, w.a.ID, refused.Release)
			assert.Equal(t, test.result, refused.Result())
			assert.ErrorContains(t, err, w.ids("  "+test.gate+": "+string(test.result)+": "+test.detail))
			for _, v := range refused.Verdicts {
				if v.Gate != test.gate {
					assert.Equal(t, release.Pass, v.Result, v.Gate)
				}
			}
			assert.Equal(t, before, w.read("Pulumi.prod.yaml"))

			p.Override = "customers\nwait"
			result, err := p.Run(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "customers wait", result.Entry.Override)
			record, err := promotion.Record(w.dir, "flowers", "prod")
			require.NoError(t, err)
			assert.Equal(t, []promotion.Entry{result.Entry}, record)
		})
	}
}

func TestAGateThatCannotTellNamesTheCommandThatDecidesIt(t *testing.T) {
	t.Parallel()
	arguments := []string{"--data", "held-out.csv", "--label", "species"}
	for _, test := range []struct {
		name   string
		change func(*world, []release.Evidence) []release.Evidence
		want   string
	}{
		{"an update under way", func(w *world, list []release.Evidence) []release.Evidence {
			w.cloud.Endpoints["flowers-dev"].Status = types.EndpointStatusUpdating
			return list
		}, "release verify flowers --stack dev"},
		{"no smoke test", func(_ *world, list []release.Evidence) []release.Evidence {
			return list[1:]
		}, "smoke flowers --to prod --stack dev"},
		{"a bake without traffic", func(_ *world, list []release.Evidence) []release.Evidence {
			list[2].Measurements["samples"] = 0
			return list
		}, "bake flowers --send 4 --to prod --stack dev"},
		{"an old evaluation", func(_ *world, list []release.Evidence) []release.Evidence {
			list[1].At = list[1].At.Add(-1000 * time.Hour)
			return list
		}, "evaluate flowers --data held-out.csv --label species --to prod --stack dev"},
		{"no evaluation", func(_ *world, list []release.Evidence) []release.Evidence {
			return []release.Evidence{list[0], list[2]}
		}, "evaluate flowers --data HELD_OUT.csv --label LABEL --to prod --stack dev"},
		{"nothing known of production", func(w *world, list []release.Evidence) []release.Evidence {
			w.prod("release: " + w.b.ID)
			return list
		}, "evaluate flowers --data held-out.csv --label species --stack prod"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			list := evidence(w.a, 0.97)
			list[1].Arguments = arguments
			w.measured(w.a, test.change(w, list)...)
			_, err := w.promote().Run(t.Context())
			require.Error(t, err)
			assert.Equal(t, 1, strings.Count(err.Error(), "to decide it: "))
			assert.Contains(t, err.Error()+"\n", "\n    to decide it: sagehost "+test.want+"\n")
		})
	}
}

func TestWhatWasMeasuredOnTheLocalAWSProvesNothingOfAWS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	local := evidence(w.a, 0.97)
	for i := range local {
		local[i].Local = true
	}
	w.measured(w.a, local...)
	p := w.promote()
	p.AWS, p.Commands.AWS = true, true
	_, err := p.Run(t.Context())
	const missing = "inconclusive: there is no evidence from stack dev of release A.SHORT on AWS; that of " +
		"2026-11-23T11:00:00Z is from the local AWS"
	require.EqualError(t, err, w.ids("model flowers, stack prod: release A.SHORT has not passed its gates\n"+
		"  converged: pass: endpoint flowers-dev serves it with configuration flowers-dev-config\n"+
		"  smoke: "+missing+"\n    to decide it: sagehost smoke flowers --to prod --stack dev --aws\n"+
		"  evaluation: "+missing+"\n    to decide it: sagehost evaluate flowers --data HELD_OUT.csv --label LABEL "+
		"--to prod --stack dev --aws\n"+
		"  bake: "+missing+"\n    to decide it: sagehost bake flowers --send 4 --to prod --stack dev --aws"))

	on := evidence(w.a, 0.97)
	local[0].Result, local[0].At = release.Fail, on[0].At.Add(time.Minute)
	w.measured(w.a, append(on, local[0])...)
	result, err := p.Run(t.Context())
	require.NoError(t, err, "a later failure on the local AWS says nothing of AWS, either")
	assert.Equal(t, on[0].At, result.Entry.Gates[1].At)
}

func TestAMeasurementInProductionOnTheSameDataIsComparedWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prod("release: " + w.b.ID)
	w.measured(w.a, evidence(w.a, 0.97)...)
	inDev, inProd := evidence(w.b, 0.99)[1], evidence(w.b, 0.975)[1]
	inDev.Data, inDev.At = strings.Repeat("9", 64), inProd.At.Add(time.Hour)
	inProd.Stack = "prod"
	w.measured(w.b, inDev, inProd)
	result, err := w.promote().Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "accuracy is 0.97, wanted at least 0.9; "+
		"accuracy is 0.97, in production 0.975, wanted below it by at most 0.01", result.Entry.Gates[2].Detail)
}

func TestAMeasurementWithoutLimitsIsJudgedByThoseOfTheTarget(t *testing.T) {
	t.Parallel()
	for accuracy, want := range map[float64]release.Result{0.97: release.Pass, 0.89: release.Fail} {
		w := newWorld(t)
		list := evidence(w.a, accuracy)
		list[1].Result, list[1].Detail = release.Measured, "measured, no limit set"
		w.measured(w.a, list...)
		p := w.promote()
		p.Override = "to see all gates"
		result, err := p.Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, result.Entry.Gates[2].Result)
	}
}

func TestOnlyMeasurementsOnAWSAreComparedThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prod("release: " + w.b.ID)
	w.measured(w.a, evidence(w.a, 0.97)...)
	production := evidence(w.b, 0.97)
	production[1].Local = true
	w.measured(w.b, production...)
	p := w.promote()
	p.AWS = true
	_, err := p.Run(t.Context())
	require.ErrorContains(t, err, "there is no measurement of the release in production to compare with")
	p.AWS = false
	_, err = p.Run(t.Context())
	assert.NoError(t, err)
}

func TestAnOverrideThatNobodyNeedsIsNotRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.measured(w.a, evidence(w.a, 0.97)...)
	p := w.promote()
	p.Override = "to be sure"
	result, err := p.Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, result.Entry.Override)
}

func TestOnlyComparisonsStopNothingWhereThereIsNothingToCompareWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("Pulumi.prod.yaml", strings.Replace(w.read("Pulumi.prod.yaml"), "min: 0.9, ", "", 1))
	result := w.promoted(w.a, 0)
	assert.Equal(t, release.Measured, result.Entry.Gates[2].Result)
	assert.Equal(t, "measured; the stack names no release yet to compare with", result.Entry.Gates[2].Detail)
	assert.Empty(t, result.Entry.Override)
}

func TestAStackWithoutDemandsTakesWhatIsInService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := w.read("Pulumi.prod.yaml")
	from, to := strings.Index(text, "  sagehost:promotion"), strings.Index(text, "\n  sagehost:models")
	w.write("Pulumi.prod.yaml", text[:from]+text[to+1:])
	p := w.promote()
	p.From = "dev"
	result, err := p.Run(t.Context())
	require.NoError(t, err)
	require.Len(t, result.Entry.Gates, 1)
	assert.Equal(t, "converged", result.Entry.Gates[0].Gate)
}
