// Package gates is what a release must have shown in one stack before it is promoted to the next, and how a measurement
// is held against that.
package gates

import (
	"slices"
	"strconv"

	"sagehost/internal/release"
)

// Verdict is what a measurement comes to.
type Verdict struct {
	// Result is fail when a limit is broken, inconclusive when too little was seen to tell, pass otherwise.
	Result release.Result
	// Reasons say why it is no pass.
	Reasons []string
}

// fail and unclear add a reason. Failing outweighs everything: more samples would not make it good.
func (v *Verdict) fail(reason string) {
	v.Result, v.Reasons = release.Fail, append(v.Reasons, reason)
}

func (v *Verdict) unclear(reason string) {
	if v.Result != release.Fail {
		v.Result = release.Inconclusive
	}
	v.Reasons = append(v.Reasons, reason)
}

// Worst is several verdicts in one: a failure outweighs what is unclear, and that a pass.
func Worst(verdicts ...Verdict) Verdict {
	all := Verdict{Result: release.Pass}
	for _, v := range verdicts {
		all.Result = release.Worse(all.Result, v.Result)
		for _, reason := range v.Reasons {
			if !slices.Contains(all.Reasons, reason) {
				all.Reasons = append(all.Reasons, reason)
			}
		}
	}
	return all
}

// number writes a measurement without trailing zeros, to a thousandth.
func number(x float64) string {
	return strconv.FormatFloat(float64(int64(x*1000+0.5))/1000, 'f', -1, 64)
}
