package sagemaker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

func (c call) createEndpoint() (awsjson.Object, error) {
	// The name is checked first, as at AWS: an existing endpoint is reported even if the configuration is missing too.
	name := c.in.Text("EndpointName")
	if existing, err := c.find(endpoints, name); err == nil {
		return nil, awsjson.Invalid("Cannot create already existing endpoint %q.", existing.ARN)
	}
	config, err := c.find(configs, c.in.Text("EndpointConfigName"))
	if err != nil {
		return nil, err
	}
	planned, err := c.deploy(name, config)
	if err != nil {
		return nil, err
	}
	guard := c.in.Object("DeploymentConfig")
	if err := checkGuard(guard, planned); err != nil {
		return nil, err
	}
	if err := c.checkAlarms(guard); err != nil {
		return nil, err
	}
	made, err := c.create(endpoints)
	if err != nil {
		return nil, err
	}
	made.Life = &life{Pending: planned, Guard: guard}
	first := phase{Status: creating, Lasts: c.fake.durations.Creating, Starting: true, Then: deploy}
	switch next := c.takeScript(nextCreate, name); next.Outcome {
	case outcomeFail, outcomeCapacity:
		first.Then, first.Reason = fail, next.Reason
	default:
		first.Lasts += next.delay()
		c.launch(name, planned, false)
	}
	made.Life.begin(c.now, first)
	return awsjson.Object{"EndpointArn": made.ARN}, nil
}

func (c call) deleteEndpoint() (awsjson.Object, error) {
	found, err := c.find(endpoints, c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	if len(found.Life.Phases) > 0 {
		return nil, inProgress(found)
	}
	c.fake.scaling.DeregisterEndpoint(c.name, found.Name)
	found.Life.Live.close()
	found.Life.begin(c.now, phase{Status: deleting, Lasts: c.fake.durations.Deleting, Then: vanish})
	return awsjson.Object{}, nil
}

// alarmsTimeout is how long the look for alarms, which are on this machine, may take.
const alarmsTimeout = 10 * time.Second

// checkAlarms refuses alarms for rollbacks that do not exist. What AWS says is not known.
func (c call) checkAlarms(guard awsjson.Object) error {
	names := alarmNames(guard)
	if len(names) == 0 || c.fake.alarms == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), alarmsTimeout)
	defer cancel()
	missing, err := c.fake.alarms.Missing(ctx, c.name, names)
	if err != nil {
		return fmt.Errorf("alarms for rollbacks: %w", err)
	}
	if len(missing) > 0 {
		return awsjson.Invalid("Could not find the CloudWatch alarms of AutoRollbackConfiguration: %s.",
			strings.Join(missing, ", "))
	}
	return nil
}

func inProgress(endpoint *record) error {
	return awsjson.Invalid("Cannot update in-progress endpoint %q.", endpoint.ARN)
}
