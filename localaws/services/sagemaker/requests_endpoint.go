package sagemaker

import "sagehost/localaws/protocol/shape"

// named is a request for one thing by its name.
func named(member string) shape.Shape {
	return shape.Structure(required(member, shape.Text(member)))
}

var capacitySize = shape.Structure(
	required("Type", shape.Enum("CapacitySizeType")),
	required("Value", shape.AtLeast(1)),
)

var deploymentConfig = shape.Structure(
	optional("BlueGreenUpdatePolicy", shape.Structure(
		required("TrafficRoutingConfiguration", shape.Structure(
			required("Type", shape.Enum("TrafficRoutingConfigType")),
			required("WaitIntervalInSeconds", shape.Integer("WaitIntervalInSeconds")),
			optional("CanarySize", capacitySize),
			optional("LinearStepSize", capacitySize),
		)),
		optional("TerminationWaitInSeconds", shape.Integer("TerminationWaitInSeconds")),
		optional("MaximumExecutionTimeoutInSeconds", shape.Integer("MaximumExecutionTimeoutInSeconds")),
	)),
	optional("RollingUpdatePolicy", shape.Structure(
		required("MaximumBatchSize", capacitySize),
		required("WaitIntervalInSeconds", shape.Integer("WaitIntervalInSeconds")),
		optional("MaximumExecutionTimeoutInSeconds", shape.Integer("MaximumExecutionTimeoutInSeconds")),
		optional("RollbackMaximumBatchSize", capacitySize),
	)),
	optional("AutoRollbackConfiguration", shape.Structure(
		optional("Alarms", shape.List("AlarmList", shape.Structure(
			// Package limits cannot match the pattern of an alarm's name, which only says "not blank".
			optional("AlarmName", shape.Length(1, 255)),
		))),
	)),
)

var createEndpointInput = shape.Structure(
	required("EndpointName", shape.Text("EndpointName")),
	required("EndpointConfigName", shape.Text("EndpointConfigName")),
	optional("DeploymentConfig", deploymentConfig),
	optional("Tags", tags),
)

var updateEndpointInput = shape.Structure(
	required("EndpointName", shape.Text("EndpointName")),
	required("EndpointConfigName", shape.Text("EndpointConfigName")),
	optional("RetainAllVariantProperties", shape.Flag()),
	optional("ExcludeRetainedVariantProperties", shape.ListOf(0, 3, shape.Structure(
		required("VariantPropertyType", shape.Enum("VariantPropertyType")),
	))),
	optional("DeploymentConfig", deploymentConfig),
	optional("RetainDeploymentConfig", shape.Flag()),
)

var scaleInput = shape.Structure(
	required("EndpointName", shape.Text("EndpointName")),
	required("DesiredWeightsAndCapacities", shape.ListAtLeast(1, shape.Structure(
		required("VariantName", shape.Text("VariantName")),
		optional("DesiredWeight", shape.FloatAtLeast(0)),
		optional("DesiredInstanceCount", shape.AtLeast(0)),
		optional("ServerlessUpdateConfig", shape.Structure(
			optional("MaxConcurrency", shape.Integer("ServerlessMaxConcurrency")),
			optional("ProvisionedConcurrency", shape.Integer("ServerlessProvisionedConcurrency")),
		)),
	))),
)

// listInput is a request for a listing; only endpoints have a status and a time of modification. The pattern is that
// of a part of a name, which the service model spells in two ways.
func listInput(part string, more ...shape.Member) shape.Shape {
	return shape.Structure(append([]shape.Member{
		optional("SortOrder", shape.Choice("Ascending", "Descending")),
		optional("NextToken", shape.Length(0, 8192)),
		optional("MaxResults", shape.Between(1, 100)),
		optional("NameContains", shape.Pattern(0, 63, part)),
		optional("CreationTimeBefore", shape.Time()),
		optional("CreationTimeAfter", shape.Time()),
	}, more...)...)
}

var (
	listInputs    = listInput(`[a-zA-Z0-9-]+`, optional("SortBy", shape.Choice("Name", "CreationTime")))
	listEndpoints = listInput(`[a-zA-Z0-9-]+`,
		optional("SortBy", shape.Choice("Name", "CreationTime", "Status")),
		optional("LastModifiedTimeBefore", shape.Time()),
		optional("LastModifiedTimeAfter", shape.Time()),
		optional("StatusEquals", shape.Enum("EndpointStatus")),
	)
)

var (
	addTagsInput = shape.Structure(
		required("ResourceArn", shape.Length(0, 256)),
		required("Tags", tags),
	)
	listTagsInput = shape.Structure(
		required("ResourceArn", shape.Length(0, 256)),
		optional("NextToken", shape.Length(0, 8192)),
		optional("MaxResults", shape.AtLeast(50)),
	)
	deleteTagsInput = shape.Structure(
		required("ResourceArn", shape.Length(0, 256)),
		required("TagKeys", shape.ListOf(1, 50, shape.Text("TagKey"))),
	)
)
