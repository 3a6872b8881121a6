package sagemaker

// Variant tells Application Auto Scaling about a production variant of an endpoint: the instance type it runs on, which
// is empty for a serverless one, and whether its endpoint answers asynchronously. Found is false when there is no such
// variant.
func (f *Fake) Variant(region, endpoint, variant string) (instanceType string, async, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := call{region: f.region(region), fake: f, now: f.clock()}
	r, err := c.find(endpoints, endpoint)
	if err != nil || r.name != endpoint || r.life.status() == deleting {
		return "", false, false
	}
	at := r.life.live
	if at == nil {
		at = r.life.pending
	}
	v := at.variant(variant)
	if v == nil {
		return "", false, false
	}
	return v.spec.Text("InstanceType"), at.config.body.Has("AsyncInferenceConfig"), true
}
