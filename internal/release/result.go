package release

import (
	"slices"
	"strings"

	"sagehost/kit/check"
)

// Result is how a measurement ended.
type Result string

// The results. A measurement that saw too little, such as alarms without traffic, is inconclusive: it is no pass. One
// that no limit was applied to is measured: it is no pass either, until a gate holds its numbers against limits.
const (
	Pass         Result = "pass"
	Measured     Result = "measured"
	Inconclusive Result = "inconclusive"
	Fail         Result = "fail"
)

// Results are all results, from the best to the worst.
func Results() []Result { return []Result{Pass, Measured, Inconclusive, Fail} }

// Worse is the worst of several results; without any it is a pass.
func Worse(results ...Result) Result {
	worst := Pass
	for _, result := range results {
		if slices.Index(Results(), result) > slices.Index(Results(), worst) {
			worst = result
		}
	}
	return worst
}

// CheckResult reports a result that is missing or unknown.
func CheckResult(at check.At, result Result) {
	names := make([]string, len(Results()))
	for i, known := range Results() {
		names[i] = string(known)
	}
	if at.Required(string(result)) && !slices.Contains(Results(), result) {
		at.Addf("%q is not one of %s%s", result, strings.Join(names, ", "), check.DidYouMean(string(result), names))
	}
}
