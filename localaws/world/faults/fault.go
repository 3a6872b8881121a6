package faults

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// rateUnits is what a rate is counted in: whole millionths add up without rounding.
const rateUnits = 1_000_000

// fault is a rule at work.
type fault struct {
	name    string
	rule    Rule
	service string
	// resource is nil when the rule is for all resources.
	resource *regexp.Regexp
	delay    time.Duration
	// rate is in millionths.
	rate int

	mu sync.Mutex
	// matched counts the requests that the rule is for, hits those that it was applied to.
	matched, hits int
}

// newFault prepares a rule that has no problems.
func newFault(name string, rule Rule) *fault {
	f := &fault{name: name, rule: rule, service: signingName(rule.Service), rate: rateUnits}
	if rule.Resource != "" {
		f.resource = glob(rule.Resource)
	}
	if rule.Rate != nil {
		f.rate = int(math.Round(*rule.Rate * rateUnits))
	}
	// A rule without problems has a delay that can be read.
	f.delay, _ = rule.delay()
	return f
}

// glob reads a pattern in which * stands for any text, slashes too, and ? for any one character.
func glob(pattern string) *regexp.Regexp {
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)^` + quoted + `$`)
}

// matches reports whether the rule is for a request. The body is looked at only when the rest of the rule fits.
func (f *fault) matches(r *request) bool {
	return f.service == r.service &&
		(f.rule.Operation == "" || f.rule.Operation == r.operation()) &&
		(f.resource == nil || slices.ContainsFunc(r.resources(), f.resource.MatchString))
}

// take counts a request that the rule is for, and decides whether it is hit: the n-th one is when n times the rate
// reaches another whole number. Last says that the hit used up the count.
func (f *fault) take() (hit, last bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.usedUp() {
		return false, false
	}
	f.matched++
	if f.matched*f.rate/rateUnits == (f.matched-1)*f.rate/rateUnits {
		return false, false
	}
	f.hits++
	return true, f.usedUp()
}

func (f *fault) usedUp() bool { return f.rule.Count > 0 && f.hits >= f.rule.Count }

func (f *fault) ended() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.usedUp()
}

func (f *fault) report() Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return Fault{Name: f.name, Rule: f.rule, Hits: f.hits}
}
