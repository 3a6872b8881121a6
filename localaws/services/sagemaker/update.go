package sagemaker

import (
	"strings"

	"sagehost/localaws/protocol/awsjson"
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
	if _, err := c.find(configs, found.Life.Live.ConfigName); err != nil {
		return nil, err
	}
	planned, err := c.deploy(found.Name, config)
	if err != nil {
		return nil, err
	}
	if err := c.checkScaledVariants(found, planned); err != nil {
		return nil, err
	}
	guard := c.in.Object("DeploymentConfig")
	if err := checkGuard(guard, planned, found.Life.Live); err != nil {
		return nil, err
	}
	if err := c.checkAlarms(guard); err != nil {
		return nil, err
	}
	if c.in.Flag("RetainAllVariantProperties") {
		excluded := map[string]bool{}
		for _, property := range c.in.Objects("ExcludeRetainedVariantProperties") {
			excluded[property.Text("VariantPropertyType")] = true
		}
		planned.retain(found.Life.Live, excluded)
	}
	if !c.in.Flag("RetainDeploymentConfig") {
		found.Life.Guard = guard
	}
	c.startUpdate(found, planned)
	return awsjson.Object{"EndpointArn": found.ARN}, nil
}

func (c call) startUpdate(endpoint *record, planned *deployment) {
	l, lasts := endpoint.Life, c.fake.durations
	l.Pending, l.RollingBack = planned, lasts.RollingBack
	next := c.takeScript(nextUpdate, endpoint.Name)
	var phases []phase
	switch next.Outcome {
	case outcomeUnchanged:
		phases = []phase{{Status: updating, Lasts: lasts.Updating, Then: stay, Reason: next.Reason}}
	case outcomeRollback, outcomeCapacity, outcomeStuck:
		then := stay
		if next.Outcome == outcomeStuck {
			then = getStuck
		}
		phases = []phase{
			{Status: updating, Lasts: lasts.Updating},
			{Status: rollingBack, Lasts: lasts.RollingBack, Then: then, Reason: next.Reason},
		}
	default:
		c.launch(endpoint.Name, planned, false)
		phases = rollout(l.Guard, planned, lasts.Updating+next.delay())
	}
	l.begin(c.now, phases...)
	if limit := executionTimeout(l.Guard); limit > 0 {
		l.Deadline = c.now.Add(limit)
	}
}

// ready finds an endpoint that can be changed. A failed one cannot: all that AWS lets one do with it is to delete it.
// One whose rollback failed can: another update is how AWS says to mend it (developer guide, rolling deployments).
func (c call) ready(name string) (*record, error) {
	found, err := c.find(endpoints, name)
	switch {
	case err != nil:
		return nil, err
	case len(found.Life.Phases) > 0:
		return nil, inProgress(found)
	case found.Life.Rest == failed:
		return nil, awsjson.Invalid("Cannot update failed endpoint %q.", found.ARN)
	}
	return found, nil
}

// checkScaledVariants refuses to take a variant away from Application Auto Scaling, or to put it on other instances.
func (c call) checkScaledVariants(endpoint *record, planned *deployment) error {
	var blocking []string
	for _, old := range endpoint.Life.Live.Variants {
		next := planned.variant(old.Name)
		kept := next != nil && next.Spec.Text("InstanceType") == old.Spec.Text("InstanceType")
		if !kept && c.fake.scaling.Registered(c.name, endpoint.Name, old.Name) {
			blocking = append(blocking, old.Name)
		}
	}
	if len(blocking) == 0 {
		return nil
	}
	return awsjson.Invalid("The variant(s) \"[%s]\" must be deregistered as scalable targets with AWS Auto Scaling "+
		"before they can be removed or updated to use a different instance type.", strings.Join(blocking, ", "))
}
