package sagemaker

import "sagehost/localaws/protocol/shape"

var (
	entityName  = shape.Pattern(1, 63, `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`)
	description = shape.Pattern(0, 1024, `[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*`)
	anyLine     = shape.Pattern(0, 1024, `.*`)
	approval    = shape.Choice(approved, "Rejected", pending)
	// Go's patterns know no lookbehind, by which a name or an ARN must not end in a hyphen. Those of an ARN of a package
	// and of a source repeat something too often for it.
	groupOrARN   = shape.Length(1, 170)
	packageOrARN = shape.Length(1, 176)
	packageARN   = shape.Length(1, 2048)
	sourceURI    = shape.Length(0, 1024)
)

var (
	createGroupInput = shape.Structure(
		required("ModelPackageGroupName", entityName),
		optional("ModelPackageGroupDescription", description),
		optional("Tags", tags),
		optional("ManagedConfiguration", shape.Structure(optional("ManagedStorageType", shape.Choice("Restricted")))),
	)
	namedGroup      = shape.Structure(required("ModelPackageGroupName", groupOrARN))
	listGroupsInput = listInput(`[a-zA-Z0-9\-]+`,
		optional("SortBy", shape.Choice("Name", "CreationTime")),
		optional("CrossAccountFilterOption", shape.Choice("SameAccount", "CrossAccount")),
	)
	policyInput    = shape.Structure(required("ModelPackageGroupName", entityName))
	putPolicyInput = shape.Structure(
		required("ModelPackageGroupName", entityName),
		required("ResourcePolicy", shape.Pattern(1, 20480, `.*`)),
	)
)

var packageContainers = shape.ListOf(1, 15, shape.Structure(
	optional("ContainerHostname", shape.Text("ContainerHostname")),
	optional("Image", shape.Text("ContainerImage")),
	optional("ImageDigest", shape.Pattern(0, 72, `[Ss][Hh][Aa]256:[0-9a-fA-F]{64}`)),
	optional("ModelDataUrl", shape.Text("Url")),
	optional("ModelDataSource", modelDataSource),
	optional("ProductId", shape.Pattern(0, 256, `[a-zA-Z0-9](-*[a-zA-Z0-9])*`)),
	optional("Environment", environmentMap),
	optional("ModelInput", shape.Structure(required("DataInputConfig", shape.Pattern(1, 16384, `[\S\s]+`)))),
	optional("Framework", shape.Text("")),
	optional("FrameworkVersion", shape.Pattern(3, 10, `[0-9]\.[A-Za-z0-9.-]+`)),
	optional("NearestModelName", shape.Text("")),
	optional("AdditionalModelDataSources", additionalModelData),
))

// specification is an inference specification, with what an additional one has beside it.
func specification(more ...shape.Member) shape.Shape {
	return shape.Structure(append([]shape.Member{
		required("Containers", packageContainers),
		optional("SupportedTransformInstanceTypes", shape.ListAtLeast(1, shape.Enum("TransformInstanceType"))),
		optional("SupportedRealtimeInferenceInstanceTypes",
			shape.List("", shape.Enum("ProductionVariantInstanceType"))),
		optional("SupportedContentTypes", shape.List("", shape.Pattern(0, 256, `.*`))),
		optional("SupportedResponseMIMETypes", shape.List("", shape.Pattern(0, 1024, `[-\w]+\/.+`))),
	}, more...)...)
}

var additionalSpecifications = shape.ListOf(1, maxSpecifications,
	specification(required("Name", entityName), optional("Description", description)))

// packageInput is a request that makes or changes a package.
func packageInput(more ...shape.Member) shape.Shape {
	return shape.Structure(append([]shape.Member{
		optional("InferenceSpecification", specification()),
		optional("ModelApprovalStatus", approval),
		optional("ModelPackageRegistrationType", shape.Choice("Logged", "Registered")),
		optional("SourceUri", sourceURI),
		optional("ClientToken", shape.Pattern(1, 36, `[a-zA-Z0-9-]+`)),
	}, more...)...)
}

var (
	createPackageInput = packageInput(
		optional("ModelPackageName", entityName),
		optional("ModelPackageGroupName", groupOrARN),
		optional("ModelPackageDescription", description),
		optional("CertifyForMarketplace", shape.Flag()),
		optional("Tags", tags),
		optional("MetadataProperties", shape.Structure(
			optional("CommitId", anyLine), optional("Repository", anyLine),
			optional("GeneratedBy", anyLine), optional("ProjectId", anyLine),
		)),
		optional("Domain", shape.Text("")),
		optional("Task", shape.Text("")),
		optional("SamplePayloadUrl", shape.Text("S3Uri")),
		optional("AdditionalInferenceSpecifications", additionalSpecifications),
		optional("SkipModelValidation", shape.Choice("All", "None")),
		optional("ManagedStorageType", shape.Choice("Restricted")),
	)
	updatePackageInput = packageInput(
		required("ModelPackageArn", packageARN),
		optional("ApprovalDescription", anyLine),
		optional("AdditionalInferenceSpecificationsToAdd", additionalSpecifications),
	)
	namedPackage      = shape.Structure(required("ModelPackageName", packageOrARN))
	listPackagesInput = listInput(`[a-zA-Z0-9\-]+`,
		optional("SortBy", shape.Choice("Name", "CreationTime")),
		optional("ModelApprovalStatus", approval),
		optional("ModelPackageGroupName", groupOrARN),
		optional("ModelPackageType", shape.Choice("Versioned", "Unversioned", "Both")),
	)
)
