package usage

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

// runFor runs the Sampler for a span of the world's time.
func (b *bench) runFor(t *testing.T, span time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.Run(ctx)
	}()
	time.Sleep(span)
	cancel()
	<-ended
}

func TestEachKindOfContainersHasItsOwnMetrics(t *testing.T) {
	t.Parallel()
	metric := func(region, namespace, name string, dimensions ...string) metrics.Metric {
		return metrics.Metric{
			Region: region, Namespace: namespace, Name: name, Unit: "Percent", Dimensions: metrics.By(dimensions...),
		}
	}
	for kind, c := range map[string]struct {
		running Running
		want    map[metrics.Metric]float64
	}{
		"a variant on instances": {flowers(10), map[metrics.Metric]float64{
			metric("eu-west-1", "/aws/sagemaker/Endpoints", "CPUUtilization",
				"EndpointName", "flowers", "VariantName", "main"): 50,
			metric("eu-west-1", "/aws/sagemaker/Endpoints", "MemoryUtilization",
				"EndpointName", "flowers", "VariantName", "main"): 51.2,
			metric("eu-west-1", "/aws/sagemaker/Endpoints", "DiskUtilization",
				"EndpointName", "flowers", "VariantName", "main"): 25,
		}},
		"a serverless variant": {
			Running{Region: "us-east-1", Endpoint: "birds", Variant: "a", ServerlessMB: 2048, PIDs: []int{10}},
			map[metrics.Metric]float64{
				metric("us-east-1", "/aws/sagemaker/Endpoints", "MemoryUtilization",
					"EndpointName", "birds", "VariantName", "a"): 25,
			},
		},
		"a transform job": {
			Running{Region: "eu-west-1", Job: "nightly", PIDs: []int{10}},
			map[metrics.Metric]float64{
				metric("eu-west-1", "/aws/sagemaker/TransformJobs", "CPUUtilization",
					"Host", "nightly/i-dfdc52e32db96fd95"): 50,
				metric("eu-west-1", "/aws/sagemaker/TransformJobs", "MemoryUtilization",
					"Host", "nightly/i-dfdc52e32db96fd95"): 51.2,
			},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, c.running)
			time.Sleep(time.Second)
			b.set(10, 15*time.Second, 512)
			b.runFor(t, 30*time.Second)
			got := map[metrics.Metric]float64{}
			for _, p := range b.points {
				got[p.metric] = p.value
			}
			assert.Equal(t, c.want, got, kind)
			assert.Len(t, b.points, len(c.want), kind)
		})
	}
}

func TestFleetsOfOneVariantCountAsOneAndOthersApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		abroad, other := flowers(12), flowers(13)
		abroad.Region, other.Variant = "us-east-1", "shadow"
		b := newBench(t, flowers(10), flowers(11), abroad, other)
		for pid := 10; pid < 14; pid++ {
			b.set(pid, 0, 10)
		}
		time.Sleep(gap)
		b.publish()
		got := map[string]float64{}
		for _, p := range b.points {
			if p.metric.Name == "MemoryUtilization" {
				got[p.metric.Region+" "+p.metric.Dimensions[1].Value] = p.value
			}
		}
		assert.Equal(t, map[string]float64{"eu-west-1 main": 2, "us-east-1 main": 1, "eu-west-1 shadow": 1}, got)
	})
}

func TestEachMinuteOfTheClockHasOneValue(t *testing.T) {
	t.Parallel()
	for speed, reads := range map[float64]int{1: 1000, 60: 1000, 600: 1000, clock.MaxSpeed: 250} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Running{Region: "eu-west-1", Endpoint: "birds", Variant: "a", ServerlessMB: 1024})
			require.NoError(t, b.clock.SetSpeed(speed))
			// A sample can be taken at the first middle of a minute.
			time.Sleep(gap)
			first := b.clock.Now().Truncate(time.Minute)
			if !first.Add(time.Minute / 2).After(b.clock.Now()) {
				first = first.Add(time.Minute)
			}
			b.runFor(t, time.Duration(1000*float64(time.Minute)/speed))
			require.Len(t, b.points, 1000, speed)
			for i, p := range b.points {
				require.Equal(t, first.Add(time.Duration(i)*time.Minute), p.at.Truncate(time.Minute), speed)
			}
			assert.Len(t, b.fake.reads, reads, speed)
			for i := 1; i < len(b.fake.reads); i++ {
				require.GreaterOrEqual(t, b.fake.reads[i].Sub(b.fake.reads[i-1]), gap, speed)
			}
		})
	}
}

func TestAnIdleMachineIsNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.runFor(t, time.Hour)
		assert.Empty(t, b.fake.reads)
		assert.Empty(t, b.points)
	})
}
