package loadtest

import (
	"context"
	"fmt"
	"math"
	"strings"

	"sagehost/components/scaling"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/smoke"
	"sagehost/kit/check"
)

// Target is the variant whose instances are measured.
type Target struct {
	// Endpoint is what serves.
	Endpoint *inservice.Endpoint
	// Variant is one of its variants.
	Variant inservice.Variant
}

// Choose finds the variant to measure; an empty name stands for the only one. What has no instances that answer at once
// cannot be measured.
func Choose(endpoint *inservice.Endpoint, variant string) (*Target, error) {
	names := endpoint.VariantNames()
	if variant == "" && len(names) > 1 {
		return nil, fmt.Errorf("endpoint %q has the variants %s; choose one", endpoint.Name, strings.Join(names, ", "))
	}
	for _, v := range endpoint.Variants {
		switch {
		case variant != "" && v.Name != variant:
		case endpoint.Async != nil:
			return nil, fmt.Errorf("endpoint %q is asynchronous: it scales by its backlog (backlogPerInstance)", endpoint.Name)
		case v.Serverless:
			return nil, fmt.Errorf("variant %q of endpoint %q is serverless: it has no instances to measure; it scales by "+
				"utilization (concurrencyScaling)", v.Name, endpoint.Name)
		case v.Instances < 1:
			return nil, fmt.Errorf("variant %q of endpoint %q has no instance", v.Name, endpoint.Name)
		default:
			return &Target{Endpoint: endpoint, Variant: v}, nil
		}
	}
	return nil, fmt.Errorf("endpoint %q has no variant %q; it has %s%s", endpoint.Name, variant,
		strings.Join(names, ", "), check.DidYouMean(variant, names))
}

// Sender sends the requests of cases, one after the other and over again.
func (t *Target) Sender(runtime smoke.Runtime, cases []smoke.Case) Send {
	return func(ctx context.Context, n int) error {
		_, err := runtime.InvokeEndpoint(ctx, cases[n%len(cases)].Input(t.Endpoint, t.Variant.Name))
		return err
	}
}

// Unchanged is an error when the endpoint serves something else, or from more or fewer instances, than at first: what
// was measured before and after is not the same thing.
func (t *Target) Unchanged(api inservice.SageMaker) func(context.Context) error {
	return func(ctx context.Context) error {
		now, err := inservice.Describe(ctx, api, t.Endpoint.Name)
		if err != nil {
			return err
		}
		if now.Config != t.Endpoint.Config {
			return fmt.Errorf("endpoint %q was given the configuration %s during the test", now.Name, now.Config)
		}
		for _, v := range now.Variants {
			if v.Name == t.Variant.Name && v.Instances != t.Variant.Instances {
				return fmt.Errorf("variant %q had %d instances at first and has %d; suspend its scaling during the test",
					v.Name, t.Variant.Instances, v.Instances)
			}
		}
		return nil
	}
}

// Advice is what to write into the settings.
type Advice struct {
	// MaxRequestsPerSecond is the highest rate that one instance held, rounded down to three digits.
	MaxRequestsPerSecond float64
	// SafetyFactor is the share of it to hold.
	SafetyFactor float64
	// Concurrency is how many requests one instance had under way at that share: rate × mean latency × safety factor.
	Concurrency float64
}

// Advise divides what was held among the instances.
func Advise(best *Step, instances int, safetyFactor float64) Advice {
	each := best.Rate / float64(instances)
	unit := math.Pow(10, math.Floor(math.Log10(each))-2)
	return Advice{
		// 50.2 / 0.1 is a little less than 502.
		MaxRequestsPerSecond: math.Floor(each/unit+1e-9) * unit,
		SafetyFactor:         safetyFactor,
		Concurrency:          each * best.Latency.Mean.Seconds() * safetyFactor,
	}
}

// InvocationsPerInstance is the target that follows: per instance and minute.
func (a Advice) InvocationsPerInstance() float64 {
	test := scaling.LoadTest{MaxRequestsPerSecond: a.MaxRequestsPerSecond, SafetyFactor: &a.SafetyFactor}
	return test.Target()
}

// YAML is what to paste into a variant's settings.
func (a Advice) YAML() string {
	text := fmt.Sprintf(`scaling:
  loadTest: # held at %s invocations per instance and minute
    maxRequestsPerSecond: %s
    safetyFactor: %s
`, short(a.InvocationsPerInstance()), short(a.MaxRequestsPerSecond), short(a.SafetyFactor))
	if a.Concurrency < 1 {
		return text + fmt.Sprintf("  # %.2g requests are under way then: too few to scale by (concurrentRequestsPerModel)\n",
			a.Concurrency)
	}
	return text + fmt.Sprintf("  # or, in place of loadTest, by requests under way, which reacts within seconds:\n"+
		"  # concurrentRequestsPerModel: %s\n", short(math.Floor(a.Concurrency*10)/10))
}

// short writes a number in at most six digits.
func short(x float64) string { return fmt.Sprintf("%.6g", x) }
