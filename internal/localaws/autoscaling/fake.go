// Package autoscaling is a fake of Application Auto Scaling for the namespace of SageMaker. It keeps scalable targets,
// policies and scheduled actions; it does not scale.
package autoscaling

import (
	"io"
	"net/http"
	"sync"
	"time"

	"sagehost/internal/localaws/awsjson"
	"sagehost/internal/localaws/shape"
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
	Clock     func() time.Time
	Endpoints Endpoints
	// Other takes the requests for other namespaces and for operations that the fake does not know.
	Other http.Handler
	Log   io.Writer
}

// Fake answers Application Auto Scaling requests. Regions are apart from each other.
type Fake struct {
	awsjson.Service
	clock     func() time.Time
	endpoints Endpoints

	mu      sync.Mutex
	targets map[key]*target
}

// New makes a Fake without scalable targets.
func New(options Options) *Fake {
	f := &Fake{clock: options.Clock, endpoints: options.Endpoints, targets: map[key]*target{}}
	f.Service = awsjson.Service{
		Prefix: "AnyScaleFrontendService", Operations: f.operations(), Mine: mine, Other: options.Other, Log: options.Log,
	}
	return f
}

// mine leaves other namespaces to others. Requests about tags name none: they are for the fake.
func mine(c awsjson.Call) bool {
	return !c.Input.Has("ServiceNamespace") || c.Input.Text("ServiceNamespace") == namespace
}

// call is one request under way. The fake's lock is held.
type call struct {
	*Fake
	region string
	now    time.Time
	in     awsjson.Object
}

// key is the scalable target that the request names.
func (c call) key() key {
	return key{c.region, c.in.Text("ResourceId"), c.in.Text("ScalableDimension")}
}

func (f *Fake) operations() map[string]awsjson.Operation {
	policyName := required("PolicyName", identifier)
	actionName := required("ScheduledActionName", identifier)
	table := []struct {
		name  string
		input shape.Shape
		run   func(call) (awsjson.Object, error)
	}{
		{"DescribeScalableTargets", describeTargetsInput, call.describeTargets},
		{"DeregisterScalableTarget", id(), call.deregister},
		{"PutScalingPolicy", putPolicyInput, call.putPolicy},
		{"DescribeScalingPolicies", filter(names("PolicyNames")), call.describePolicies},
		{"DeleteScalingPolicy", id(policyName), call.deletePolicy},
		{"PutScheduledAction", putActionInput, call.putAction},
		{"DescribeScheduledActions", filter(names("ScheduledActionNames")), call.describeActions},
		{"DeleteScheduledAction", id(actionName), call.deleteAction},
		{"DescribeScalingActivities", filter(), call.describeActivities},
		{"TagResource", shape.Structure(resourceARN, required("Tags", tagMap)), call.tag},
		{
			"UntagResource", shape.Structure(resourceARN, required("TagKeys", shape.ListOf(0, 200, shape.Length(1, 128)))),
			call.untag,
		},
		{"ListTagsForResource", shape.Structure(resourceARN), call.listTags},
	}
	operations := map[string]awsjson.Operation{
		"RegisterScalableTarget": {Input: registerInput, Run: f.register},
	}
	for _, row := range table {
		operations[row.name] = awsjson.Operation{Input: row.input, Run: f.locked(row.run)}
	}
	return operations
}

func (f *Fake) locked(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return func(c awsjson.Call) (awsjson.Object, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return run(call{Fake: f, region: c.Region, now: f.clock(), in: c.Input})
	}
}

// Registered reports whether a variant of an endpoint is a scalable target in any dimension.
func (f *Fake) Registered(region, endpoint, variant string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.targets {
		if k.region == region && k.resource == variantResource(endpoint, variant) {
			return true
		}
	}
	return false
}

// DeregisterEndpoint forgets the scalable targets of an endpoint's variants.
func (f *Fake) DeregisterEndpoint(region, endpoint string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.targets {
		if name, _, ok := parseVariant(k.resource); ok && k.region == region && name == endpoint {
			delete(f.targets, k)
		}
	}
}
