package promotion

import (
	"fmt"
	"strings"
	"time"

	"sagehost/internal/check"
	"sagehost/internal/gates"
	"sagehost/internal/release"
)

// skew is how far the clocks of two machines may be apart.
const skew = 5 * time.Minute

// judge is a release before the gates of a stack.
type judge struct {
	release *release.Release
	// production is the release that the stack names now; nil where it names none.
	production *release.Release
	// from is the stack that evidence must come from, and to the one whose gates these are.
	from, to string
	// aws leaves out what was measured on the local AWS.
	aws    bool
	now    time.Time
	maxAge time.Duration
}

// verdicts are what the demanded gates say. The evidence of a gate is the latest one: what was measured before it does
// not count any more, whichever was better.
func (j *judge) verdicts(d *gates.Demands) []Verdict {
	var list []Verdict
	if d.Smoke != nil {
		list = append(list, j.hold(gates.GateSmoke, func(e *release.Evidence) (release.Result, []string) {
			v := d.Smoke.Judge(e.Measurements)
			return v.Result, v.Reasons
		}))
	}
	if d.Evaluation != nil {
		list = append(list, j.hold(gates.GateEvaluation, j.evaluate(d.Evaluation)))
	}
	if d.Bake != nil {
		list = append(list, j.hold(gates.GateBake, func(e *release.Evidence) (release.Result, []string) {
			v := d.Bake.Judge(e.Measurements)
			return v.Result, v.Reasons
		}))
	}
	return list
}

// hold holds the latest evidence of a gate against the limits of the stack that the release is to go to: they need not
// be those with which it was measured.
func (j *judge) hold(gate string, limits func(*release.Evidence) (release.Result, []string)) Verdict {
	e := j.release.Latest(gate, j.from, j.aws)
	if e == nil {
		return Verdict{Gate: gate, Result: release.Inconclusive, Detail: j.missing(gate)}
	}
	v := Verdict{Gate: gate, Result: e.Result, At: e.At.UTC(), Detail: e.Detail}
	age := j.now.Sub(e.At)
	switch {
	case age > j.maxAge:
		v.Result = release.Inconclusive
		v.Detail = fmt.Sprintf("the evidence is %s old, at most %s are allowed; measure again",
			check.ShortSpan(age.Truncate(time.Minute)), check.ShortSpan(j.maxAge))
		return v
	case age < -skew:
		v.Result = release.Inconclusive
		v.Detail = "the evidence is from the future, " + e.At.UTC().Format(time.RFC3339)
		return v
	}
	result, said := limits(e)
	// What was measured without limits is judged by those of the stack alone.
	v.Result = result
	if e.Result != release.Measured {
		v.Result = release.Worse(e.Result, result)
	}
	if len(said) > 0 {
		v.Detail = strings.Join(said, "; ")
	}
	return v
}

// evaluate applies limits of metrics. Where the stack names no release yet, there is nothing to compare with, and only
// the absolute limits count.
func (j *judge) evaluate(limits gates.Evaluation) func(*release.Evidence) (release.Result, []string) {
	return func(e *release.Evidence) (release.Result, []string) {
		if j.production == nil {
			limits = limits.Absolute()
		}
		judged := limits.Judge(*gates.MeasuredIn(e), gates.Baseline(j.production, e.Data, j.aws, j.from, j.to))
		var said []string
		if judged.Result == release.Measured {
			judged.Reason = "measured; the stack names no release yet to compare with"
		}
		if judged.Reason != "" {
			said = append(said, judged.Reason)
		}
		for _, finding := range judged.Findings {
			said = append(said, finding.Detail)
		}
		return judged.Result, said
	}
}

// missing says that there is no evidence of a gate that counts.
func (j *judge) missing(gate string) string {
	said := fmt.Sprintf("there is no evidence from stack %s of release %s", j.from, release.Short(j.release.ID))
	if e := j.release.Latest(gate, j.from, false); e != nil {
		said += fmt.Sprintf(" on AWS; that of %s is from the local AWS", stamp(e.At))
	}
	return said
}
