// Package sagemaker is a fake of SageMaker's hosting control plane: models, endpoint configurations and endpoints, with
// the life of an endpoint as it is at AWS, and containers that run; and the model registry.
package sagemaker

import (
	"context"
	"io"
	"maps"
	"net/http"
	"regexp"
	"sync"
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/state"
)

// reads matches the operations that change nothing.
var reads = regexp.MustCompile(`^(Describe|Get|List)`)

// APIVersion is the version of the API that the fake speaks.
const APIVersion = "2017-07-24"

// Durations is how long an endpoint stays in each passing status. The zero value makes every change happen at once.
type Durations struct {
	// Creating is the time from CreateEndpoint to InService or Failed.
	Creating time.Duration
	// Updating is the time from UpdateEndpoint to InService, or to RollingBack.
	Updating time.Duration
	// RollingBack is the time from RollingBack to InService on the old configuration.
	RollingBack time.Duration
	// Scaling is the time that a change of weights or instance counts takes.
	Scaling time.Duration
	// Deleting is the time from DeleteEndpoint until the endpoint is gone.
	Deleting time.Duration
}

// Scaling is what the fake asks of Application Auto Scaling. It is called with the fake's lock held.
type Scaling interface {
	// Registered reports whether a variant is a scalable target.
	Registered(region, endpoint, variant string) bool
	// DeregisterEndpoint forgets the scalable targets of an endpoint's variants.
	DeregisterEndpoint(region, endpoint string)
}

// Alarms is what the fake asks of CloudWatch.
type Alarms interface {
	// State is an alarm's, such as "ALARM".
	State(ctx context.Context, region, name string) (string, error)
	// Missing are those of the alarms that do not exist.
	Missing(ctx context.Context, region string, names []string) ([]string, error)
}

// Options says how to make a Fake.
type Options struct {
	// Clock tells the time; statuses follow it.
	Clock     func() time.Time
	Durations Durations
	// Start makes the containers of endpoints; nil serves nothing.
	Start Start
	// Digest looks up the digest of an image in its registry; empty where the registry does not know the image. Nil knows
	// none.
	Digest func(image string) string
	// Objects is where models are looked for; nil takes all of them for there.
	Objects Objects
	// Metrics takes what multi-model containers measure; nil drops it.
	Metrics metrics.Sink
	// State is where the fake keeps what it knows.
	State state.Dir
	// More are operations of others on the same API, by their names, and Tagged is what they keep.
	More   map[string]awsjson.Operation
	Tagged Tagged
	// Other takes the requests for operations of SageMaker that the fake does not know.
	Other http.Handler
	Log   io.Writer
}

// Fake answers SageMaker requests. Regions are apart from each other.
type Fake struct {
	awsjson.Service
	clock     func() time.Time
	durations Durations
	scaling   Scaling
	alarms    Alarms
	fleets    fleets
	metrics   metrics.Sink
	state     state.Dir
	tagged    Tagged
	digest    func(image string) string
	objects   Objects

	mu      sync.Mutex
	regions map[string]*region
	// unsaved says that time has changed something since the last snapshot.
	unsaved bool
}

// New makes a Fake without models, configurations or endpoints.
func New(options Options) *Fake {
	f := &Fake{
		clock: options.Clock, durations: options.Durations, scaling: noScaling{}, metrics: options.Metrics,
		fleets: fleets{start: options.Start, clock: options.Clock}, state: options.State, tagged: options.Tagged,
		digest:  options.Digest,
		objects: options.Objects,
		regions: map[string]*region{},
	}
	if f.objects == nil {
		f.objects = noObjects{}
	}
	operations := f.operations()
	maps.Copy(operations, options.More)
	f.Service = awsjson.Service{
		Prefix: "SageMaker", Operations: operations, Mine: f.mine, Other: options.Other, Log: options.Log,
	}
	return f
}

// SetScaling connects the fake with Application Auto Scaling. It must be called before the first request.
func (f *Fake) SetScaling(s Scaling) { f.scaling = s }

// SetAlarms connects the fake with CloudWatch, so that alarms can end updates. It must be called before Run.
func (f *Fake) SetAlarms(a Alarms) { f.alarms = a }

// call is one request under way. The fake's lock is held.
type call struct {
	*region
	fake *Fake
	now  time.Time
	in   awsjson.Object
}

func (f *Fake) operations() map[string]awsjson.Operation {
	table := []struct {
		name  string
		input shape.Shape
		run   func(call) (awsjson.Object, error)
	}{
		{"CreateModel", createModelInput, call.createModel},
		{"DescribeModel", named("ModelName"), call.describeModel},
		{"DeleteModel", named("ModelName"), call.deleteModel},
		{"ListModels", listInputs, call.listModels},
		{"CreateEndpointConfig", createConfigInput, call.createConfig},
		{"DescribeEndpointConfig", named("EndpointConfigName"), call.describeConfig},
		{"DeleteEndpointConfig", named("EndpointConfigName"), call.deleteConfig},
		{"ListEndpointConfigs", listInputs, call.listConfigs},
		{"CreateEndpoint", createEndpointInput, call.createEndpoint},
		{"DescribeEndpoint", named("EndpointName"), call.describeEndpoint},
		{"UpdateEndpoint", updateEndpointInput, call.updateEndpoint},
		{"UpdateEndpointWeightsAndCapacities", scaleInput, call.scaleEndpoint},
		{"DeleteEndpoint", named("EndpointName"), call.deleteEndpoint},
		{"ListEndpoints", listEndpoints, call.listEndpoints},
		{"CreateModelPackageGroup", createGroupInput, call.createGroup},
		{"DescribeModelPackageGroup", namedGroup, call.describeGroup},
		{"DeleteModelPackageGroup", namedGroup, call.deleteGroup},
		{"ListModelPackageGroups", listGroupsInput, call.listGroups},
		{"PutModelPackageGroupPolicy", putPolicyInput, call.putPolicy},
		{"GetModelPackageGroupPolicy", policyInput, call.getPolicy},
		{"DeleteModelPackageGroupPolicy", policyInput, call.deletePolicy},
		{"CreateModelPackage", createPackageInput, call.createPackage},
		{"DescribeModelPackage", namedPackage, call.describePackage},
		{"UpdateModelPackage", updatePackageInput, call.updatePackage},
		{"DeleteModelPackage", namedPackage, call.deletePackage},
		{"ListModelPackages", listPackagesInput, call.listPackages},
		{"AddTags", addTagsInput, call.addTags},
		{"ListTags", listTagsInput, call.listTags},
		{"DeleteTags", deleteTagsInput, call.deleteTags},
	}
	operations := map[string]awsjson.Operation{}
	for _, row := range table {
		operations[row.name] = awsjson.Operation{Input: row.input, Run: f.locked(row.run)}
	}
	return operations
}

func (f *Fake) locked(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return func(c awsjson.Call) (awsjson.Object, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		now := f.callNow(c.Region)
		now.in = c.Input
		out, err := run(now)
		if err == nil && (f.unsaved || !reads.MatchString(c.Operation)) {
			err = f.save()
		}
		return out, err
	}
}

// callNow is a call without a request. The lock must be held.
func (f *Fake) callNow(region string) call {
	return call{region: f.region(region), fake: f, now: f.clock()}
}

// noScaling stands in until SetScaling is called.
type noScaling struct{}

func (noScaling) Registered(_, _, _ string) bool { return false }
func (noScaling) DeregisterEndpoint(_, _ string) {}
