package promotion

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
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
	// again renders the commands that measure again.
	again remeasure.Gate
}

// verdicts are what the demanded gates say. The evidence of a gate is the latest one: what was measured before it does
// not count any more, whichever was better.
func (j *judge) verdicts(d *gates.Demands) []Verdict {
	var list []Verdict
	if d.Smoke != nil {
		list = append(list, j.hold(gates.GateSmoke, j.again.Smoke(), func(e *release.Evidence) gates.Verdict {
			return d.Smoke.Judge(e.Measurements)
		}))
	}
	if d.Evaluation != nil {
		list = append(list, j.evaluate(d.Evaluation))
	}
	if d.Bake != nil {
		list = append(list, j.hold(gates.GateBake, j.again.Bake(d.Bake), func(e *release.Evidence) gates.Verdict {
			return d.Bake.Judge(e.Measurements)
		}))
	}
	return list
}

// hold holds the latest evidence of a gate against the limits of the stack that the release is to go to: they need not
// be those with which it was measured. Again is the command that measures again.
func (j *judge) hold(gate, again string, limits func(*release.Evidence) gates.Verdict) Verdict {
	v := j.held(gate, limits)
	if v.Result == release.Inconclusive {
		v.Decide = again
	}
	return v
}

func (j *judge) held(gate string, limits func(*release.Evidence) gates.Verdict) Verdict {
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
	judged := limits(e)
	// What was measured without limits is judged by those of the stack alone.
	v.Result = judged.Result
	if e.Result != release.Measured {
		v.Result = release.Worse(e.Result, judged.Result)
	}
	if len(judged.Reasons) > 0 {
		v.Detail = strings.Join(judged.Reasons, "; ")
	}
	return v
}

// evaluate applies limits of metrics. Where the stack names no release yet, there is nothing to compare with, and only
// the absolute limits count.
func (j *judge) evaluate(limits gates.Evaluation) Verdict {
	if j.production == nil {
		limits = limits.Absolute()
	}
	var again string
	v := j.held(gates.GateEvaluation, func(e *release.Evidence) gates.Verdict {
		judged := limits.Judge(*gates.MeasuredIn(e), gates.Baseline(j.production, e.Data, j.aws, j.from, j.to))
		if judged.Result == release.Measured {
			judged.Reason = "measured; the stack names no release yet to compare with"
		}
		said := gates.Verdict{Result: judged.Result}
		if judged.Reason != "" {
			said.Reasons = append(said.Reasons, judged.Reason)
		}
		for _, finding := range judged.Findings {
			said.Reasons = append(said.Reasons, finding.Detail)
		}
		if judged.LacksBaseline() {
			again = j.again.Baseline(e.Arguments)
		}
		return said
	})
	if v.Result == release.Inconclusive {
		v.Decide = cmp.Or(again, j.again.Evaluation(j.arguments()))
	}
	return v
}

// arguments are those of the latest evaluation of the release, wherever it was, or else of the release in production.
func (j *judge) arguments() []string {
	var latest *release.Evidence
	for _, r := range []*release.Release{j.release, j.production} {
		if r == nil || latest != nil {
			continue
		}
		for i := range r.Evidence {
			e := &r.Evidence[i]
			if e.Gate == gates.GateEvaluation && len(e.Arguments) > 0 && (latest == nil || !e.At.Before(latest.At)) {
				latest = e
			}
		}
	}
	if latest == nil {
		return nil
	}
	return latest.Arguments
}

// missing says that there is no evidence of a gate that counts.
func (j *judge) missing(gate string) string {
	said := fmt.Sprintf("there is no evidence from stack %s of release %s", j.from, release.Short(j.release.ID))
	if e := j.release.Latest(gate, j.from, false); e != nil {
		said += fmt.Sprintf(" on AWS; that of %s is from the local AWS", stamp(e.At))
	}
	return said
}
