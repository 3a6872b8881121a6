package alarms

import (
	"fmt"
	"slices"
	"time"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Check reports thresholds at which an alarm could never go off, or always would, and those of which these variants of
// one endpoint have no metric. Without variants, the thresholds are those of an endpoint in real time.
func (s *Spec) Check(at check.At, variants ...Variant) {
	watched := map[string]bool{}
	for i := range variants {
		for _, r := range rows(s, &variants[i]) {
			watched[r.setting] = true
		}
	}
	for _, r := range endpointRows(s, variants) {
		watched[r.setting] = true
	}
	for _, t := range s.thresholds(asynchronous(variants)) {
		switch {
		case !t.given:
		case t.problem != "":
			at.Key(t.key).Addf("%s", t.problem)
		case len(variants) > 0 && !watched[t.key]:
			at.Key(t.key).Addf("is of a metric that SageMaker does not publish for this endpoint; leave it out")
		}
	}
}

// threshold is a setting that may be given, and what is wrong with it; empty when nothing is.
type threshold struct {
	key     string
	given   bool
	problem string
}

func (s *Spec) thresholds(asynchronous bool) []threshold {
	slowest := maxLatency
	if asynchronous {
		slowest = maxAsynchronousLatency
	}
	return []threshold{
		share("errorRate5xx", s.ErrorRate5XX, 1),
		share("errorRate4xx", s.ErrorRate4XX, 1),
		span("modelLatency", s.ModelLatency, minLatency, slowest),
		span("overheadLatency", s.OverheadLatency, minLatency, maxLatency),
		share("cpuUtilization", s.CPUUtilization, 100),
		share("memoryUtilization", s.MemoryUtilization, 100),
		share("diskUtilization", s.DiskUtilization, 100),
		span("containerLatency", s.ContainerLatency, minLatency, maxLatency),
		ratio("modelCacheHit", s.ModelCacheHit),
		span("modelLoadingWait", s.ModelLoadingWait, minLatency, maxLatency),
		count("modelUnloads", s.ModelUnloads),
		share("concurrencyUtilization", s.ConcurrencyUtilization, 1),
		share("provisionedConcurrencyUtilization", s.ProvisionedConcurrencyUtilization, 1),
		lasting("spillover", s.Spillover, time.Minute, maxRange),
		span("oldestRequest", s.OldestRequest, minAge, maxAge),
		lasting("backlogWithoutCapacity", s.BacklogWithoutCapacity, time.Minute, maxRange),
		count("expiredRequests", s.ExpiredRequests),
		count("failedRequests", s.FailedRequests),
		lasting("idle", s.Idle, time.Hour, maxHourlyRange),
	}
}

// share is a part of a whole, in the unit of which the whole is so many.
func share(key string, value *float64, whole float64) threshold {
	t := threshold{key: key, given: value != nil}
	if t.given && !(*value >= limits.MinNumber && *value < whole) {
		t.problem = fmt.Sprintf("%v is not above 0 and below %v", *value, whole)
	}
	return t
}

// ratio is a part of a whole below which an alarm goes off.
func ratio(key string, value *float64) threshold {
	t := threshold{key: key, given: value != nil}
	if t.given && !(*value >= limits.MinNumber && *value <= 1) {
		t.problem = fmt.Sprintf("%v is not above 0 and at most 1", *value)
	}
	return t
}

func span(key string, value *time.Duration, least, below time.Duration) threshold {
	t := threshold{key: key, given: value != nil}
	if t.given && (*value < least || *value >= below) {
		limit := check.ShortSpan(below)
		if below == maxLatency {
			limit = "60s"
		}
		t.problem = fmt.Sprintf("%s is not at least %s and below %s", check.ShortSpan(*value), check.ShortSpan(least), limit)
	}
	return t
}

func count(key string, value *int) threshold {
	t := threshold{key: key, given: value != nil}
	switch {
	case !t.given:
	case *value < 0:
		t.problem = fmt.Sprintf("%d is less than 0", *value)
	default:
		t.problem = limits.IntegerProblem(*value)
	}
	return t
}

// lasting is how long something has to go on, in whole periods of an alarm.
func lasting(key string, value *time.Duration, period, longest time.Duration) threshold {
	t := threshold{key: key, given: value != nil}
	switch {
	case !t.given:
	case *value < period || *value > longest:
		t.problem = fmt.Sprintf("%s is not between %s and %s",
			check.ShortSpan(*value), check.ShortSpan(period), check.ShortSpan(longest))
	case *value%period != 0:
		t.problem = fmt.Sprintf("%s is not a multiple of %s", check.ShortSpan(*value), check.ShortSpan(period))
	}
	return t
}

// checkVariants reports what would leave alarms without a sensible threshold, or without a metric.
func checkVariants(list check.At, variants []Variant) {
	if len(variants) == 0 {
		list.Addf("has 0 entries; at least 1 is required")
	}
	for i := range variants {
		v, at := &variants[i], list.Index(i)
		switch {
		case v.Serverless != nil:
			v.checkServerless(at)
		case !v.InstanceType.IsHosting():
			at.Key("instanceType").Addf("%q is not a SageMaker hosting instance type%s", v.InstanceType,
				check.DidYouMean(string(v.InstanceType), limits.HostingInstanceTypes()))
		}
		if v.Asynchronous != variants[0].Asynchronous {
			at.Key("asynchronous").Addf("differs from that of the first variant; an endpoint is asynchronous or is not")
		}
		at.Key("containers").Unique("", v.Containers)
	}
}

// checkServerless reports what SageMaker does not serve without instances.
func (v *Variant) checkServerless(at check.At) {
	for key, given := range map[string]bool{
		"instanceType": v.InstanceType != "", "maxInstances": v.MaxInstances != 0, "asynchronous": v.Asynchronous,
		"containers": len(v.Containers) > 0, "multiModel": v.MultiModel,
	} {
		if given {
			at.Key(key).Addf("is not possible for a serverless variant")
		}
	}
}

func asynchronous(variants []Variant) bool {
	return slices.ContainsFunc(variants, func(v Variant) bool { return v.Asynchronous })
}
