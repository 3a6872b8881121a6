package endpoint

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/kit/check"
)

// Strategy is how traffic moves from the old instances to the new ones.
type Strategy string

// The strategies of deployment guardrails.
const (
	// AllAtOnce starts the new fleet beside the old one and moves all traffic together.
	AllAtOnce Strategy = "allAtOnce"
	// Canary moves a part of the traffic first, and the rest after a wait.
	Canary Strategy = "canary"
	// Linear moves the traffic in equal steps.
	Linear Strategy = "linear"
	// Rolling replaces instances in batches, without a second fleet.
	Rolling Strategy = "rolling"
)

// DefaultUpdateWait is how long the new instances are watched after each step: it lets the alarms, which look at whole
// minutes, see some of them.
const DefaultUpdateWait = 5 * time.Minute

// Limits of an update.
const (
	maxUpdateWait = time.Hour
	// The API takes 8 h, the provider 4 h (MaximumExecutionTimeoutInSeconds).
	minUpdateTimeout = 10 * time.Minute
	maxUpdateTimeout = 4 * time.Hour
	// providerWait is how long the provider waits for an endpoint to come into service; it is fixed. What all waits
	// together leave of it must do for instances to start, which takes some minutes.
	providerWait   = time.Hour
	startAllowance = 10 * time.Minute
	// minParts is the least number of instances of which a part is at most half.
	minParts = 2
)

// Update is how a new configuration comes into service: in steps, each followed by a wait in which alarms on the new
// instances can take the endpoint back to the old ones.
type Update struct {
	// Strategy is how the traffic moves: allAtOnce, canary (a part first, then the rest), linear (in steps) and rolling
	// (in batches without a second fleet; one variant only). All but rolling run both fleets for a while. All but
	// allAtOnce need variants of at least 2 instances: of one, the part that goes first is all.
	// Range: allAtOnce, canary, linear, rolling. Default: allAtOnce.
	Strategy Strategy `json:"strategy"`

	// CanarySize is the part that moves first. At most 50 % of each variant's instances. Required for canary, and only
	// for it.
	CanarySize *Size `json:"canarySize"`

	// StepSize is the part that moves at a time. 10 % to 50 % of each variant's instances. Required for linear, and only
	// for it.
	StepSize *Size `json:"stepSize"`

	// BatchSize is the part that is replaced at a time. 5 % to 50 % of the variant's instances. Required for rolling, and
	// only for it.
	BatchSize *Size `json:"batchSize"`

	// RollbackBatchSize is the part that is replaced at a time on the way back. At most all instances. Only for rolling.
	// Default: unset, all at once.
	RollbackBatchSize *Size `json:"rollbackBatchSize"`

	// Wait is how long the new instances are watched after each step. All waits together can be 50m: the provider gives
	// an update 60m, in which instances must start, too; with rolling, those of each batch. Range: 0s to 1h, whole
	// seconds. Default: 5m.
	Wait *time.Duration `json:"wait"`

	// TerminationWait is how long the old instances stay after all that. Not for rolling. Range: 0s to 1h, whole seconds.
	// Default: 0s.
	TerminationWait *time.Duration `json:"terminationWait"`

	// Timeout is the time after which an update that is not through is rolled back. It must exceed all waits together.
	// Range: 10m to 4h, whole seconds. Default: unset, SageMaker decides.
	Timeout *time.Duration `json:"timeout"`

	// Rollback lets alarms on the new instances end an update, and the endpoint goes back to the old ones. Without it,
	// the alarms stay and are never raised, so that it can be changed at any time. Default: true.
	Rollback *bool `json:"rollback"`

	// RollbackThresholds are what raises the alarms. A change of them does not touch the endpoint. Default: all defaults.
	RollbackThresholds RollbackThresholds `json:"rollbackThresholds"`
}

// Size is a number of instances. Exactly one of the two is required.
type Size struct {
	// Percent is a part of a variant's instances in percent, rounded up. Range: that of the part, at most 100.
	// Default: unset.
	Percent *int `json:"percent"`

	// Instances is a number of instances. Range: what is the same part of the variant's. Default: unset.
	Instances *int `json:"instances"`
}

// of is the number of instances out of so many.
func (s *Size) of(count int) int {
	if s.Instances != nil {
		return *s.Instances
	}
	return max(1, int(math.Ceil(float64(*s.Percent)*float64(count)/100)))
}

// strategy is Strategy with its default.
func (u *Update) strategy() Strategy {
	if u.Strategy == "" {
		return AllAtOnce
	}
	return u.Strategy
}

// wait is Wait with its default.
func (u *Update) wait() time.Duration { return check.ValueOr(u.Wait, DefaultUpdateWait) }

// sizes are the sizes of an update, each with the strategy that takes it and its limits in percent.
func (u *Update) sizes() []sizeRow {
	return []sizeRow{
		{"canarySize", u.CanarySize, Canary, true, 1, 50},
		{"stepSize", u.StepSize, Linear, true, 10, 50},
		{"batchSize", u.BatchSize, Rolling, true, 5, 50},
		{"rollbackBatchSize", u.RollbackBatchSize, Rolling, false, 1, 100},
	}
}

type sizeRow struct {
	key       string
	size      *Size
	strategy  Strategy
	required  bool
	low, high int
}

func (u *Update) check(at check.At, async bool, variants []Variant) {
	strategy := u.strategy()
	if !slices.Contains([]Strategy{AllAtOnce, Canary, Linear, Rolling}, strategy) {
		at.Key("strategy").Addf("%q is not one of allAtOnce, canary, linear, rolling", strategy)
		return
	}
	if strategy == Rolling && len(variants) > 1 {
		at.Key("strategy").Addf("rolling is not possible with several variants")
	}
	checkParts(at.Key("strategy"), strategy, variants)
	sound := true
	for _, row := range u.sizes() {
		here := at.Key(row.key)
		switch {
		case row.size != nil && row.strategy != strategy:
			here.Addf("belongs to the strategy %s, and this is %s", row.strategy, strategy)
		case row.size != nil:
			sound = row.check(here, variants) && sound
		case row.required && row.strategy == strategy:
			here.Addf("is required for the strategy %s", strategy)
			sound = false
		}
	}
	if u.TerminationWait != nil && strategy == Rolling {
		at.Key("terminationWait").Addf("is not possible with the strategy rolling, which keeps no old instances")
	}
	if sound {
		u.checkSpans(at, variants)
	}
	u.checkAlarms(at, async, variants)
}

// checkParts reports variants of which no part can go first. The greatest part is half of the instances (CanarySize,
// LinearStepSize, MaximumBatchSize).
func checkParts(at check.At, strategy Strategy, variants []Variant) {
	for i := range variants {
		v := &variants[i]
		if strategy != AllAtOnce && v.Serverless == nil && v.InstanceCount() < minParts {
			at.Addf("%s replaces a part of the instances first, and variant %q has %d; give it an initialInstanceCount of at "+
				"least %d, or use allAtOnce", strategy, v.Name, v.InstanceCount(), minParts)
		}
	}
}

// check reports a size out of bounds, and says whether there was none.
func (r *sizeRow) check(at check.At, variants []Variant) bool {
	percent, instances := r.size.Percent, r.size.Instances
	switch {
	case (percent == nil) == (instances == nil):
		at.Addf("takes exactly one of percent and instances")
		return false
	case percent != nil:
		check.Between(at.Key("percent"), *percent, r.low, r.high)
		return *percent >= r.low && *percent <= r.high
	case *instances < 1:
		at.Key("instances").Addf("%d is less than 1", *instances)
		return false
	}
	for i := range variants {
		count := variants[i].InstanceCount()
		if part := 100 * float64(*instances) / float64(count); part < float64(r.low) || part > float64(r.high) {
			at.Key("instances").Addf("%d is not between %d %% and %d %% of the %s of variant %q",
				*instances, r.low, r.high, english.Plural(count, "instance", ""), variants[i].Name)
			return false
		}
	}
	return true
}

// checkSpans reports waits and timeouts out of bounds. The sizes must be sound.
func (u *Update) checkSpans(at check.At, variants []Variant) {
	termination := check.ValueOr(u.TerminationWait, 0)
	at.Key("wait").Seconds(u.wait(), 0, maxUpdateWait)
	at.Key("terminationWait").Seconds(termination, 0, maxUpdateWait)
	total := u.waits(variants)
	byDefault := ""
	if u.Wait == nil {
		byDefault = fmt.Sprintf(", of which each step waits %s by default", check.ShortSpan(DefaultUpdateWait))
	}
	if most := providerWait - startAllowance; max(u.wait(), termination) <= maxUpdateWait && total > most {
		at.Addf("all waits together are %s%s; at most %s leave instances time to start before the provider gives up after %s",
			check.ShortSpan(total), byDefault, check.ShortSpan(most), check.ShortSpan(providerWait))
	}
	if u.Timeout == nil {
		return
	}
	at.Key("timeout").Seconds(*u.Timeout, minUpdateTimeout, maxUpdateTimeout)
	if *u.Timeout >= minUpdateTimeout && *u.Timeout <= total {
		at.Key("timeout").Addf("%s is not more than all waits together (%s%s): wait, once a step, and terminationWait",
			check.ShortSpan(*u.Timeout), check.ShortSpan(total), byDefault)
	}
}

// waits are all waits of an update together: one after each step, and the one before the old instances go.
func (u *Update) waits(variants []Variant) time.Duration {
	steps := 1
	for i := range variants {
		count := max(1, variants[i].InstanceCount())
		switch u.strategy() {
		case Canary:
			steps = 2
		case Linear:
			steps = max(steps, ceilDiv(count, u.StepSize.of(count)))
		case Rolling:
			steps = max(steps, ceilDiv(count, u.BatchSize.of(count)))
		case AllAtOnce:
		}
	}
	return time.Duration(steps)*u.wait() + check.ValueOr(u.TerminationWait, 0)
}

func ceilDiv(n, by int) int { return (n + by - 1) / by }
