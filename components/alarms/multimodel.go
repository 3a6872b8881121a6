package alarms

import "sagehost/kit/check"

// multiModelRows watch a container whose models do not all fit into memory at once. A model that has not been used yet
// is never loaded, so these alarms wait for more than a new deployment's first minutes.
func multiModelRows(s *Spec, v *Variant) []row {
	if !v.MultiModel {
		return nil
	}
	const datapoints, evaluations = 10, 15
	return []row{
		{
			key: "model-cache-hit", setting: "modelCacheHit", says: "Few invocations find their model loaded",
			namespace: invocationMetrics, metric: "ModelCacheHit", statistic: average, below: true,
			threshold:  check.ValueOr(s.ModelCacheHit, DefaultModelCacheHit),
			datapoints: datapoints, evaluations: evaluations,
		},
		{
			key: "model-loading-wait", setting: "modelLoadingWait", says: "Invocations wait for their model to be loaded",
			namespace: invocationMetrics, metric: "ModelLoadingWaitTime", statistic: average,
			threshold:  microseconds(check.ValueOr(s.ModelLoadingWait, DefaultModelLoadingWait)),
			datapoints: datapoints, evaluations: evaluations,
		},
		{
			// The number of its values is the number of models that were unloaded (SageMaker developer guide, "Set
			// Auto Scaling Policies for Multi-Model Endpoint Deployments").
			key: "model-unloads", setting: "modelUnloads", says: "Models push each other out of memory",
			namespace: invocationMetrics, metric: "ModelUnloadingTime", statistic: sampleCount,
			threshold:  float64(check.ValueOr(s.ModelUnloads, DefaultModelUnloads)),
			datapoints: datapoints, evaluations: evaluations,
		},
	}
}
