package metrics

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/localaws/world/clock"
)

// noon is when the tests take place.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

var latency = Metric{
	Region: "eu-west-1", Namespace: Invocations, Name: "ModelLatency", Unit: Microseconds,
	Dimensions: By("EndpointName", "flowers", "VariantName", "main"),
}

func recorderAt(at time.Time) *Recorder {
	return NewRecorder(Options{Clock: clock.New(at), Log: &strings.Builder{}})
}

// move sets the clock, which stands still as far as tests can tell.
func (r *Recorder) move(at time.Time) { r.options.Clock = clock.New(at) }

func TestValuesAreSummedUpByMinute(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon.Add(10 * time.Second))
	r.Add(latency, 3)
	r.Add(latency, -1)
	r.move(noon.Add(59 * time.Second))
	r.Add(latency, 7)
	r.move(noon.Add(2 * time.Minute))
	r.Add(latency, 5)
	want := []Point{
		{Start: noon, Count: 3, Sum: 9, Min: -1, Max: 7},
		{Start: noon.Add(2 * time.Minute), Count: 1, Sum: 5, Min: 5, Max: 5},
	}
	assert.Equal(t, want, r.Series(latency, noon, noon.Add(time.Hour)))
	assert.Equal(t, want[:1], r.Series(latency, noon, noon.Add(2*time.Minute)), "the end is left out")
	assert.Equal(t, want[1:], r.Series(latency, noon.Add(time.Second), noon.Add(time.Hour)))
	assert.Empty(t, r.Series(latency, noon.Add(time.Hour), noon))
}

func TestTheOrderOfDimensionsDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	turned := latency
	turned.Dimensions = By("VariantName", "main", "EndpointName", "flowers")
	r.Add(latency, 1)
	r.Add(turned, 2)
	turned.Unit = ""
	for _, metric := range []Metric{latency, turned} {
		assert.Equal(t, []Point{{Start: noon, Count: 2, Sum: 3, Min: 1, Max: 2}}, r.Series(metric, noon, noon.Add(time.Hour)))
	}
	turned.Unit = Seconds
	assert.Empty(t, r.Series(turned, noon, noon.Add(time.Hour)))
	turned.Unit, turned.Region = "", "us-east-1"
	assert.Empty(t, r.Series(turned, noon, noon.Add(time.Hour)))
}

func TestWhatCloudWatchRefusesIsLeftOut(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	for _, value := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		r.Add(latency, value)
	}
	assert.Empty(t, r.Series(latency, noon, noon.Add(time.Hour)))
}

func TestThreeHoursAreKept(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	for minute := range 300 {
		r.move(noon.Add(time.Duration(minute) * time.Minute))
		r.Add(latency, 1)
	}
	points := r.Series(latency, noon, noon.Add(24*time.Hour))
	assert.Len(t, points, 181)
	assert.Equal(t, noon.Add(119*time.Minute), points[0].Start)
	assert.LessOrEqual(t, cap((*r.index.Load())[latency].points), 512)
}

func TestAMetricWithoutValuesIsForgotten(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	r.Add(latency, 1)
	held := (*r.index.Load())[latency]
	r.retire(noon.Add(Kept))
	assert.NotEmpty(t, *r.index.Load())
	r.retire(noon.Add(Kept + time.Minute))
	assert.Empty(t, *r.index.Load())
	assert.False(t, held.add(1, r.options.Clock.Now), "who still holds the series must look for the new one")
	r.Add(latency, 2)
	assert.Equal(t, []Point{{Start: noon, Count: 1, Sum: 2, Min: 2, Max: 2}}, r.Series(latency, noon, noon.Add(time.Hour)))
}

func TestTheNamespacesOfTheFakesAreKnown(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	for namespace, want := range map[string]bool{
		"AWS/SageMaker": true, "/aws/sagemaker/Endpoints": true, "/aws/sagemaker/TransformJobs": true,
		"AWS/Scheduler": true, "AWS/Events": true, "AWS/States": true, "AWS/SNS": false,
	} {
		assert.Equal(t, want, r.Knows(namespace), namespace)
	}
}

func TestNoValueIsLostAmongGoroutines(t *testing.T) {
	t.Parallel()
	r := recorderAt(noon)
	require.NoError(t, r.options.Clock.SetSpeed(clock.MaxSpeed))
	var workers sync.WaitGroup
	for worker := range 8 {
		workers.Go(func() {
			for i := range 1000 {
				metric := latency
				metric.Dimensions = By("EndpointName", fmt.Sprint(i%10))
				r.Add(metric, float64(worker))
			}
		})
	}
	workers.Wait()
	for i := range 10 {
		metric := latency
		metric.Dimensions = By("EndpointName", fmt.Sprint(i))
		var count, sum float64
		last := time.Time{}
		for _, point := range r.Series(metric, noon, noon.Add(Kept)) {
			assert.True(t, point.Start.After(last), "one point for each minute, in order")
			count, sum, last = count+point.Count, sum+point.Sum, point.Start
		}
		assert.InDelta(t, 800, count, 0)
		assert.InDelta(t, 100*(0+1+2+3+4+5+6+7), sum, 0)
	}
}

func TestAMinuteIsTheSumOfItsValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 50).Draw(t, "values")
		r := recorderAt(noon)
		want := Point{Start: noon, Min: math.Inf(1), Max: math.Inf(-1)}
		for _, value := range values {
			r.Add(latency, value)
			want.Count, want.Sum = want.Count+1, want.Sum+value
			want.Min, want.Max = min(want.Min, value), max(want.Max, value)
		}
		assert.Equal(t, []Point{want}, r.Series(latency, noon, noon.Add(time.Minute)))
	})
}

//nolint:paralleltest // Allocations of other tests would be counted.
func TestAKnownMetricCostsNoMemory(t *testing.T) {
	r := recorderAt(noon)
	r.Add(latency, 1)
	assert.Zero(t, testing.AllocsPerRun(1000, func() { r.Add(latency, 1) }))
}

func BenchmarkAdd(b *testing.B) {
	r := recorderAt(noon)
	for i := range 100 {
		metric := latency
		metric.Name += fmt.Sprint(i)
		r.Add(metric, 1)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r.Add(latency, 1)
		}
	})
}
