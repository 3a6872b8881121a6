package model

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/s3uri"
)

// container is a container together with where its data is. A location has one form, so that writing it in another
// makes no new model.
type container struct {
	Stage

	// data is the URI of the archive, or of the prefix; nil where the model is part of the image.
	data pulumi.StringInput
}

func (a *Args) containers() []container {
	stages := a.Stages()
	list := make([]container, len(stages))
	for i, stage := range stages {
		list[i] = container{Stage: stage, data: a.uri(i)}
		if list[i].data != nil {
			continue
		}
		switch {
		case stage.Artifact != "":
			list[i].data = pulumi.String(s3uri.Normalize(stage.Artifact))
		case stage.ArtifactPrefix != "":
			list[i].data = prefix(stage.ArtifactPrefix)
		case stage.MultiModel != nil:
			list[i].data = prefix(stage.MultiModel.Prefix)
		}
	}
	return list
}

// prefix is the s3:// URI of a prefix, which ends in "/" even where it is a whole bucket: SageMaker demands it of an
// S3Prefix (API reference, S3ModelDataSource).
func prefix(uri string) pulumi.StringInput {
	at, _ := s3uri.Parse(uri)
	return pulumi.String(at.String())
}

func (c *container) environment() pulumi.StringMapInput {
	if len(c.Environment) == 0 {
		return nil
	}
	return pulumi.ToStringMap(c.Environment)
}

// cacheSetting is the value of ModelCacheSetting.
func (m *MultiModel) cacheSetting() pulumi.String {
	if m.Cached() {
		return "Enabled"
	}
	return "Disabled"
}

const (
	multiModelMode = pulumi.String("MultiModel")
	prefixType     = pulumi.String("S3Prefix")
	uncompressed   = pulumi.String("None")
)

// primary renders the only container of a model. It says what stage says, in types of its own.
func (c *container) primary() sagemaker.ModelPrimaryContainerArgs {
	args := sagemaker.ModelPrimaryContainerArgs{Image: pulumi.String(c.Image), Environment: c.environment()}
	if config := c.ImageConfig; config != nil {
		image := sagemaker.ModelPrimaryContainerImageConfigArgs{
			RepositoryAccessMode: pulumi.String(config.RepositoryAccessMode),
		}
		if arn := config.RepositoryCredentialsProviderARN; arn != "" {
			image.RepositoryAuthConfig = sagemaker.ModelPrimaryContainerImageConfigRepositoryAuthConfigArgs{
				RepositoryCredentialsProviderArn: pulumi.String(arn),
			}
		}
		args.ImageConfig = image
	}
	switch {
	case c.ArtifactPrefix != "":
		args.ModelDataSource = sagemaker.ModelPrimaryContainerModelDataSourceArgs{
			S3DataSources: sagemaker.ModelPrimaryContainerModelDataSourceS3DataSourceArray{
				sagemaker.ModelPrimaryContainerModelDataSourceS3DataSourceArgs{
					S3Uri: c.data, S3DataType: prefixType, CompressionType: uncompressed,
				},
			},
		}
	case c.data != nil:
		args.ModelDataUrl = c.data
	}
	if c.MultiModel != nil {
		args.Mode = multiModelMode
		args.MultiModelConfig = sagemaker.ModelPrimaryContainerMultiModelConfigArgs{
			ModelCacheSetting: c.MultiModel.cacheSetting(),
		}
	}
	return args
}

// stage renders a container of a pipeline.
func (c *container) stage() sagemaker.ModelContainerArgs {
	args := sagemaker.ModelContainerArgs{Image: pulumi.String(c.Image), Environment: c.environment()}
	if c.Hostname != "" {
		args.ContainerHostname = pulumi.String(c.Hostname)
	}
	if config := c.ImageConfig; config != nil {
		image := sagemaker.ModelContainerImageConfigArgs{
			RepositoryAccessMode: pulumi.String(config.RepositoryAccessMode),
		}
		if arn := config.RepositoryCredentialsProviderARN; arn != "" {
			image.RepositoryAuthConfig = sagemaker.ModelContainerImageConfigRepositoryAuthConfigArgs{
				RepositoryCredentialsProviderArn: pulumi.String(arn),
			}
		}
		args.ImageConfig = image
	}
	switch {
	case c.ArtifactPrefix != "":
		args.ModelDataSource = sagemaker.ModelContainerModelDataSourceArgs{
			S3DataSources: sagemaker.ModelContainerModelDataSourceS3DataSourceArray{
				sagemaker.ModelContainerModelDataSourceS3DataSourceArgs{
					S3Uri: c.data, S3DataType: prefixType, CompressionType: uncompressed,
				},
			},
		}
	case c.data != nil:
		args.ModelDataUrl = c.data
	}
	if c.MultiModel != nil {
		args.Mode = multiModelMode
		args.MultiModelConfig = sagemaker.ModelContainerMultiModelConfigArgs{
			ModelCacheSetting: c.MultiModel.cacheSetting(),
		}
	}
	return args
}
