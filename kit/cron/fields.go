package cron

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"
)

// errLate is returned for fields that are right, and whose years are all beyond the last one that the library knows.
var errLate = errors.New("its years are too late to be looked through")

// parseFields reads the fields of a cron expression in AWS's dialect.
func parseFields(text string) (*cronexpr.Expression, error) {
	parts := strings.Fields(text)
	if len(parts) != len(fields) {
		return nil, countProblem(parts)
	}
	if text != strings.TrimSpace(text) {
		return nil, errors.New("the fields must stand between the parentheses without a space before or after them")
	}
	if (parts[dayOfMonth] == "?") == (parts[dayOfWeek] == "?") {
		return nil, daysProblem(parts)
	}
	var problems []string
	translated := make([]string, len(fields))
	for i := range fields {
		var err error
		if parts[i] == "?" && fields[i].any {
			translated[i] = "*"
		} else if translated[i], err = fields[i].translate(strings.ToUpper(parts[i])); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "; "))
	}
	if translated[year] == "" {
		return nil, errLate
	}
	// The library's first field is seconds.
	expression, err := cronexpr.Parse("0 " + strings.Join(translated, " "))
	if err != nil {
		return nil, err
	}
	if expression.Next(time.Unix(0, 0).UTC().Add(-time.Second)).IsZero() {
		return nil, errors.New("there is no such date")
	}
	return expression, nil
}

// countProblem says what fields there must be, and what one of cron's own lines with five fields is in AWS's dialect.
func countProblem(parts []string) error {
	const want = "a cron expression has 6 fields (minute hour day-of-month month day-of-week year), not %d"
	if len(parts) != len(fields)-1 || slices.Contains(parts, "?") {
		return fmt.Errorf(want, len(parts))
	}
	six := append(slices.Clone(parts), "*")
	switch "*" {
	case six[dayOfWeek]:
		six[dayOfWeek] = "?"
	case six[dayOfMonth]:
		six[dayOfMonth] = "?"
	default:
		return fmt.Errorf(want, len(parts))
	}
	return fmt.Errorf(want+"%s", len(parts), meaning(six))
}

// daysProblem says that one of the fields of days must be open, and which one where that is plain.
func daysProblem(parts []string) error {
	const want = "day-of-month and day-of-week: exactly one must be ?%s"
	meant := slices.Clone(parts)
	switch {
	case parts[dayOfMonth] == "?":
		meant[dayOfMonth] = "*"
	case parts[dayOfWeek] == "*":
		meant[dayOfWeek] = "?"
	case parts[dayOfMonth] == "*":
		meant[dayOfMonth] = "?"
	default:
		return fmt.Errorf(want, "")
	}
	return fmt.Errorf(want, meaning(meant))
}

// meaning suggests fields, if they are right: a clause to append to a problem.
func meaning(parts []string) string {
	text := strings.Join(parts, " ")
	if _, err := parseFields(text); err != nil {
		return ""
	}
	return fmt.Sprintf("; did you mean \"cron(%s)\"?", text)
}

// translate writes a field as the library reads it. Text is in upper case.
func (f field) translate(text string) (string, error) {
	if f.whole != nil {
		if parts := f.whole.FindStringSubmatch(text); parts != nil {
			return f.translateWhole(text, parts[1], parts[2])
		}
	}
	if text == "*" {
		return text, nil
	}
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		values, err := f.values(part)
		if err != nil {
			return "", err
		}
		for _, value := range values {
			if value <= f.last() {
				list = append(list, strconv.Itoa(value-f.shift))
			}
		}
	}
	return strings.Join(list, ","), nil
}

// translateWhole writes the last day, workdays, and a certain one of a month's days of the week.
func (f field) translateWhole(text, before, sign string) (string, error) {
	switch {
	case before == "" && sign == "L" && f.shift > 0:
		// The last day of the week is Saturday.
		return strconv.Itoa(f.high - f.shift), nil
	case before == "" && sign == "L", before == "L" && sign == "W":
		return before + sign, nil
	}
	value, ok := f.value(before)
	if !ok || f.shift == 0 && sign != "W" {
		return "", f.problem(text)
	}
	return strconv.Itoa(value-f.shift) + sign, nil
}

// values are those of one part of a field: a value, a range or all, each of which may have a step. A range such as
// FRI-MON goes on at the lowest value.
func (f field) values(text string) ([]int, error) {
	span, stepText, stepped := strings.Cut(text, "/")
	from, to, ranged := strings.Cut(span, "-")
	first, ok := f.value(from)
	last := first
	switch {
	case span == "*":
		first, last, ok = f.low, f.high, true
	case ranged:
		var known bool
		last, known = f.value(to)
		ok = ok && known
	case stepped:
		last = f.high
	}
	step, err := f.step(stepText, stepped)
	switch {
	case !ok:
		return nil, f.problem(span)
	case err != nil:
		return nil, err
	case last < first && !f.wraps:
		return nil, fmt.Errorf("%s: the range %s ends before it begins", f.name, span)
	case last < first:
		last += f.high - f.low + 1
	}
	var values []int
	for value := first; value <= last; value += step {
		values = append(values, f.low+(value-f.low)%(f.high-f.low+1))
	}
	return values, nil
}

// step is how far a part's values are apart.
func (f field) step(text string, given bool) (int, error) {
	if !given {
		return 1, nil
	}
	if !f.steps {
		return 0, fmt.Errorf("%s takes no step, got /%s", f.name, text)
	}
	most := min(f.high, f.high-f.low+1)
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n < 1 || int(n) > most {
		return 0, fmt.Errorf("the step of %s must be 1-%d, got %q", f.name, most, text)
	}
	return int(n), nil
}

func (f field) value(text string) (int, bool) {
	if i := slices.Index(f.names, text); i >= 0 {
		return f.low + i, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err == nil && f.low <= int(n) && int(n) <= f.high
}

func (f field) problem(text string) error {
	if text == "" {
		text = "nothing"
	}
	return fmt.Errorf("%s must be %s, got %s", f.name, f.allowed(), text)
}
