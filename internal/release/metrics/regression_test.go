package metrics_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/release/metrics"
)

func regressed(t require.TestingT, rows []metrics.Pair) *metrics.Summary {
	n := metrics.NewNumbers()
	for _, row := range rows {
		require.NoError(t, n.Add(row.True, &metrics.Answer{Value: row.Predicted}))
	}
	s, err := n.Summary()
	require.NoError(t, err)
	return s
}

func TestARegressionIsMeasuredAsTheFormulasSay(t *testing.T) {
	t.Parallel()
	rows := []metrics.Pair{
		{True: 3, Predicted: 2.5},
		{True: -0.5, Predicted: 0},
		{True: 2, Predicted: 2},
		{True: 7, Predicted: 8},
	}
	s := regressed(t, rows)
	// Computed in another language by their formulas.
	assert.InDeltaMapValues(t, map[string]float64{
		"rmse": 0.6123724356957945, "mae": 0.5, "r2": 0.9486081370449679,
	}, s.Values, 1e-15)
	assert.Empty(t, s.Missing)
	assert.Equal(t, rows, s.Pairs)
	assert.Equal(t, 4.0, s.Measurements()["rows"])
}

func TestLabelsThatAreAllTheSameHaveNoVarianceToExplain(t *testing.T) {
	t.Parallel()
	s := regressed(t, []metrics.Pair{{True: 0.1, Predicted: 0}, {True: 0.1, Predicted: 0.2}, {True: 0.1, Predicted: 0.1}})
	assert.Equal(t, map[string]string{"r2": "all labels are the same"}, s.Missing)
}

func TestNumbersThatOverflowAreMissing(t *testing.T) {
	t.Parallel()
	s := regressed(t, []metrics.Pair{{True: 1e300, Predicted: -1e300}, {True: 0, Predicted: 1e300}})
	assert.Equal(t, map[string]string{"rmse": "the numbers are too large", "r2": "the numbers are too large"}, s.Missing)
	assert.Equal(t, map[string]float64{"mae": 1.5e300}, s.Values)
}

func TestOnlyFiniteNumbersAreMeasured(t *testing.T) {
	t.Parallel()
	n := metrics.NewNumbers()
	assert.EqualError(t, n.Add(math.NaN(), &metrics.Answer{}), "the label NaN is not a finite number")
	assert.EqualError(t, n.Add(0, &metrics.Answer{Value: math.Inf(1)}), "the prediction +Inf is not a finite number")
	_, err := n.Summary()
	assert.ErrorIs(t, err, metrics.ErrNoRows)
}

func TestASampleOfManyRowsIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	rows := make([]metrics.Pair, 10_000)
	var sum float64
	for i := range rows {
		rows[i].True = float64(i)
	}
	s := regressed(t, rows)
	require.Len(t, s.Pairs, 2000)
	assert.Equal(t, s.Pairs, regressed(t, rows).Pairs)
	for _, pair := range s.Pairs {
		sum += pair.True
	}
	// Six standard deviations of the mean of 2,000 rows.
	assert.InDelta(t, 5000, sum/2000, 6*2887/math.Sqrt(2000))
}
