package alarms

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/dustin/go-humanize/english"
)

// explanation is why an alarm changes its state.
type explanation struct {
	rule    rule
	verdict verdict
	// newest is the data points of the evaluation range, newest first, and marks what they are.
	newest []datum
	marks  []mark
}

// words is the explanation as CloudWatch words it.
func (e explanation) words() string {
	r, v := e.rule, e.verdict
	if v.state == types.StateValueInsufficientData {
		return fmt.Sprintf("Insufficient Data: %s %s unknown.", english.Plural(r.evaluated, "datapoint", ""),
			verb(r.evaluated))
	}
	telling, not, needed, transition := breaching, "", r.breaching, "OK -> ALARM"
	if v.state == types.StateValueOk {
		telling, not, needed, transition = within, "not ", r.evaluated-r.breaching+1, "ALARM -> OK"
	}
	var points []string
	for _, i := range v.used {
		if e.marks[i] == telling {
			points = append(points, fmt.Sprintf("%v (%s)", javaNumber(e.newest[i].value),
				e.newest[i].start.Format("02/01/06 15:04:05")))
		}
	}
	n, periods := len(points), english.Plural(r.evaluated, "period", "")
	if len(v.used) == 0 {
		return fmt.Sprintf("Threshold Crossed: no datapoints were received for %s%s.", periods, e.treated())
	}
	if n == 0 {
		return fmt.Sprintf("Threshold Crossed: %s %s received for %s%s.",
			english.Plural(len(v.used), "datapoint", ""), verb(len(v.used)), periods, e.treated())
	}
	number, minimum := english.Plural(n, "datapoint", ""), ""
	if r.outOf {
		number = fmt.Sprintf("%d out of the last %d datapoints", n, r.evaluated)
		minimum = fmt.Sprintf(" (minimum %s for %s transition)", english.Plural(needed, "datapoint", ""), transition)
	}
	return fmt.Sprintf("Threshold Crossed: %s [%s] %s %s%s the threshold (%v)%s%s.", number, strings.Join(points, ", "),
		verb(n), not, r.words, javaNumber(r.threshold), e.treated(), minimum)
}

// treated tells what missing data points were taken for.
func (e explanation) treated() string {
	name := map[treatment]string{treatBreaching: "Breaching", treatNotBreaching: "NonBreaching"}[e.rule.missing]
	if e.verdict.filled == 0 || name == "" {
		return ""
	}
	filled := e.verdict.filled
	return fmt.Sprintf(" and %s %s treated as [%s]", english.Plural(filled, "missing datapoint", ""), verb(filled), name)
}

func verb(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
