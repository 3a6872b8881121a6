package scaling

import (
	"strconv"
	"time"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// bounds are what min and max must keep to, and those of every schedule.
type bounds struct {
	// least is the lowest min, and because says why where that is not plain.
	least   int
	because string
	// most is the greatest max, and mostIs what it is called; 0 where there is no such limit.
	most   int
	mostIs string
	// start is the capacity after a deployment, and startKey is where the user sets it.
	start    int
	startKey string
	// byDefault says that nobody has set it.
	byDefault bool
}

func (b bounds) check(at check.At, low, high int, schedules []Schedule) {
	if ordered := b.checkPair(at, low, high); ordered && (b.start < low || b.start > high) {
		start := strconv.Itoa(b.start)
		if b.byDefault {
			start += ", its default"
		}
		at.Addf("%s (%s) is not between min (%d) and max (%d)", b.startKey, start, low, high)
	}
	list := at.Key("schedules")
	names := make([]string, len(schedules))
	for i, s := range schedules {
		here := list.Index(i)
		names[i] = s.Name
		if here.Key("name").Required(s.Name) {
			if problem := limits.StringProblem("EndpointName", s.Name); problem != "" {
				here.Key("name").Addf("%s", problem)
			}
		}
		s.checkTime(here)
		b.checkPair(here, s.Min, s.Max)
	}
	list.Unique("name", names)
}

// checkPair checks a min and a max and reports whether they are in order.
func (b bounds) checkPair(at check.At, low, high int) bool {
	if low < b.least {
		at.Key("min").Addf("%d is less than %d%s", low, b.least, b.because)
	}
	if b.most > 0 && high > b.most {
		at.Key("max").Addf("%d is more than %s (%d)", high, b.mostIs, b.most)
	}
	for key, n := range map[string]int{"min": low, "max": high} {
		if problem := limits.IntegerProblem(n); problem != "" && (key == "min" || b.most == 0) {
			at.Key(key).Addf("%s", problem)
		}
	}
	if high < low {
		at.Key("max").Addf("%d is less than min (%d)", high, low)
	}
	return low <= high
}

// checkTarget checks what the instances of an endpoint in real time are held at.
func (s *Spec) checkTarget(at check.At) {
	given := 0
	for key, value := range map[string]*float64{
		"invocationsPerInstance": s.InvocationsPerInstance, "concurrentRequestsPerModel": s.ConcurrentRequestsPerModel,
	} {
		if value != nil {
			given++
			checkPositive(at.Key(key), *value)
		}
	}
	if s.LoadTest != nil {
		given++
		checkPositive(at.Key("loadTest").Key("maxRequestsPerSecond"), s.LoadTest.MaxRequestsPerSecond)
		if f := s.LoadTest.SafetyFactor; f != nil && !(*f >= limits.MinNumber && *f <= 1) {
			at.Key("loadTest").Key("safetyFactor").Addf("%v is not above 0 and at most 1", *f)
		}
	}
	if given != 1 {
		at.Addf("has %d targets; give exactly one of invocationsPerInstance, loadTest, concurrentRequestsPerModel", given)
	}
	if s.BacklogPerInstance != nil {
		at.Key("backlogPerInstance").Addf("never scales an endpoint in real time, which has no backlog")
	}
}

// checkBacklog checks what the instances of an asynchronous endpoint are held at.
func (s *Spec) checkBacklog(at check.At) {
	for key, given := range map[string]bool{
		"invocationsPerInstance":     s.InvocationsPerInstance != nil,
		"loadTest":                   s.LoadTest != nil,
		"concurrentRequestsPerModel": s.ConcurrentRequestsPerModel != nil,
	} {
		if given {
			at.Key(key).Addf("never scales an asynchronous endpoint, which publishes no metric of invocations; " +
				"use backlogPerInstance")
		}
	}
	if s.BacklogPerInstance != nil {
		checkPositive(at.Key("backlogPerInstance"), *s.BacklogPerInstance)
	}
}

func checkPositive(at check.At, value float64) {
	switch {
	case !(value > 0):
		at.Addf("%v is not above 0", value)
	case value < limits.MinNumber || value > limits.MaxNumber:
		at.Addf("%v is not between 2^-360 and 2^360, which is what Application Auto Scaling takes", value)
	}
}

func checkCooldowns(at check.At, in, out *time.Duration) {
	for key, cooldown := range map[string]*time.Duration{"scaleInCooldown": in, "scaleOutCooldown": out} {
		if cooldown != nil {
			at.Key(key).Seconds(*cooldown, 0, maxCooldown)
		}
	}
}
