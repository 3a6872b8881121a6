package alarms

import (
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// atMaxCapacityMinutes is how long a variant may stay at the upper bound of its scaling.
const atMaxCapacityMinutes = 15

// atMaxCapacity goes off when scaling has nothing left to give. SageMaker publishes no count of instances, but each
// invocation adds 1/instances to InvocationsPerInstance, so that the two sums' quotient is the count.
func atMaxCapacity(dimensions pulumi.StringMap, variant Variant) *cloudwatch.MetricAlarmArgs {
	sum := func(id, metric string) cloudwatch.MetricAlarmMetricQueryArgs {
		return cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String(id),
			Metric: cloudwatch.MetricAlarmMetricQueryMetricArgs{
				Namespace:  pulumi.String(invocationMetrics),
				MetricName: pulumi.String(metric),
				Dimensions: dimensions,
				Stat:       pulumi.String("Sum"),
				Period:     pulumi.Int(int(period / time.Second)),
			},
		}
	}
	return &cloudwatch.MetricAlarmArgs{
		AlarmDescription: pulumi.Sprintf("Scaling is exhausted: variant %s runs its maximum of %d instances "+
			"for %d minutes.", variant.Name, variant.MaxInstances, atMaxCapacityMinutes),
		MetricQueries: cloudwatch.MetricAlarmMetricQueryArray{
			sum("invocations", "Invocations"),
			sum("perInstance", "InvocationsPerInstance"),
			cloudwatch.MetricAlarmMetricQueryArgs{
				Id:         pulumi.String("instances"),
				Expression: pulumi.String("CEIL(invocations / perInstance - 0.5)"),
				Label:      pulumi.String("instances in service"),
				ReturnData: pulumi.Bool(true),
			},
		},
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(float64(variant.MaxInstances)),
		DatapointsToAlarm:  pulumi.Int(atMaxCapacityMinutes),
		EvaluationPeriods:  pulumi.Int(atMaxCapacityMinutes),
	}
}
