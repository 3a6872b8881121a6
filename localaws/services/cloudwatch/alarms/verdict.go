package alarms

import "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

// spare is how many periods beyond those to be evaluated are read, to replace missing data points. AWS says only that
// it depends on the period; in its examples 5 data points are read for an alarm on 3.
const spare = 2

// treatment is what an alarm takes missing data points for. The empty one is treatMissing.
type treatment string

const (
	treatMissing      treatment = "missing"
	treatIgnore       treatment = "ignore"
	treatBreaching    treatment = "breaching"
	treatNotBreaching treatment = "notBreaching"
)

// mark is a data point as far as the alarm is concerned.
type mark int

const (
	missing mark = iota
	within
	breaching
)

// verdict is what the data points come to.
type verdict struct {
	// state is empty when the alarm keeps its state.
	state types.StateValue
	// used are the indexes of the data points that were evaluated.
	used []int
	// filled is how many missing data points were evaluated with them.
	filled int
}

// decide finds the state of an alarm that goes off when m of n data points breach the threshold. Marks are those of the
// evaluation range, newest first. The rules are those of "Configuring how CloudWatch alarms treat missing data".
func decide(marks []mark, n, m int, treat treatment) verdict {
	v := verdict{filled: n}
	count := map[mark]int{}
	for i, mark := range marks {
		if mark != missing && v.filled > 0 {
			v.used = append(v.used, i)
			v.filled--
			count[mark]++
		}
	}
	switch {
	case count[breaching] >= m,
		treat == treatBreaching && count[breaching]+v.filled >= m,
		treat.premature() && len(v.used) > 0 && count[within] == 0 && v.used[len(v.used)-1] >= m-1:
		v.state = types.StateValueAlarm
	case treat == treatIgnore && count[within] == 0:
		v.state = ""
	case treat.premature() && len(v.used) == 0:
		v.state = types.StateValueInsufficientData
	default:
		v.state = types.StateValueOk
	}
	return v
}

// premature reports whether fewer breaching data points than asked for can do: when they are all there is, and the
// oldest of them is old enough that the ones since would have set the alarm off had they been there.
func (t treatment) premature() bool { return t == treatMissing || t == "" }
