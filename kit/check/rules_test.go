package check

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// problems are the lines that a rule reports.
func problems(rule func(At)) []string {
	at := New("x")
	rule(at)
	if err := at.Err(); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	return nil
}

func TestRequiredReportsTheEmptyValueOnly(t *testing.T) {
	t.Parallel()
	var given bool
	assert.Equal(t, []string{"x: is required"}, problems(func(at At) { given = at.Required("") }))
	assert.False(t, given)
	assert.Empty(t, problems(func(at At) { given = at.Required(" ") }))
	assert.True(t, given)
}

func TestUniqueReportsEachRepetitionWithItsFirstPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, member string
		values, want []string
	}{
		{"no values", "", nil, nil},
		{"different values", "name", []string{"a", "b", "c"}, nil},
		{"values that differ in case", "name", []string{"a", "A"}, nil},
		{"unset values", "name", []string{"", "", ""}, nil},
		{"a repetition", "name", []string{"a", "b", "a"}, []string{`x[2].name: "a" stands at x[0] too`}},
		{"a repetition of the element itself", "", []string{"a", "a"}, []string{`x[1]: "a" stands at x[0] too`}},
		{
			"three of a kind", "name",
			[]string{"a", "a", "a"},
			[]string{`x[1].name: "a" stands at x[0] too`, `x[2].name: "a" stands at x[0] too`},
		},
		{
			"two pairs", "name",
			[]string{"a", "b", "b", "a"},
			[]string{`x[2].name: "b" stands at x[1] too`, `x[3].name: "a" stands at x[0] too`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, problems(func(at At) { at.Unique(test.member, test.values) }))
		})
	}
}

func TestBetweenIncludesItsBounds(t *testing.T) {
	t.Parallel()
	for value, want := range map[int][]string{
		0:    {"x: 0 is not between 1 and 3650"},
		1:    nil,
		3650: nil,
		3651: {"x: 3651 is not between 1 and 3650"},
		-7:   {"x: -7 is not between 1 and 3650"},
	} {
		assert.Equal(t, want, problems(func(at At) { Between(at, value, 1, 3650) }), value)
	}
}

func TestSecondsTakesWholeSecondsInRange(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration][]string{
		time.Minute:              nil,
		90 * time.Second:         nil,
		time.Hour:                nil,
		59 * time.Second:         {"x: 59s is not between 1m and 1h"},
		time.Hour + time.Second:  {"x: 1h0m1s is not between 1m and 1h"},
		61500 * time.Millisecond: {"x: 1m1.5s is not a whole number of seconds"},
		-5 * time.Minute:         {"x: -5m is not between 1m and 1h"},
		time.Millisecond:         {"x: 1ms is not a whole number of seconds", "x: 1ms is not between 1m and 1h"},
	} {
		assert.Equal(t, want, problems(func(at At) { at.Seconds(span, time.Minute, time.Hour) }), span)
	}
}

func TestAShortSpanHasNoTrailingZeroUnits(t *testing.T) {
	t.Parallel()
	for want, span := range map[string]time.Duration{
		"0s":      0,
		"10s":     10 * time.Second,
		"1m":      time.Minute,
		"10m":     10 * time.Minute,
		"1m30s":   90 * time.Second,
		"1h":      time.Hour,
		"10h":     10 * time.Hour,
		"1h10m":   70 * time.Minute,
		"24h":     24 * time.Hour,
		"1h0m30s": time.Hour + 30*time.Second,
		"250ms":   250 * time.Millisecond,
		"-5m":     -5 * time.Minute,
	} {
		assert.Equal(t, want, ShortSpan(span))
	}
}

func TestAShortSpanIsTheSpan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		span := time.Duration(rapid.Int64().Draw(t, "span"))
		if rapid.Bool().Draw(t, "whole") {
			span = span.Truncate(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(t, "unit"))
		}
		parsed, err := time.ParseDuration(ShortSpan(span))
		if err != nil || parsed != span {
			t.Fatalf("%s is written %q and read as %s, %v", span, ShortSpan(span), parsed, err)
		}
	})
}

func TestTheNearestCandidateIsSuggested(t *testing.T) {
	t.Parallel()
	keys := []string{"image", "artifact", "environment", "networkIsolation"}
	for _, test := range []struct {
		name, value string
		candidates  []string
		want        string
	}{
		{"a letter too many", "imagee", keys, `; did you mean "image"?`},
		{"two letters swapped", "iamge", keys, `; did you mean "image"?`},
		{"another case", "NETWORKISOLATION", keys, `; did you mean "networkIsolation"?`},
		{"a prefix forgotten", "m5.large", []string{"ml.c5.large", "ml.m5.large"}, `; did you mean "ml.m5.large"?`},
		{"the nearer of two", "min", []string{"max", "mid"}, `; did you mean "mid"?`},
		{"the first of equals", "mix", []string{"min", "max"}, `; did you mean "min"?`},
		{"nothing near", "colour", keys, ""},
		{"nothing near a short word", "xy", []string{"min", "max"}, ""},
		{"no candidates", "image", nil, ""},
		{"the empty value is near nothing long", "", keys, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, DidYouMean(test.value, test.candidates))
		})
	}
}

func TestDistanceCountsEdits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"saturday", "sunday", 3},
		{"flaw", "lawn", 2},
		{"ab", "ba", 2},
	} {
		assert.Equal(t, test.want, distance(test.a, test.b), "%q and %q", test.a, test.b)
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	words := rapid.StringOfN(rapid.SampledFrom([]rune("abc.-")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := words.Draw(t, "a"), words.Draw(t, "b"), words.Draw(t, "c")
		ab, bc, ac := distance(a, b), distance(b, c), distance(a, c)
		if (ab == 0) != (a == b) {
			t.Fatalf("identity: distance(%q, %q) = %d", a, b, ab)
		}
		if ba := distance(b, a); ab != ba {
			t.Fatalf("symmetry: distance(%q, %q) = %d, reversed %d", a, b, ab, ba)
		}
		if ac > ab+bc {
			t.Fatalf("triangle: %q %q %q: %d > %d + %d", a, b, c, ac, ab, bc)
		}
		if low, high := max(len(a), len(b))-min(len(a), len(b)), max(len(a), len(b)); ab < low || ab > high {
			t.Fatalf("bounds: distance(%q, %q) = %d is not between %d and %d", a, b, ab, low, high)
		}
	})
}
