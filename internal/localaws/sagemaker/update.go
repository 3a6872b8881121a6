package sagemaker

import (
	"encoding/json"
	"maps"
	"strings"

	"sagehost/internal/localaws/awsjson"
)

func (c call) updateEndpoint() (awsjson.Object, error) {
	found, err := c.ready(c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	config, err := c.find(configs, c.in.Text("EndpointConfigName"))
	if err != nil {
		return nil, err
	}
	// AWS reads the configuration in use as well. An endpoint whose configuration was deleted cannot be updated.
	if _, err := c.find(configs, found.life.live.config.name); err != nil {
		return nil, err
	}
	planned, err := c.deploy(config)
	if err != nil {
		return nil, err
	}
	if err := c.checkScaledVariants(found, planned); err != nil {
		return nil, err
	}
	if c.in.Flag("RetainAllVariantProperties") {
		excluded := map[string]bool{}
		for _, property := range c.in.Objects("ExcludeRetainedVariantProperties") {
			excluded[property.Text("VariantPropertyType")] = true
		}
		planned.retain(found.life.live, excluded)
	}
	c.startUpdate(found, planned)
	return awsjson.Object{"EndpointArn": found.arn}, nil
}

func (c call) startUpdate(endpoint *record, planned *deployment) {
	l := endpoint.life
	l.pending = planned
	if !c.in.Flag("RetainDeploymentConfig") {
		l.guard = c.in.Object("DeploymentConfig")
	}
	if reason, scripted := c.takeScript(nextUpdate, endpoint.name); scripted {
		l.begin(c.now,
			phase{status: updating, lasts: c.fake.durations.Updating},
			phase{status: rollingBack, lasts: c.fake.durations.RollingBack, then: func(l *life) { l.rolledBack(reason) }},
		)
		return
	}
	l.begin(c.now, phase{status: updating, lasts: c.fake.durations.Updating, then: (*life).deployed})
}

// ready finds an endpoint that can be changed. A failed one cannot: all that AWS lets one do with it is to delete it.
func (c call) ready(name string) (*record, error) {
	found, err := c.find(endpoints, name)
	switch {
	case err != nil:
		return nil, err
	case len(found.life.phases) > 0:
		return nil, inProgress(found)
	case found.life.rest == failed:
		return nil, awsjson.Invalid("Cannot update failed endpoint %q.", found.arn)
	}
	return found, nil
}

// checkScaledVariants refuses to take a variant away from Application Auto Scaling, or to put it on other instances.
func (c call) checkScaledVariants(endpoint *record, planned *deployment) error {
	var blocking []string
	for _, old := range endpoint.life.live.variants {
		next := planned.variant(old.name)
		kept := next != nil && next.spec.Text("InstanceType") == old.spec.Text("InstanceType")
		if !kept && c.fake.scaling.Registered(c.name, endpoint.name, old.name) {
			blocking = append(blocking, old.name)
		}
	}
	if len(blocking) == 0 {
		return nil
	}
	return awsjson.Invalid("The variant(s) \"[%s]\" must be deregistered as scalable targets with AWS Auto Scaling "+
		"before they can be removed or updated to use a different instance type.", strings.Join(blocking, ", "))
}

func (c call) scaleEndpoint() (awsjson.Object, error) {
	found, err := c.ready(c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	changes := c.in.Objects("DesiredWeightsAndCapacities")
	if len(changes) == 0 {
		return nil, awsjson.Invalid("DesiredWeightsAndCapacities must not be empty.")
	}
	live := found.life.live
	for _, change := range changes {
		if name := change.Text("VariantName"); live.variant(name) == nil {
			return nil, awsjson.Invalid("The variant name(s) %q is/are not present within endpoint configuration %q.",
				name, live.config.name)
		}
	}
	for _, change := range changes {
		live.variant(change.Text("VariantName")).desire(change)
	}
	found.life.begin(c.now, phase{status: updating, lasts: c.fake.durations.Scaling, then: func(l *life) {
		for _, v := range l.live.variants {
			v.current = v.desired
		}
	}})
	return awsjson.Object{"EndpointArn": found.arn}, nil
}

// desire notes what a variant is to be scaled to.
func (v *variant) desire(change awsjson.Object) {
	if weight, ok := change["DesiredWeight"].(json.Number); ok {
		v.desired.weight = weight
	}
	if count, ok := change["DesiredInstanceCount"].(json.Number); ok && v.desired.count != "" {
		v.desired.count = count
	}
	if serverless := change.Object("ServerlessUpdateConfig"); serverless != nil && v.desired.serverless != nil {
		// The current values share the map, so the change goes into a copy.
		v.desired.serverless = maps.Clone(v.desired.serverless)
		maps.Copy(v.desired.serverless, serverless)
	}
}
