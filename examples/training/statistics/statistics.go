// Package statistics describes columns of numbers, in numbers that are the same on every machine.
package statistics

import (
	"math"
	"slices"
	"strconv"
)

// digits is how many significant digits rounded numbers keep. The mathematical functions of different architectures
// differ in the last bits; numbers this short do not show it.
const digits = 6

// Round keeps six significant digits.
func Round(value float64) float64 {
	// What FormatFloat writes, ParseFloat reads.
	short, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', digits, 64), 64)
	return short
}

// Spread is the mean and the standard deviation of at least one value, rounded, both in the values' unit.
func Spread(values []float64) (mean, deviation float64) {
	for _, value := range values {
		mean += value
	}
	mean /= float64(len(values))
	for _, value := range values {
		difference := value - mean
		// The conversion forbids a fused multiply-add, which only some architectures have.
		deviation += float64(difference * difference)
	}
	return Round(mean), Round(math.Sqrt(deviation / float64(len(values))))
}

// Median is the value in the middle of at least one, or the mean of the two in the middle, rounded.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return Round(sorted[middle])
	}
	return Round((sorted[middle-1] + sorted[middle]) / 2)
}
