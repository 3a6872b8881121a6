package cron

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"
)

// field is one of the six fields of AWS's cron expressions.
type field struct {
	name      string
	low, high int
	// names stand for the values from low on.
	names []string
	// shift is by how much AWS counts higher than the library.
	shift int
	// whole are the forms that a field can have only as a whole; what is before their signs is a value.
	whole *regexp.Regexp
	// steps says that values can have a step; ends that a range can run on past the highest value.
	steps, ends bool
}

// The values and signs of each field (Amazon EventBridge user guide, "Cron expressions reference", which the guides of
// Application Auto Scaling and of EventBridge Scheduler agree with). AWS's years go on to 2199, the library's end in
// 2099.
var fields = [6]field{
	{name: "minutes", low: 0, high: 59, steps: true, ends: true},
	{name: "hours", low: 0, high: 23, steps: true, ends: true},
	{name: "day-of-month", low: 1, high: 31, steps: true, ends: true, whole: regexp.MustCompile(`^(|L|\d+)([LW])$`)},
	{name: "month", low: 1, high: 12, steps: true, ends: true, names: []string{
		"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
	}},
	{
		name: "day-of-week", low: 1, high: 7, shift: 1, ends: true, whole: regexp.MustCompile(`^(\w*?)(L|#[1-5])$`),
		names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"},
	},
	{name: "year", low: 1970, high: 2099, steps: true},
}

// Where the two fields of days are.
const (
	dayOfMonth = 2
	dayOfWeek  = 4
)

// parseFields reads the fields of a cron expression in AWS's dialect.
func parseFields(text string) (*cronexpr.Expression, error) {
	parts := strings.Fields(text)
	if len(parts) != len(fields) {
		return nil, fmt.Errorf("a cron expression has %d fields, not %d", len(fields), len(parts))
	}
	if (parts[dayOfMonth] == "?") == (parts[dayOfWeek] == "?") {
		return nil, fmt.Errorf("exactly one of day-of-month and day-of-week must be ?")
	}
	for i, f := range fields {
		translated, ok := f.translate(strings.ToUpper(parts[i]))
		if anyDay := parts[i] == "?" && (i == dayOfMonth || i == dayOfWeek); anyDay {
			translated, ok = "*", true
		}
		if !ok {
			return nil, fmt.Errorf("%q is not a value for %s", parts[i], f.name)
		}
		parts[i] = translated
	}
	// The library's first field is seconds.
	expression, err := cronexpr.Parse("0 " + strings.Join(parts, " "))
	if err != nil {
		return nil, err
	}
	if expression.Next(time.Unix(0, 0).UTC().Add(-time.Second)).IsZero() {
		return nil, fmt.Errorf("there is no such date")
	}
	return expression, nil
}

// translate writes a field as the library reads it.
func (f field) translate(text string) (string, bool) {
	if f.whole != nil {
		if parts := f.whole.FindStringSubmatch(text); parts != nil {
			return f.translateWhole(parts[1], parts[2])
		}
	}
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		translated, ok := f.translatePart(part)
		if !ok {
			return "", false
		}
		list = append(list, translated)
	}
	return strings.Join(list, ","), true
}

// translateWhole writes the last day, workdays, and a certain one of a month's days of the week.
func (f field) translateWhole(before, sign string) (string, bool) {
	switch {
	case f.shift == 0 && before == "":
		return sign, sign == "L"
	case f.shift == 0 && before == "L":
		return "LW", sign == "W"
	case before == "" && sign == "L":
		// The last day of the week is Saturday.
		return strconv.Itoa(f.high - f.shift), true
	}
	value, ok := f.value(before)
	return strconv.Itoa(value-f.shift) + sign, ok && (f.shift > 0 || sign == "W")
}

// translatePart writes a value, a range or all values, each of which may have a step.
func (f field) translatePart(text string) (string, bool) {
	span, step, stepped := strings.Cut(text, "/")
	if stepped {
		n, err := strconv.ParseUint(step, 10, 8)
		if err != nil || !f.steps || n == 0 || int(n) > f.high {
			return "", false
		}
		step = "/" + strconv.Itoa(int(n))
	}
	if span == "*" {
		return "*" + step, true
	}
	from, to, ranged := strings.Cut(span, "-")
	first, ok := f.value(from)
	if !ok || !ranged {
		return strconv.Itoa(first-f.shift) + step, ok
	}
	last, ok := f.value(to)
	write := func(a, b int) string { return fmt.Sprintf("%d-%d", a-f.shift, b-f.shift) }
	switch {
	case !ok:
		return "", false
	case first <= last:
		return write(first, last) + step, true
	default:
		// A range such as FRI-MON goes on at the lowest value.
		return write(first, f.high) + "," + write(f.low, last), f.ends && !stepped
	}
}

func (f field) value(text string) (int, bool) {
	if i := slices.Index(f.names, text); i >= 0 {
		return f.low + i, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err == nil && f.low <= int(n) && int(n) <= f.high
}
