package statistics_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/examples/training/statistics"
)

func TestSpreadIsMeanAndStandardDeviation(t *testing.T) {
	t.Parallel()
	mean, deviation := statistics.Spread([]float64{1, 2, 5, 6})
	assert.Equal(t, 3.5, mean)
	assert.Equal(t, 2.06155, deviation, "six digits of the root of 4.25")
}

func TestMedianIsTheValueInTheMiddle(t *testing.T) {
	t.Parallel()
	values := []float64{9, 1, 4}
	assert.Equal(t, 4.0, statistics.Median(values))
	assert.Equal(t, []float64{9, 1, 4}, values, "the values stay in their order")
	assert.Equal(t, 2.5, statistics.Median([]float64{9, 1, 4, 1}))
}

func TestRoundKeepsSixDigits(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 0.333333, statistics.Round(1.0/3))
	assert.Equal(t, 1.23457e8, statistics.Round(123456789))
}
