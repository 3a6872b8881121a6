package autoscaling

import "sagehost/localaws/protocol/shape"

func required(name string, s shape.Shape) shape.Member { return shape.Required(name, s) }
func optional(name string, s shape.Shape) shape.Member { return shape.Optional(name, s) }

// The service model bounds most strings like this one.
var identifier = shape.Length(1, 1600)

// id is the members that name a scalable target, followed by more.
func id(more ...shape.Member) shape.Shape {
	return shape.Structure(append([]shape.Member{
		required("ServiceNamespace", shape.Choice(namespace)),
		required("ResourceId", identifier),
		required("ScalableDimension", shape.Choice(dimensionNames...)),
	}, more...)...)
}

// filter is the members that a listing is narrowed by, followed by more.
func filter(more ...shape.Member) shape.Shape {
	return shape.Structure(append([]shape.Member{
		required("ServiceNamespace", shape.Choice(namespace)),
		optional("ResourceId", identifier),
		optional("ScalableDimension", shape.Choice(dimensionNames...)),
		optional("MaxResults", shape.Between(1, maxPage)),
		optional("NextToken", shape.Length(0, 8192)),
	}, more...)...)
}

func names(member string) shape.Member { return optional(member, shape.ListOf(0, maxPage, identifier)) }

var (
	tagMap    = shape.Map("", shape.Length(1, 128), shape.Length(0, 256))
	capacity  = shape.AtLeast(0)
	suspended = shape.Structure(
		optional("DynamicScalingInSuspended", shape.Flag()),
		optional("DynamicScalingOutSuspended", shape.Flag()),
		optional("ScheduledScalingSuspended", shape.Flag()),
	)
)

var registerInput = id(
	optional("MinCapacity", capacity),
	optional("MaxCapacity", capacity),
	optional("RoleARN", identifier),
	optional("SuspendedState", suspended),
	optional("Tags", tagMap),
)

var (
	text255  = shape.Length(1, 255)
	text1024 = shape.Length(1, 1024)
)

// metric is the members that name a metric.
var metric = []shape.Member{
	optional("MetricName", text1024),
	optional("Namespace", text1024),
	optional("Dimensions", shape.List("", shape.Structure(required("Name", text1024), required("Value", text1024)))),
}

// metricTypes are the predefined metrics of all namespaces.
var metricTypes = []string{
	"DynamoDBReadCapacityUtilization", "DynamoDBWriteCapacityUtilization", "ALBRequestCountPerTarget",
	"RDSReaderAverageCPUUtilization", "RDSReaderAverageDatabaseConnections",
	"EC2SpotFleetRequestAverageCPUUtilization", "EC2SpotFleetRequestAverageNetworkIn",
	"EC2SpotFleetRequestAverageNetworkOut", "SageMakerVariantInvocationsPerInstance",
	"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization",
	"AppStreamAverageCapacityUtilization", "ComprehendInferenceUtilization",
	"LambdaProvisionedConcurrencyUtilization", "CassandraReadCapacityUtilization",
	"CassandraWriteCapacityUtilization", "KafkaBrokerStorageUtilization", "ElastiCacheEngineCPUUtilization",
	"ElastiCacheDatabaseMemoryUsagePercentage", "ElastiCachePrimaryEngineCPUUtilization",
	"ElastiCacheReplicaEngineCPUUtilization", "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
	"NeptuneReaderAverageCPUUtilization", "SageMakerVariantProvisionedConcurrencyUtilization",
	"ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage", "SageMakerInferenceComponentInvocationsPerCopy",
	"WorkSpacesAverageUserSessionsCapacityUtilization",
	"SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
	"SageMakerVariantConcurrentRequestsPerModelHighResolution",
}

// query is a part of the metric math of a policy.
var query = shape.Structure(
	required("Id", shape.Length(1, 255)),
	optional("Expression", shape.Length(1, 2048)),
	optional("Label", text1024),
	optional("ReturnData", shape.Flag()),
	optional("MetricStat", shape.Structure(
		required("Metric", shape.Structure(
			optional("MetricName", text255),
			optional("Namespace", text255),
			optional("Dimensions", shape.List("", shape.Structure(required("Name", text255), required("Value", text1024)))),
		)),
		required("Stat", text1024),
		optional("Unit", shape.Length(1, 1023)),
	)),
)

var putPolicyInput = id(
	required("PolicyName", shape.Length(1, 256)),
	optional("PolicyType", shape.Choice(stepScaling, targetTracking, "PredictiveScaling")),
	optional("StepScalingPolicyConfiguration", shape.Structure(
		optional("AdjustmentType", shape.Choice(changeInCapacity, percentChangeInCapacity, exactCapacity)),
		optional("StepAdjustments", shape.List("", shape.Structure(
			optional("MetricIntervalLowerBound", shape.Float()),
			optional("MetricIntervalUpperBound", shape.Float()),
			required("ScalingAdjustment", shape.Whole()),
		))),
		optional("MinAdjustmentMagnitude", shape.Whole()),
		optional("Cooldown", shape.AtLeast(0)),
		optional("MetricAggregationType", shape.Choice("Average", "Minimum", "Maximum")),
	)),
	optional("TargetTrackingScalingPolicyConfiguration", shape.Structure(
		required("TargetValue", shape.Float()),
		optional("PredefinedMetricSpecification", shape.Structure(
			required("PredefinedMetricType", shape.Choice(metricTypes...)),
			optional("ResourceLabel", shape.Length(1, 1023)),
		)),
		optional("CustomizedMetricSpecification", shape.Structure(append(metric,
			optional("Statistic", shape.Choice("Average", "Minimum", "Maximum", "SampleCount", "Sum")),
			optional("Unit", text1024),
			optional("Metrics", shape.List("", query)),
		)...)),
		optional("ScaleOutCooldown", shape.AtLeast(0)),
		optional("ScaleInCooldown", shape.AtLeast(0)),
		optional("DisableScaleIn", shape.Flag()),
	)),
)

var putActionInput = id(
	required("ScheduledActionName", shape.Length(1, 256)),
	optional("Schedule", identifier),
	optional("Timezone", identifier),
	optional("StartTime", shape.Time()),
	optional("EndTime", shape.Time()),
	optional("ScalableTargetAction", shape.Structure(
		optional("MinCapacity", capacity),
		optional("MaxCapacity", capacity),
	)),
)

var describeTargetsInput = shape.Structure(
	required("ServiceNamespace", shape.Choice(namespace)),
	names("ResourceIds"),
	optional("ScalableDimension", shape.Choice(dimensionNames...)),
	optional("MaxResults", shape.Between(1, maxPage)),
	optional("NextToken", shape.Length(0, 8192)),
)

// resourceARN is the member that names a scalable target in requests about tags.
var resourceARN = required("ResourceARN",
	shape.Pattern(1, 1011, `^arn:.+:application-autoscaling:.+:[0-9]+:scalable-target\/[a-zA-Z0-9-]+$`))
