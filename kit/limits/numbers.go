package limits

import "fmt"

// MaxInteger is the most that an integer of AWS's APIs holds: they have 32 bits.
const MaxInteger = 1<<31 - 1

// MinNumber and MaxNumber are the least and the greatest number that CloudWatch and Application Auto Scaling take above
// 0 (CloudWatch API reference, MetricDatum; Application Auto Scaling API reference, TargetValue).
const (
	MinNumber = 0x1p-360
	MaxNumber = 0x1p360
)

// IntegerProblem says that a whole number is more than AWS's APIs take; empty when it is not.
func IntegerProblem(n int) string {
	if n <= MaxInteger {
		return ""
	}
	return fmt.Sprintf("%d is more than %d, the most that the API takes", n, MaxInteger)
}
