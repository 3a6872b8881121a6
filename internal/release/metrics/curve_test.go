package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestIntervalsAreInTheOrderOfTheScores(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 0, interval(0))
	assert.Equal(t, 0, interval(math.Copysign(0, -1)))
	assert.Equal(t, 0, interval(math.SmallestNonzeroFloat64))
	assert.Equal(t, half-1, interval(0.5))
	assert.Equal(t, half, interval(math.Nextafter(0.5, 1)))
	assert.Equal(t, intervals-1, interval(1))
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(0, 1).Draw(t, "x"), rapid.Float64Range(0, 1).Draw(t, "y")
		if x > y {
			x, y = y, x
		}
		require.LessOrEqual(t, interval(x), interval(y))
		require.GreaterOrEqual(t, interval(x), 0)
		require.Less(t, interval(y), intervals)
		nearest := math.Min(x, 1-y)
		if interval(x) == interval(y) && nearest > 0x1p-32 {
			require.LessOrEqual(t, y-x, math.Max(math.Min(y, 1-x), nearest)/64+1e-16)
		}
	})
}

func TestTheAreaOfCountedScoresIsWrongByNoMoreThanItSays(t *testing.T) {
	t.Parallel()
	for _, sharp := range []float64{1, 4, 8} {
		exact, counted := curve{limit: 1 << 20}, curve{limit: 100}
		random := rand.New(rand.NewPCG(5, 6))
		for i := range 50_000 {
			positive := i%3 == 0
			logit := random.NormFloat64() * sharp
			if positive {
				logit += sharp
			}
			score := 1 / (1 + math.Exp(-logit))
			exact.add(score, positive)
			counted.add(score, positive)
		}
		require.Nil(t, counted.kept)
		want, wrong, ok := exact.auc()
		require.True(t, ok)
		require.Zero(t, wrong)
		have, wrong, ok := counted.auc()
		require.True(t, ok)
		assert.Positive(t, wrong)
		assert.LessOrEqual(t, math.Abs(have-want), wrong)
		assert.Less(t, wrong, 0.003, "the intervals are narrow enough to be of use")
		assert.LessOrEqual(t, len(counted.roc()), rocSteps+2)
		assert.Equal(t, Point{1, 1}, counted.roc()[len(counted.roc())-1])
	}
}

func TestScoresAreKeptUpToTheLimitOfAllCurvesTogether(t *testing.T) {
	t.Parallel()
	c, err := NewClasses([]string{"a", "b", "c", "d"}, "")
	require.NoError(t, err)
	answer := &Answer{Class: "a", Probabilities: map[string]float64{"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}}
	for range keptScores / 4 {
		require.NoError(t, c.Add("a", answer))
	}
	assert.Len(t, c.curves[3].kept, keptScores/4)
	require.NoError(t, c.Add("b", answer))
	assert.Nil(t, c.curves[3].kept)
	s, err := c.Summary()
	require.NoError(t, err)
	assert.Equal(t, 0.5, s.Values[AUC])
	assert.Equal(t, 0.5, s.AUCError, "all pairs share an interval")
}
