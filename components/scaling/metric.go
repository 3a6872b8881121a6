package scaling

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// metrics is the namespace of SageMaker's metrics of invocations and of backlogs.
const metrics = "AWS/SageMaker"

// tracking is what the policy holds the variant's instances at.
func (s *Spec) tracking(endpointName pulumi.StringInput, variant Variant) tracking {
	if variant.Asynchronous {
		return s.trackingBacklog(endpointName)
	}
	metric, value := s.metric()
	return tracking{
		PredefinedMetricSpecification: predefined{PredefinedMetricType: pulumi.String(metric)},
		TargetValue:                   pulumi.Float64(value),
		ScaleInCooldown:               seconds(s.ScaleInCooldown, DefaultCooldown),
		ScaleOutCooldown:              seconds(s.ScaleOutCooldown, DefaultCooldown),
	}
}

// metric is the predefined metric to track and the value to hold it at. It is empty where there is no target.
func (s *Spec) metric() (string, float64) {
	switch {
	case s.ConcurrentRequestsPerModel != nil:
		return "SageMakerVariantConcurrentRequestsPerModelHighResolution", *s.ConcurrentRequestsPerModel
	case s.LoadTest != nil:
		return "SageMakerVariantInvocationsPerInstance", s.LoadTest.Target()
	case s.InvocationsPerInstance != nil:
		return "SageMakerVariantInvocationsPerInstance", *s.InvocationsPerInstance
	default:
		return "", 0
	}
}

// trackingBacklog holds a metric that Application Auto Scaling has no name for. It is the endpoint's: with the
// dimension VariantName it would have no data.
func (s *Spec) trackingBacklog(endpointName pulumi.StringInput) tracking {
	target := DefaultBacklogPerInstance
	if s.BacklogPerInstance != nil {
		target = *s.BacklogPerInstance
	}
	return tracking{
		CustomizedMetricSpecification: customized{
			Namespace:  pulumi.String(metrics),
			MetricName: pulumi.String("ApproximateBacklogSizePerInstance"),
			Dimensions: dimensions{dimension{Name: pulumi.String("EndpointName"), Value: endpointName}},
			Statistic:  pulumi.String("Average"),
		},
		TargetValue:      pulumi.Float64(target),
		ScaleInCooldown:  seconds(s.ScaleInCooldown, DefaultBacklogScaleInCooldown),
		ScaleOutCooldown: seconds(s.ScaleOutCooldown, DefaultCooldown),
	}
}

// tracking is what the policy holds the variant's provisioned concurrency at.
func (s *ConcurrencySpec) tracking() tracking {
	target := DefaultUtilization
	if s.Utilization != nil {
		target = *s.Utilization
	}
	return tracking{
		PredefinedMetricSpecification: predefined{
			PredefinedMetricType: pulumi.String("SageMakerVariantProvisionedConcurrencyUtilization"),
		},
		TargetValue:      pulumi.Float64(target),
		ScaleInCooldown:  seconds(s.ScaleInCooldown, DefaultCooldown),
		ScaleOutCooldown: seconds(s.ScaleOutCooldown, DefaultCooldown),
	}
}
