package cron

import (
	"fmt"
	"regexp"
)

// field is one of the six fields of AWS's cron expressions.
type field struct {
	name      string
	low, high int
	// names stand for the values from low on.
	names []string
	// shift is by how much AWS counts higher than the library.
	shift int
	// whole are the forms that a field can have only as a whole; what is before their signs is a value. Examples has one
	// of each.
	whole    *regexp.Regexp
	examples string
	// any says that the field can be left open, steps that values can have a step, and wraps that a range can run on past
	// the highest value.
	any, steps, wraps bool
}

// The values and signs of each field (Amazon EventBridge user guide, "Cron expressions reference", to which the guide
// of Application Auto Scaling refers and which that of EventBridge Scheduler repeats). Of ranges that wrap there is an
// example, of hours; only days of the week have no step.
var fields = [6]field{
	{name: "minute", low: 0, high: 59, steps: true, wraps: true},
	{name: "hour", low: 0, high: 23, steps: true, wraps: true},
	{
		name: "day-of-month", low: 1, high: 31, any: true, steps: true, wraps: true,
		whole: regexp.MustCompile(`^(|L|\d+)([LW])$`), examples: ", L, LW or a workday such as 15W",
	},
	{name: "month", low: 1, high: 12, steps: true, wraps: true, names: []string{
		"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
	}},
	{
		name: "day-of-week", low: 1, high: 7, shift: 1, any: true, wraps: true,
		names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"},
		whole: regexp.MustCompile(`^(\w*?)(L|#[1-5])$`), examples: ", L, a last day such as 6L or a certain one such as 3#2",
	},
	{name: "year", low: 1970, high: 2199, steps: true},
}

// Where fields are that others depend on.
const (
	dayOfMonth = 2
	dayOfWeek  = 4
	year       = 5
)

// lastYear is the last one that the library knows.
const lastYear = 2099

// last is the highest value that the library knows.
func (f field) last() int {
	if f.high > lastYear {
		return lastYear
	}
	return f.high
}

// allowed says which values there are.
func (f field) allowed() string {
	text := fmt.Sprintf("%d-%d", f.low, f.high)
	if n := len(f.names); n > 0 {
		text += " or " + f.names[0] + "-" + f.names[n-1]
	}
	return text + f.examples
}
