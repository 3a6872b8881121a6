package sagemaker

import "sagehost/localaws/protocol/shape"

// The shapes below cover what callers get wrong: names, numbers, enumerations and required members. Members that are
// not listed are stored and described as they came.

func required(name string, s shape.Shape) shape.Member { return shape.Required(name, s) }
func optional(name string, s shape.Shape) shape.Member { return shape.Optional(name, s) }

var (
	tags = shape.List("TagList", shape.Structure(
		required("Key", shape.Text("TagKey")),
		required("Value", shape.Text("TagValue")),
	))
	vpc = shape.Structure(
		required("SecurityGroupIds", shape.List("VpcSecurityGroupIds", shape.Text("SecurityGroupId"))),
		required("Subnets", shape.List("Subnets", shape.Pattern(0, 32, `[-0-9a-zA-Z]+`))),
	)
)

var createModelInput = shape.Structure(
	required("ModelName", shape.Text("ModelName")),
	optional("PrimaryContainer", container),
	optional("Containers", shape.List("ContainerDefinitionList", container)),
	optional("InferenceExecutionConfig", shape.Structure(required("Mode", shape.Enum("InferenceExecutionMode")))),
	optional("ExecutionRoleArn", shape.Text("RoleArn")),
	optional("VpcConfig", vpc),
	optional("EnableNetworkIsolation", shape.Flag()),
	optional("Tags", tags),
)

var s3DataSource = shape.Structure(
	required("S3Uri", shape.Text("S3ModelUri")),
	required("S3DataType", shape.Enum("S3ModelDataType")),
	required("CompressionType", shape.Enum("ModelCompressionType")),
)

var (
	modelDataSource     = shape.Structure(optional("S3DataSource", s3DataSource))
	additionalModelData = shape.List("AdditionalModelDataSources", shape.Structure(
		required("ChannelName", shape.Pattern(1, 64, `[A-Za-z0-9\.\-_]+`)),
		required("S3DataSource", s3DataSource),
	))
	environmentMap = shape.Map("EnvironmentMap", shape.Text("EnvironmentKey"), shape.Text("EnvironmentValue"))
)

var container = shape.Structure(
	optional("ContainerHostname", shape.Text("ContainerHostname")),
	optional("Image", shape.Text("ContainerImage")),
	optional("ImageConfig", shape.Structure(required("RepositoryAccessMode", shape.Enum("RepositoryAccessMode")))),
	optional("Mode", shape.Enum("ContainerMode")),
	optional("ModelDataUrl", shape.Text("Url")),
	optional("ModelDataSource", modelDataSource),
	optional("AdditionalModelDataSources", additionalModelData),
	optional("Environment", environmentMap),
	optional("ModelPackageName", shape.Length(1, 176)),
	optional("InferenceSpecificationName", entityName),
	optional("MultiModelConfig", shape.Structure(optional("ModelCacheSetting", shape.Enum("ModelCacheSetting")))),
)

var createConfigInput = shape.Structure(
	required("EndpointConfigName", shape.Text("EndpointConfigName")),
	required("ProductionVariants", shape.List("ProductionVariantList", variantInput)),
	optional("ShadowProductionVariants", shape.List("ProductionVariantList", variantInput)),
	optional("DataCaptureConfig", dataCapture),
	optional("AsyncInferenceConfig", asyncInference),
	optional("KmsKeyId", shape.Text("KmsKeyId")),
	optional("ExecutionRoleArn", shape.Text("RoleArn")),
	optional("VpcConfig", vpc),
	optional("EnableNetworkIsolation", shape.Flag()),
	optional("Tags", tags),
)

var variantInput = shape.Structure(
	required("VariantName", shape.Text("VariantName")),
	optional("ModelName", shape.Text("ModelName")),
	optional("InitialInstanceCount", shape.AtLeast(1)),
	optional("InstanceType", shape.Enum("ProductionVariantInstanceType")),
	optional("InitialVariantWeight", shape.FloatAtLeast(0)),
	optional("ServerlessConfig", shape.Structure(
		required("MemorySizeInMB", shape.Integer("ServerlessMemorySizeInMB")),
		required("MaxConcurrency", shape.Integer("ServerlessMaxConcurrency")),
		optional("ProvisionedConcurrency", shape.Integer("ServerlessProvisionedConcurrency")),
	)),
	optional("VolumeSizeInGB", shape.Integer("ProductionVariantVolumeSizeInGB")),
	optional("ModelDataDownloadTimeoutInSeconds",
		shape.Integer("ProductionVariantModelDataDownloadTimeoutInSeconds")),
	optional("ContainerStartupHealthCheckTimeoutInSeconds",
		shape.Integer("ProductionVariantContainerStartupHealthCheckTimeoutInSeconds")),
	optional("EnableSSMAccess", shape.Flag()),
	optional("RoutingConfig", shape.Structure(required("RoutingStrategy", shape.Enum("RoutingStrategy")))),
	optional("InferenceAmiVersion", shape.Enum("ProductionVariantInferenceAmiVersion")),
	optional("ManagedInstanceScaling", shape.Structure(
		optional("Status", shape.Choice("ENABLED", "DISABLED")),
		optional("MinInstanceCount", shape.AtLeast(0)),
		optional("MaxInstanceCount", shape.AtLeast(1)),
	)),
	optional("InstancePools", shape.List("InstancePoolList", shape.Structure(
		required("InstanceType", shape.Enum("ProductionVariantInstanceType")),
		required("Priority", shape.Between(1, 5)),
	))),
)

var dataCapture = shape.Structure(
	optional("EnableCapture", shape.Flag()),
	required("InitialSamplingPercentage", shape.Integer("SamplingPercentage")),
	required("DestinationS3Uri", shape.Text("DestinationS3Uri")),
	optional("KmsKeyId", shape.Text("KmsKeyId")),
	required("CaptureOptions", shape.List("CaptureOptionList",
		shape.Structure(required("CaptureMode", shape.Enum("CaptureMode"))))),
	optional("CaptureContentTypeHeader", shape.Structure(
		optional("CsvContentTypes", shape.List("CsvContentTypes", shape.Text("CsvContentType"))),
		optional("JsonContentTypes", shape.List("JsonContentTypes", shape.Text("JsonContentType"))),
	)),
)

var topicARN = shape.Pattern(0, 2048, `arn:aws[a-z\-]*:sns:[a-z0-9\-]*:[0-9]{12}:[a-zA-Z0-9_.-]+`)

var asyncInference = shape.Structure(
	optional("ClientConfig", shape.Structure(
		optional("MaxConcurrentInvocationsPerInstance", shape.Integer("MaxConcurrentInvocationsPerInstance")),
	)),
	required("OutputConfig", shape.Structure(
		optional("KmsKeyId", shape.Text("KmsKeyId")),
		optional("S3OutputPath", shape.Text("DestinationS3Uri")),
		optional("S3FailurePath", shape.Text("DestinationS3Uri")),
		optional("NotificationConfig", shape.Structure(
			optional("SuccessTopic", topicARN),
			optional("ErrorTopic", topicARN),
			optional("IncludeInferenceResponseIn",
				shape.ListOf(0, 2, shape.Choice("SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"))),
		)),
	)),
)
