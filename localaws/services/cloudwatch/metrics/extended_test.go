package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// hundred is each whole number from 1 to 100, ten times.
func hundred() []Value {
	var values []Value
	for v := 1.0; v <= 100; v++ {
		values = append(values, Value{v, 10})
	}
	return values
}

func TestStatisticsOverSingleValues(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{
		"p0": 1, "p50": 50, "p99": 99, "p99.9": 100, "p99.99": 100, "p100": 100,
		"tm90": 45.5, "TM(10%:90%)": 50.5, "TM(:50)": 25.5, "IQM": 50.5, "wm98": 50.47, "WM(10%:90%)": 50.4,
		"tc90": 900, "TC(10:20)": 100, "ts90": 40950, "TS(80%:)": 18100, "PR(:30)": 30, "PR(10:20)": 10,
	} {
		statistic, ok := ParseExtended(name)
		assert.True(t, ok, name)
		assert.InDelta(t, want, statistic.Of(hundred()), 1e-9, name)
	}
	p99, _ := ParseExtended("p99")
	assert.True(t, math.IsNaN(p99.Of(nil)))
	assert.True(t, math.IsNaN(p99.Of([]Value{{-1, 1}, {2, 1}})), "AWS has none where a value is negative")
}

func TestOtherStatisticsAreNotOverSingleValues(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Sum", "p", "p101", "p-1", "q50", "TM(:)", "PR(10%:20%)", "TM(1.2.3:)", "P99"} {
		_, ok := ParseExtended(name)
		assert.False(t, ok, name)
	}
}

func TestAPercentileNeedsValues(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{"p50": 20, "p90": 100, "p99": 1000, "p10": 100, "p100": 0, "tm90": 0} {
		statistic, _ := ParseExtended(name)
		assert.InDelta(t, want, statistic.LowSamples(), 1e-6, name)
	}
}

func TestFewValuesAreCountedAsTheyAre(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	for v := 100; v > 0; v-- {
		r.Add(latency, float64(v))
		r.Add(latency, float64(v))
	}
	r.move(noon.Add(time.Minute))
	r.Add(latency, 100)
	values := r.Values(latency, noon, noon.Add(time.Minute))
	assert.Len(t, values, 100)
	assert.Equal(t, Value{1, 2}, values[0])
	assert.Equal(t, Value{100, 3}, r.Values(latency, noon, noon.Add(time.Hour))[99], "minutes add up")
}

// A minute of a busy endpoint takes no more room than one of a quiet one, and its percentiles stay close.
func TestManyValuesTakeLittleRoom(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	random := rand.New(rand.NewPCG(1, 2))
	var all []float64
	var sum float64
	for range 20_000 {
		value := math.Exp(random.NormFloat64()) * 1000
		all, sum = append(all, value), sum+value
		r.Add(latency, value)
	}
	slices.Sort(all)
	values := r.Values(latency, noon, noon.Add(time.Minute))
	assert.LessOrEqual(t, len(values), 150, "what a datum of PutMetricData may have")
	var count, total float64
	for _, v := range values {
		count, total = count+v.Count, total+v.Value*v.Count
	}
	assert.InDelta(t, 20_000, count, 0)
	assert.InEpsilon(t, sum, total, 1e-9)
	assert.InDelta(t, all[0], values[0].Value, 0)
	assert.InDelta(t, all[len(all)-1], values[len(values)-1].Value, 0)
	for _, share := range []float64{1, 50, 90, 99, 99.9} {
		statistic, _ := ParseExtended(fmt.Sprintf("p%v", share))
		assert.InEpsilon(t, all[int(share/100*20_000)-1], statistic.Of(values), 0.05, share)
	}
}
