package sagemaker

import "sagehost/localaws/protocol/awsjson"

func (c call) describeEndpoint() (awsjson.Object, error) {
	found, err := c.find(endpoints, c.in.Text("EndpointName"))
	if err != nil {
		return nil, err
	}
	l := found.Life
	out := found.summary().With(awsjson.Object{"EndpointConfigName": found.Body["EndpointConfigName"]})
	if l.Reason != "" {
		out["FailureReason"] = l.Reason
	}
	if l.Guard != nil {
		out["LastDeploymentConfig"] = l.Guard
	}
	if l.Pending != nil {
		out["PendingDeploymentSummary"] = l.Pending.summary()
	}
	if l.Live != nil {
		out = out.With(l.Live.members())
	}
	return out, nil
}

// summary describes a record as listings do.
func (r *record) summary() awsjson.Object {
	out := r.identity().With(awsjson.Object{"CreationTime": awsjson.Time(r.Created)})
	switch {
	case r.Life != nil:
		out["EndpointStatus"] = r.Life.status()
		out["LastModifiedTime"] = awsjson.Time(r.Life.Modified)
	case r.kind == groups:
		out = out.With(r.kept("ModelPackageGroupDescription", "ManagedConfiguration"))
		out["ModelPackageGroupStatus"] = completed
	case r.kind == packages:
		out = out.With(r.packageSummary())
	}
	return out
}

// kept are those of some members that the request had.
func (r *record) kept(names ...string) awsjson.Object {
	out := awsjson.Object{}
	for _, name := range names {
		if r.Body.Has(name) {
			out[name] = r.Body[name]
		}
	}
	return out
}

// summary describes a deployment that is under way.
func (d *deployment) summary() awsjson.Object {
	lists := awsjson.Object{}
	for member, variants := range map[string][]*variant{
		"ProductionVariants": d.Variants, "ShadowProductionVariants": d.Shadows,
	} {
		if len(variants) == 0 {
			continue
		}
		list := summaries(variants)
		for i, v := range variants {
			if v.Spec.Has("InstanceType") {
				list[i]["InstanceType"] = v.Spec["InstanceType"]
			}
		}
		lists[member] = list
	}
	return lists.With(awsjson.Object{"EndpointConfigName": d.ConfigName, "StartTime": awsjson.Time(d.Started)})
}

// members is what a live deployment adds to the description of its endpoint.
func (d *deployment) members() awsjson.Object {
	out := awsjson.Object{"EndpointConfigName": d.ConfigName, "ProductionVariants": summaries(d.Variants)}
	if len(d.Shadows) > 0 {
		out["ShadowProductionVariants"] = summaries(d.Shadows)
	}
	for _, name := range []string{"AsyncInferenceConfig", "MetricsConfig"} {
		if d.Config.Has(name) {
			out[name] = d.Config[name]
		}
	}
	if capture := d.Config.Object("DataCaptureConfig"); capture != nil {
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

func summaries(variants []*variant) []awsjson.Object {
	list := make([]awsjson.Object, len(variants))
	for i, v := range variants {
		list[i] = v.summary()
	}
	return list
}

// summary describes a variant as DescribeEndpoint does.
func (v *variant) summary() awsjson.Object {
	out := awsjson.Object{"VariantName": v.Name}
	for prefix, c := range map[string]capacity{"Current": v.Current, "Desired": v.Desired} {
		out[prefix+"Weight"] = c.Weight
		if c.Count != "" {
			out[prefix+"InstanceCount"] = c.Count
		}
		if c.Serverless != nil {
			out[prefix+"ServerlessConfig"] = c.Serverless
		}
	}
	if len(v.Images) > 0 {
		out["DeployedImages"] = v.Images
	}
	for _, name := range []string{"ManagedInstanceScaling", "RoutingConfig"} {
		if v.Spec.Has(name) {
			out[name] = v.Spec[name]
		}
	}
	return out
}
