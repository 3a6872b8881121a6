package sagemaker

import (
	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/usage"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/runtime"
)

// Serving finds what answers for an endpoint now. Ok is false when there is no such endpoint, or none that is in
// service: one that is created, was not, or is deleted.
func (f *Fake) Serving(region, name string) (endpoint *runtime.Endpoint, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, err := f.callNow(region).find(endpoints, name)
	if err != nil {
		return nil, false
	}
	return found.serving(region)
}

// All lists what is in service in all regions.
func (f *Fake) All() []*runtime.Endpoint {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []*runtime.Endpoint
	for region := range f.regions {
		for _, r := range f.callNow(region).all(endpoints) {
			if endpoint, ok := r.serving(region); ok {
				list = append(list, endpoint)
			}
		}
	}
	return list
}

// Containers lists what runs for endpoints.
func (f *Fake) Containers() []usage.Running {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []usage.Running
	for region, r := range f.regions {
		for _, endpoint := range r.records[endpoints] {
			for _, v := range append(endpoint.Life.Live.all(), endpoint.Life.Pending.all()...) {
				if pids, folder, runs := v.fleet.usage(); runs {
					list = append(list, usage.Running{
						Region: region, Endpoint: endpoint.Name, Variant: v.Name, PIDs: pids, Folder: folder,
						VolumeGB:     int(v.Spec.Number("VolumeSizeInGB")),
						ServerlessMB: int(v.Current.Serverless.Number("MemorySizeInMB")),
					})
				}
			}
		}
	}
	return list
}

// Regions lists those that were ever asked about.
func (f *Fake) Regions() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]string, 0, len(f.regions))
	for region := range f.regions {
		list = append(list, region)
	}
	return list
}

// serving is the endpoint as the runtime sees it. While an update shifts traffic, the variants of both fleets share it.
func (r *record) serving(region string) (*runtime.Endpoint, bool) {
	l := r.Life
	if l.Live == nil || l.status() == deleting {
		return nil, false
	}
	endpoint := &runtime.Endpoint{
		Region: region, Name: r.Name,
		Capture: capture(l.Live.Config.Object("DataCaptureConfig")),
		Async:   async(l.Live.Config.Object("AsyncInferenceConfig")),
	}
	share := l.share()
	if l.Pending == nil || len(l.Phases) > 0 && l.Phases[0].Status != updating {
		endpoint.Variants = l.Live.serving(1, false)
	} else {
		// A share of all or nothing sends no request to the other fleet.
		endpoint.Variants = append(l.Live.serving(1-share, true), l.Pending.serving(share, true)...)
	}
	if len(l.Live.Shadows) > 0 {
		endpoint.Shadow = l.Live.Shadows[0].serving(l.Live.Shadows[0].weight(), "")
	}
	for _, v := range l.Live.Variants {
		endpoint.Direct = endpoint.Direct || v.Model.Direct
		for _, container := range v.Model.Containers {
			endpoint.MultiModel = endpoint.MultiModel || container.MultiModel
		}
	}
	return endpoint, true
}

// serving is the production variants, with a share of the traffic. Shifting says that an update is under way.
func (d *deployment) serving(share float64, shifting bool) []*runtime.Variant {
	if share == 0 {
		return nil
	}
	var total float64
	for _, v := range d.Variants {
		total += v.weight()
	}
	config := ""
	if shifting {
		config = d.ConfigName
	}
	list := make([]*runtime.Variant, len(d.Variants))
	for i, v := range d.Variants {
		weight := v.weight()
		if shifting && total > 0 {
			weight *= share / total
		}
		list[i] = v.serving(weight, config)
	}
	return list
}

// serving is the variant as the runtime sees it.
func (v *variant) serving(weight float64, config string) *runtime.Variant {
	count, err := v.Current.Count.Int64()
	if err != nil {
		count = 0
	}
	seen := &runtime.Variant{Name: v.Name, Config: config, Weight: weight, Instances: int(count)}
	if serverless := v.Current.Serverless; serverless != nil {
		seen.Serverless = &runtime.Serverless{
			MaxConcurrency:         int(serverless.Number("MaxConcurrency")),
			ProvisionedConcurrency: int(serverless.Number("ProvisionedConcurrency")),
			MemoryMB:               int(serverless.Number("MemorySizeInMB")),
		}
	}
	if v.fleet != nil {
		seen.Load = &v.fleet.load
		if seen.Serverless != nil || seen.Instances > 0 {
			seen.Fleet = v.fleet
		}
	}
	return seen
}

func (v *variant) weight() float64 {
	weight, err := v.Current.Weight.Float64()
	if err != nil {
		return 0
	}
	return weight
}

// capture translates a data capture configuration; nil when it is off.
func capture(config awsjson.Object) *runtime.Capture {
	if !config.Flag("EnableCapture") {
		return nil
	}
	c := &runtime.Capture{
		Destination: s3uri.Normalize(config.Text("DestinationS3Uri")),
		Percentage:  int(config.Number("InitialSamplingPercentage")),
		CSVTypes:    config.Object("CaptureContentTypeHeader").Texts("CsvContentTypes"),
		JSONTypes:   config.Object("CaptureContentTypeHeader").Texts("JsonContentTypes"),
		KMSKey:      config.Text("KmsKeyId"),
	}
	for _, option := range config.Objects("CaptureOptions") {
		mode := option.Text("CaptureMode")
		c.Input = c.Input || mode != "Output"
		c.Output = c.Output || mode != "Input"
	}
	return c
}

// async translates an asynchronous configuration; nil for endpoints that answer at once.
func async(config awsjson.Object) *runtime.Async {
	if config == nil {
		return nil
	}
	output := config.Object("OutputConfig")
	topics := output.Object("NotificationConfig")
	return &runtime.Async{
		OutputPath:        s3uri.Normalize(output.Text("S3OutputPath")),
		FailurePath:       s3uri.Normalize(output.Text("S3FailurePath")),
		KMSKey:            output.Text("KmsKeyId"),
		SuccessTopic:      topics.Text("SuccessTopic"),
		ErrorTopic:        topics.Text("ErrorTopic"),
		IncludeResponseIn: topics.Texts("IncludeInferenceResponseIn"),
		MaxConcurrent:     int(config.Object("ClientConfig").Number("MaxConcurrentInvocationsPerInstance")),
	}
}
