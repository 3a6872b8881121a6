package transform

import "sagehost/localaws/protocol/shape"

func required(name string, s shape.Shape) shape.Member { return shape.Required(name, s) }
func optional(name string, s shape.Shape) shape.Member { return shape.Optional(name, s) }

var namedInput = shape.Structure(required("TransformJobName", shape.Text("TransformJobName")))

var createInput = shape.Structure(
	required("TransformJobName", shape.Text("TransformJobName")),
	required("ModelName", shape.Text("ModelName")),
	optional("MaxConcurrentTransforms", shape.AtLeast(0)),
	optional("ModelClientConfig", shape.Structure(
		optional("InvocationsTimeoutInSeconds", shape.Integer("InvocationsTimeoutInSeconds")),
		optional("InvocationsMaxRetries", shape.Integer("InvocationsMaxRetries")),
	)),
	optional("MaxPayloadInMB", shape.AtLeast(0)),
	optional("BatchStrategy", shape.Enum("BatchStrategy")),
	optional("Environment", shape.Map("TransformEnvironmentMap",
		shape.Text("EnvironmentKey"), shape.Text("TransformEnvironmentValue"))),
	required("TransformInput", shape.Structure(
		required("DataSource", shape.Structure(required("S3DataSource", shape.Structure(
			required("S3DataType", shape.Choice(manifestFile, s3Prefix, "AugmentedManifestFile", "Converse")),
			required("S3Uri", shape.Text("S3Uri")),
		)))),
		optional("ContentType", shape.Length(0, 256)),
		optional("CompressionType", shape.Choice("None", gzipped)),
		optional("SplitType", shape.Enum("SplitType")),
	)),
	required("TransformOutput", shape.Structure(
		required("S3OutputPath", shape.Text("S3Uri")),
		optional("Accept", shape.Length(0, 256)),
		optional("AssembleWith", shape.Enum("AssemblyType")),
		optional("KmsKeyId", shape.Text("KmsKeyId")),
	)),
	optional("DataCaptureConfig", shape.Structure(
		required("DestinationS3Uri", shape.Text("S3Uri")),
		optional("KmsKeyId", shape.Text("KmsKeyId")),
		optional("GenerateInferenceId", shape.Flag()),
	)),
	required("TransformResources", shape.Structure(
		required("InstanceType", shape.Enum("TransformInstanceType")),
		// The service model names no maximum; its documentation does.
		required("InstanceCount", shape.Between(1, 100)),
		optional("VolumeKmsKeyId", shape.Text("KmsKeyId")),
		optional("TransformAmiVersion", shape.Pattern(1, 63, `[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*`)),
	)),
	optional("DataProcessing", shape.Structure(
		optional("InputFilter", shape.Length(0, 63)),
		optional("OutputFilter", shape.Length(0, 63)),
		optional("JoinSource", shape.Enum("JoinSource")),
	)),
	optional("ExperimentConfig", shape.Structure(
		optional("ExperimentName", experimentName),
		optional("TrialName", experimentName),
		optional("TrialComponentDisplayName", experimentName),
		optional("RunName", experimentName),
	)),
	optional("Tags", shape.List("TagList", shape.Structure(
		required("Key", shape.Text("TagKey")),
		required("Value", shape.Text("TagValue")),
	))),
)

var experimentName = shape.Pattern(1, 120, `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}`)

var listInput = shape.Structure(
	optional("CreationTimeAfter", shape.Time()),
	optional("CreationTimeBefore", shape.Time()),
	optional("LastModifiedTimeAfter", shape.Time()),
	optional("LastModifiedTimeBefore", shape.Time()),
	optional("NameContains", shape.Pattern(0, 63, `[a-zA-Z0-9\-]+`)),
	optional("StatusEquals", shape.Choice(inProgress, completed, failed, stopping, stopped)),
	optional("SortBy", shape.Choice("Name", "CreationTime", "Status")),
	optional("SortOrder", shape.Choice("Ascending", "Descending")),
	optional("NextToken", shape.Length(0, 8192)),
	optional("MaxResults", shape.Between(1, 100)),
)
