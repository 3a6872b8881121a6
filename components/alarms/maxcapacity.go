package alarms

import (
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// atMaxCapacityMinutes is how long a variant may stay at the upper bound of its scaling.
const atMaxCapacityMinutes = 15

// shared is a metric of which SageMaker publishes the total and the part of each instance, so that the quotient of the
// two is the number of instances. It publishes no metric of that number itself.
type shared struct {
	id, total, perInstance, statistic string
	endpointWide                      bool
}

var (
	// Each invocation adds 1/instances to InvocationsPerInstance.
	invocations = shared{"invocations", "Invocations", "InvocationsPerInstance", sum, false}
	// The part of the backlog is "number of items in the queue divided by the number of instances" (SageMaker developer
	// guide, "Monitor asynchronous endpoint").
	backlog = shared{"backlog", "ApproximateBacklogSize", "ApproximateBacklogSizePerInstance", average, true}
)

// atMaxCapacity goes off when scaling has nothing left to give.
func atMaxCapacity(endpoint string, v *Variant) *cloudwatch.MetricAlarmArgs {
	metric := invocations
	if v.Asynchronous {
		metric = backlog
	}
	r := row{endpointWide: metric.endpointWide}
	dimensions := r.dimensions(endpoint, v.Name)
	query := func(id, name string) cloudwatch.MetricAlarmMetricQueryArgs {
		return cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String(id),
			Metric: cloudwatch.MetricAlarmMetricQueryMetricArgs{
				Namespace:  pulumi.String(invocationMetrics),
				MetricName: pulumi.String(name),
				Dimensions: dimensions,
				Stat:       pulumi.String(metric.statistic),
				Period:     pulumi.Int(int(period / time.Second)),
			},
		}
	}
	return &cloudwatch.MetricAlarmArgs{
		AlarmDescription: pulumi.Sprintf("Scaling is exhausted: variant %s runs its maximum of %d instances "+
			"for %d minutes.", v.Name, v.MaxInstances, atMaxCapacityMinutes),
		MetricQueries: cloudwatch.MetricAlarmMetricQueryArray{
			query(metric.id, metric.total),
			query("perInstance", metric.perInstance),
			cloudwatch.MetricAlarmMetricQueryArgs{
				Id:         pulumi.String("instances"),
				Expression: pulumi.Sprintf("CEIL(%s / perInstance - 0.5)", metric.id),
				Label:      pulumi.String("instances in service"),
				ReturnData: pulumi.Bool(true),
			},
		},
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(float64(v.MaxInstances)),
		DatapointsToAlarm:  pulumi.Int(atMaxCapacityMinutes),
		EvaluationPeriods:  pulumi.Int(atMaxCapacityMinutes),
		TreatMissingData:   pulumi.String("notBreaching"),
	}
}
