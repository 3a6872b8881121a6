package check

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Required reports an empty value as missing and says whether there is one.
func (a At) Required(value string) bool {
	if value == "" {
		a.Addf("is required")
	}
	return value != ""
}

// Unique reports each value of a list that an earlier one equals, under the member of the element that holds it; an
// empty member stands for the element itself. Empty values pass: they are unset.
func (a At) Unique(member string, values []string) {
	a.unique(member, values, func(value string) string { return value })
}

// UniqueFold is Unique for values of which AWS ignores the case.
func (a At) UniqueFold(member string, values []string) { a.unique(member, values, strings.ToLower) }

func (a At) unique(member string, values []string, identity func(string) string) {
	first := map[string]int{}
	for i, value := range values {
		j, taken := first[identity(value)]
		if !taken || value == "" {
			first[identity(value)] = i
			continue
		}
		here := a.Index(i)
		if member != "" {
			here = here.Key(member)
		}
		if value == values[j] {
			here.Addf("%q stands at %s too", value, a.Index(j).path)
		} else {
			here.Addf("%q differs from %q at %s in case only, which SageMaker ignores", value, values[j], a.Index(j).path)
		}
	}
}

// Between reports a number outside [low, high], or none at all.
func Between[N cmp.Ordered](a At, value, low, high N) {
	inside := value >= low && value <= high // neither of which NaN is
	if !inside {
		a.Addf("%v is not between %v and %v", value, low, high)
	}
}

// Seconds reports a span that is not whole seconds or is outside [low, high].
func (a At) Seconds(span, low, high time.Duration) {
	if span%time.Second != 0 {
		a.Addf("%s is not a whole number of seconds", span)
	}
	if span < low || span > high {
		a.Addf("%s is not between %s and %s", ShortSpan(span), ShortSpan(low), ShortSpan(high))
	}
}

// ShortSpan writes a span without trailing zero units: 5m, not 5m0s.
func ShortSpan(span time.Duration) string {
	text := span.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// maxSuggested is how long a value is at most, in bytes, that may be meant for another one.
const maxSuggested = 256

// DidYouMean suggests the candidate nearest to value, as a clause to append to a problem; empty when none is near.
func DidYouMean(value string, candidates []string) string {
	if len(value) > maxSuggested {
		return ""
	}
	best, bestRank := "", 2*(len(value)/3+2)
	value = strings.ToLower(value)
	for _, candidate := range candidates {
		folded := strings.ToLower(candidate)
		rank := 2 * distance(value, folded)
		if !strings.Contains(folded, value) {
			rank++ // of two that are equally near, the one that was merely cut short
		}
		if rank < bestRank {
			best, bestRank = candidate, rank
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the Levenshtein distance in bytes: names and keys are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
