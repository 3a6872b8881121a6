// Package autoscaling is a fake of Application Auto Scaling for the namespace of SageMaker. It keeps scalable targets,
// policies and scheduled actions, has CloudWatch watch what policies track, and scales what it can reach: variants of
// endpoints, by policies whose alarms ring, by schedule, and when a target's bounds change.
package autoscaling

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

// APIVersion is the version of the API that the fake speaks.
const APIVersion = "2016-02-06"

// namespace is the one that the fake answers for.
const namespace = "sagemaker"

// Endpoints is what the fake asks of SageMaker.
type Endpoints interface {
	// Variant says which instance type a variant runs on, empty for a serverless one, whether its endpoint answers
	// asynchronously, and whether there is such a variant.
	Variant(region, endpoint, variant string) (instanceType string, async, found bool)
}

// Options says how to make a Fake.
type Options struct {
	// Clock tells the time.
	Clock     func() time.Time
	Endpoints Endpoints
	// Scaler changes capacities. With none, nothing is scaled.
	Scaler Scaler
	// CloudWatch is where the alarms of a region are kept. With none, policies have no alarms.
	CloudWatch func(region string) CloudWatch
	// Pace is the clock that Run sleeps by; it should be the one behind Clock. With none, Run sleeps by the world's.
	Pace *clock.Clock
	// State is where all that the fake knows is kept; empty keeps nothing.
	State state.Dir
	// Other takes the requests for other namespaces and for operations that the fake does not know.
	Other http.Handler
	Log   io.Writer
}

// Fake answers Application Auto Scaling requests. Regions are apart from each other.
type Fake struct {
	awsjson.Service
	options Options

	// policing is held by changes of policies, which ask CloudWatch, and scaling by what asks SageMaker to scale. Both
	// are taken before mu, which is never held while another service is asked: SageMaker calls in with its own lock
	// held.
	policing, scaling sync.Mutex

	mu         sync.Mutex
	targets    map[key]*target
	activities []activity
	// doomed are the alarms to delete, by region.
	doomed map[string][]string
}

// New makes a Fake without scalable targets.
func New(options Options) *Fake {
	if options.Pace == nil {
		options.Pace = clock.New(options.Clock())
	}
	f := &Fake{options: options, targets: map[key]*target{}, doomed: map[string][]string{}}
	f.Service = awsjson.Service{
		Prefix: "AnyScaleFrontendService", Operations: f.operations(), Mine: mine, Other: options.Other, Log: options.Log,
	}
	return f
}

// mine leaves other namespaces to others. Requests about tags name none: they are for the fake.
func mine(c awsjson.Call) bool {
	theirs, named := c.Input["ServiceNamespace"].(string)
	return !named || theirs == namespace
}

// Registered reports whether a variant of an endpoint is a scalable target in any dimension.
func (f *Fake) Registered(region, endpoint, variant string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.targets {
		if k.Region == region && k.Resource == variantResource(endpoint, variant) {
			return true
		}
	}
	return false
}

// DeregisterEndpoint forgets the scalable targets of an endpoint's variants. Their alarms are left to Run: the caller
// may hold a lock that must not wait for CloudWatch.
func (f *Fake) DeregisterEndpoint(region, endpoint string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k, t := range f.targets {
		if name, _, ok := parseVariant(k.Resource); ok && k.Region == region && name == endpoint {
			f.forget(t)
		}
	}
	f.saveOrLog()
}

// logf tells of what has no request to be answered with.
func (f *Fake) logf(format string, args ...any) {
	// A log that cannot be written is no reason to stop.
	_, _ = fmt.Fprintf(f.options.Log, f.Prefix+": "+format+"\n", args...)
}
