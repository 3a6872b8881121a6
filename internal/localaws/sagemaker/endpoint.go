package sagemaker

import "sagehost/internal/localaws/awsjson"

func (c call) createEndpoint() (awsjson.Object, error) {
	// The name is checked first, as at AWS: an existing endpoint is reported even if the configuration is missing too.
	if existing, err := c.find(endpoints, c.in.Text("EndpointName")); err == nil {
		return nil, awsjson.Invalid("Cannot create already existing endpoint %q.", existing.arn)
	}
	config, err := c.find(configs, c.in.Text("EndpointConfigName"))
	if err != nil {
		return nil, err
	}
	planned, err := c.deploy(config)
	if err != nil {
		return nil, err
	}
	made, err := c.create(endpoints)
	if err != nil {
		return nil, err
	}
	made.life = &life{pending: planned, guard: c.in.Object("DeploymentConfig")}
	end := (*life).deployed
	if reason, scripted := c.takeScript(nextCreate, made.name); scripted {
		end = func(l *life) { l.failed(reason) }
	}
	made.life.begin(c.now, phase{status: creating, lasts: c.fake.durations.Creating, then: end})
	return awsjson.Object{"EndpointArn": made.arn}, nil
}

func (c call) deleteEndpoint() (awsjson.Object, error) {
	found, err := c.find(endpoints, c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	if len(found.life.phases) > 0 {
		return nil, inProgress(found)
	}
	c.fake.scaling.DeregisterEndpoint(c.name, found.name)
	found.life.begin(c.now, phase{
		status: deleting, lasts: c.fake.durations.Deleting, then: func(l *life) { l.gone = true },
	})
	return awsjson.Object{}, nil
}

func inProgress(endpoint *record) error {
	return awsjson.Invalid("Cannot update in-progress endpoint %q.", endpoint.arn)
}

func (c call) describeEndpoint() (awsjson.Object, error) {
	found, err := c.find(endpoints, c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	l := found.life
	out := found.summary().With(awsjson.Object{"EndpointConfigName": found.body["EndpointConfigName"]})
	if l.reason != "" {
		out["FailureReason"] = l.reason
	}
	if l.guard != nil {
		out["LastDeploymentConfig"] = l.guard
	}
	if l.pending != nil {
		out["PendingDeploymentSummary"] = l.pending.summary()
	}
	if l.live != nil {
		out = out.With(l.live.members())
	}
	return out, nil
}

// summary describes an endpoint as ListEndpoints does.
func (r *record) summary() awsjson.Object {
	out := r.identity().With(awsjson.Object{"CreationTime": awsjson.Time(r.created)})
	if r.life != nil {
		out["EndpointStatus"] = r.life.status()
		out["LastModifiedTime"] = awsjson.Time(r.life.modified)
	}
	return out
}

// summary describes a deployment that is under way.
func (d *deployment) summary() awsjson.Object {
	lists := awsjson.Object{}
	for member, variants := range map[string][]*variant{
		"ProductionVariants": d.variants, "ShadowProductionVariants": d.shadows,
	} {
		if len(variants) == 0 {
			continue
		}
		list := summaries(variants)
		for i, v := range variants {
			if v.spec.Has("InstanceType") {
				list[i]["InstanceType"] = v.spec["InstanceType"]
			}
		}
		lists[member] = list
	}
	return lists.With(awsjson.Object{"EndpointConfigName": d.config.name, "StartTime": awsjson.Time(d.started)})
}

// members is what a live deployment adds to the description of its endpoint.
func (d *deployment) members() awsjson.Object {
	out := awsjson.Object{"EndpointConfigName": d.config.name, "ProductionVariants": summaries(d.variants)}
	if len(d.shadows) > 0 {
		out["ShadowProductionVariants"] = summaries(d.shadows)
	}
	for _, name := range []string{"AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig"} {
		if d.config.body.Has(name) {
			out[name] = d.config.body[name]
		}
	}
	if capture := d.config.body.Object("DataCaptureConfig"); capture != nil {
		out["DataCaptureConfig"] = captureSummary(capture)
	}
	return out
}

func captureSummary(capture awsjson.Object) awsjson.Object {
	status := "Stopped"
	if capture.Flag("EnableCapture") {
		status = "Started"
	}
	return awsjson.Object{
		"EnableCapture":             capture.Flag("EnableCapture"),
		"CaptureStatus":             status,
		"CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
		"DestinationS3Uri":          capture.Text("DestinationS3Uri"),
		"KmsKeyId":                  capture.Text("KmsKeyId"),
	}
}
