package sagemaker

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"sagehost/localaws/protocol/awsjson"
)

// instanceCount is the dimension in which Application Auto Scaling changes the number of instances; the other one of a
// variant is its provisioned concurrency.
const instanceCount = "sagemaker:variant:DesiredInstanceCount"

func (c call) scaleEndpoint() (awsjson.Object, error) {
	found, err := c.ready(c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	if err := c.scale(found, c.in.Objects("DesiredWeightsAndCapacities")); err != nil {
		return nil, err
	}
	return awsjson.Object{"EndpointArn": found.ARN}, nil
}

// scale starts a change of weights and capacities.
func (c call) scale(endpoint *record, changes []awsjson.Object) error {
	live := endpoint.Life.Live
	seen := map[string]bool{}
	for _, change := range changes {
		name := change.Text("VariantName")
		found := live.variant(name)
		switch {
		case found == nil:
			return awsjson.Invalid("The variant name(s) %q is/are not present within endpoint configuration %q.",
				name, live.ConfigName)
		case seen[name]:
			// What AWS says is not known.
			return awsjson.Invalid("The variant name %q stands more than once in DesiredWeightsAndCapacities.", name)
		case change.Has("DesiredInstanceCount") && change.Number("DesiredInstanceCount") == 0 && !live.mayBeEmpty(found):
			// Nor here: without inference components, only asynchronous endpoints go to 0 instances (developer guide,
			// "Autoscale an asynchronous endpoint" and "Scale an endpoint to zero instances").
			return awsjson.Invalid("DesiredInstanceCount of variant %q must be greater than or equal to 1.", name)
		}
		seen[name] = true
	}
	for _, change := range changes {
		live.variant(change.Text("VariantName")).desire(change)
	}
	endpoint.Life.begin(c.now, phase{Status: updating, Lasts: c.fake.durations.Scaling, Then: takeOnScale})
	return nil
}

// mayBeEmpty reports whether a variant can be without instances.
func (d *deployment) mayBeEmpty(v *variant) bool {
	return d.Config.Has("AsyncInferenceConfig") || scalesToZero(v.Spec)
}

// desire notes what a variant is to be scaled to.
func (v *variant) desire(change awsjson.Object) {
	if weight, ok := change["DesiredWeight"].(json.Number); ok {
		v.Desired.Weight = weight
	}
	if count, ok := change["DesiredInstanceCount"].(json.Number); ok && v.Desired.Count != "" {
		v.Desired.Count = count
	}
	if serverless := change.Object("ServerlessUpdateConfig"); serverless != nil && v.Desired.Serverless != nil {
		// The current values share the map, so the change goes into a copy.
		v.Desired.Serverless = maps.Clone(v.Desired.Serverless)
		maps.Copy(v.Desired.Serverless, serverless)
	}
}

// Variant tells Application Auto Scaling about a production variant of an endpoint: the instance type it runs on, which
// is empty for a serverless one, and whether its endpoint answers asynchronously. Found is false when there is no such
// variant.
func (f *Fake) Variant(region, endpoint, variant string) (instanceType string, async, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.callNow(region)
	r, err := c.find(endpoints, endpoint)
	if err != nil || r.Name != endpoint || r.Life.status() == deleting {
		return "", false, false
	}
	at := r.Life.Live
	if at == nil {
		at = r.Life.Pending
	}
	v := at.variant(variant)
	if v == nil {
		return "", false, false
	}
	return v.Spec.Text("InstanceType"), at.Config.Has("AsyncInferenceConfig"), true
}

// Capacity is what a variant is set to in a dimension of Application Auto Scaling. Ok is false when there is no such
// variant, or its endpoint is changing, so that it cannot be scaled now.
func (f *Fake) Capacity(region, endpoint, variant, dimension string) (desired int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, err := f.callNow(region).ready(endpoint)
	if err != nil {
		return 0, false
	}
	v := r.Life.Live.variant(variant)
	if v == nil {
		return 0, false
	}
	if dimension != instanceCount {
		return v.Desired.Serverless.Number("ProvisionedConcurrency"), v.Desired.Serverless != nil
	}
	desired, err = v.Desired.Count.Int64()
	return desired, err == nil
}

// Scale sets what Capacity tells.
func (f *Fake) Scale(region, endpoint, variant, dimension string, desired int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.callNow(region)
	r, err := c.ready(endpoint)
	if err != nil {
		return fmt.Errorf("scale %s: %w", endpoint, err)
	}
	number := json.Number(strconv.FormatInt(desired, 10))
	change := awsjson.Object{"VariantName": variant, "DesiredInstanceCount": number}
	if dimension != instanceCount {
		change = awsjson.Object{
			"VariantName": variant, "ServerlessUpdateConfig": map[string]any{"ProvisionedConcurrency": number},
		}
	}
	if err := c.scale(r, []awsjson.Object{change}); err != nil {
		return fmt.Errorf("scale %s: %w", endpoint, err)
	}
	return f.save()
}
