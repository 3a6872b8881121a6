package usage

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// all is values of all three metrics, with the disk of flowers.
func all(cpu, memory float64) map[string]float64 {
	return map[string]float64{"CPUUtilization": cpu, "MemoryUtilization": memory, "DiskUtilization": 25}
}

func TestCPUIsTheAverageSinceTheSampleBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10, 11))
		time.Sleep(time.Second)
		b.set(10, 0, 100)
		b.set(11, 15*time.Second, 50)
		// The first span is a second longer.
		assert.Equal(t, all(100*15.0/61, 15), b.minute(t))
		b.set(10, 30*time.Second, 200)
		b.set(11, 60*time.Second, 50)
		assert.Equal(t, all(125, 25), b.minute(t))
		assert.Equal(t, all(0, 25), b.minute(t))
	})
}

func TestCPUIsToldInTheWorldsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10))
		assert.NoError(t, b.clock.SetSpeed(60))
		b.set(10, 0, 0)
		b.minute(t)
		b.set(10, 45*time.Second, 0)
		assert.Equal(t, all(75, 0), b.minute(t))
	})
}

func TestWhatAContainerStartedCountsWithIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// 12 is listed and a child, and 99 is nobody's.
		b := newBench(t, flowers(10, 12))
		b.fake.tree = map[int][]int{1: {10, 99}, 10: {11, 12}, 11: {13}}
		for _, pid := range []int{10, 11, 12, 13, 99} {
			b.set(pid, 0, 10)
		}
		b.minute(t)
		for _, pid := range []int{10, 11, 12, 13, 99} {
			b.set(pid, 6*time.Second, 20)
		}
		assert.Equal(t, all(40, 8), b.minute(t))
	})
}

func TestACircleOfProcessesEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Ids are read one after the other, and one may be given to another process meanwhile.
		b := newBench(t, flowers(10))
		b.fake.tree = map[int][]int{10: {11}, 11: {10}}
		b.set(10, 0, 10)
		b.set(11, 0, 10)
		assert.Equal(t, all(0, 2), b.minute(t))
	})
}

func TestAProcessThatHasGoneIsLeftOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10, 11))
		b.set(10, time.Second, 10)
		b.set(11, time.Second, 10)
		b.minute(t)
		delete(b.fake.table, 10)
		b.set(11, 7*time.Second, 10)
		assert.Equal(t, all(10, 1), b.minute(t))
		assert.Empty(t, b.log.String())
	})
}

func TestANewProcessUnderAnOldIDCountsFromItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10))
		b.set(10, 50*time.Second, 0)
		b.minute(t)
		b.set(10, 3*time.Second, 0)
		assert.Equal(t, all(5, 0), b.minute(t))
	})
}

func TestAnOlderProcessCountsFromWhenItIsFirstSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers())
		b.set(10, time.Hour, 0)
		b.minute(t)
		b.running = []Running{flowers(10)}
		assert.Equal(t, all(0, 0), b.minute(t))
		b.set(10, time.Hour+30*time.Second, 0)
		assert.Equal(t, all(50, 0), b.minute(t))
	})
}

func TestPercentagesHaveTheirMaximum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10, 11))
		b.set(10, 0, 0)
		b.minute(t)
		b.set(10, 241*time.Second, 600)
		b.set(11, 0, 600)
		assert.Equal(t, all(400, 100), b.minute(t))
	})
}

func TestTheDiskIsWhatTheFilesTakeOfTheFullestVolume(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		sizes map[string]int64
		other Running
		want  float64
	}{
		"one volume":                 {map[string]int64{"flowers": 4 << 30}, Running{}, 20},
		"nothing in it":              {nil, Running{}, 0},
		"more than it holds":         {map[string]int64{"flowers": 21 << 30}, Running{}, 100},
		"a new fleet that is fuller": {map[string]int64{"flowers": 4 << 30, "new": 5 << 30}, Running{VolumeGB: 10}, 50},
		"a new fleet of no size":     {map[string]int64{"flowers": 1 << 30, "new": 6 << 30}, Running{}, 20},
	} {
		synctest.Test(t, func(t *testing.T) {
			other := flowers(11)
			other.Folder, other.VolumeGB = "new", c.other.VolumeGB
			b := newBench(t, flowers(10), other)
			b.fake.sizes = c.sizes
			b.set(10, 0, 0)
			assert.Equal(t, c.want, b.minute(t)["DiskUtilization"], what)
		})
	}
}

func TestAMachineWithoutFiguresIsLoggedOnceAndTheNextSampleCoversTheGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, flowers(10))
		b.set(10, 0, 10)
		b.minute(t)
		b.fake.failing = errors("no such folder")
		assert.Empty(t, b.minute(t))
		assert.Empty(t, b.minute(t))
		assert.Equal(t, "usage: no such folder\n", b.log.String())
		b.fake.failing = nil
		b.set(10, 90*time.Second, 10)
		assert.Equal(t, all(50, 1), b.minute(t))
		b.fake.failing = errors("no such folder")
		assert.Empty(t, b.minute(t))
		assert.Equal(t, "usage: no such folder\nusage: no such folder\n", b.log.String())
	})
}
