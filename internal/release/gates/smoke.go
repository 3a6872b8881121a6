package gates

import (
	"fmt"
	"time"

	"sagehost/internal/release"
	"sagehost/kit/check"
)

// DefaultMinRequests is how many requests must have been measured before a limit of their latency means anything.
const DefaultMinRequests = 20

// What a limit of latency can be. Within the least no request comes back over a network: every measurement would break
// the limit. The most is how long SageMaker waits for a container (InvokeEndpoint): none would.
const (
	minSmokeP99 = time.Millisecond
	maxSmokeP99 = time.Minute
)

// The measurements of the smoke test. They are part of the evidence: their names stay.
const (
	SmokeCases       = "cases"
	SmokeFailed      = "failedCases"
	SmokeUnclear     = "unclearCases"
	SmokeRequests    = "requests"
	SmokeErrors      = "errors"
	SmokeP50         = "p50Ms"
	SmokeP90         = "p90Ms"
	SmokeP99         = "p99Ms"
	SmokeColdStartMs = "coldStartMs"
)

// Smoke is what the answers to golden requests must be like.
type Smoke struct {
	// P99 is the time within which 99 of 100 requests must be answered, as the client sees it. Range: 1ms to 1m.
	// Default: unset, any time will do.
	P99 *time.Duration `json:"p99"`

	// MinRequests is how many requests must have been measured for p99 to count; fewer are inconclusive. Range: 1 to
	// 100000. Default: 20.
	MinRequests *int `json:"minRequests"`
}

// Check reports what is wrong with the gate.
func (s *Smoke) Check(at check.At) {
	if s.P99 != nil && (*s.P99 < minSmokeP99 || *s.P99 > maxSmokeP99) {
		at.Key("p99").Addf("%s is not between %s and %s", check.ShortSpan(*s.P99), minSmokeP99,
			check.ShortSpan(maxSmokeP99))
	}
	if s.MinRequests != nil {
		check.Between(at.Key("minRequests"), *s.MinRequests, 1, 100_000)
		if s.P99 == nil {
			at.Key("minRequests").Addf("means nothing without p99")
		}
	}
}

// Judge holds the measurements of a smoke test against the gate.
func (s *Smoke) Judge(measured map[string]float64) Verdict {
	v := Verdict{Result: release.Pass}
	cases, failed, unclear := measured[SmokeCases], measured[SmokeFailed], measured[SmokeUnclear]
	if failed > 0 {
		v.fail(fmt.Sprintf("%s of %s cases failed", number(failed), number(cases)))
	}
	if unclear > 0 {
		v.unclear(fmt.Sprintf("%s of %s cases could not be asked", number(unclear), number(cases)))
	}
	if cases == 0 {
		v.unclear("there are no cases")
	}
	if s.P99 == nil {
		return v
	}
	limit := float64(*s.P99) / float64(time.Millisecond)
	p99, known := measured[SmokeP99]
	switch least := check.ValueOr(s.MinRequests, DefaultMinRequests); {
	case !known || measured[SmokeRequests] < float64(least):
		v.unclear(fmt.Sprintf("the latency of %s requests was measured; p99 takes %d",
			number(measured[SmokeRequests]), least))
	case p99 > limit:
		v.fail(fmt.Sprintf("p99 is %s ms; at most %s ms are allowed", number(p99), number(limit)))
	}
	return v
}
