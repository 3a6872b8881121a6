package endpoint

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func productionVariants(variants []Variant) sagemaker.EndpointConfigurationProductionVariantArray {
	list := make(sagemaker.EndpointConfigurationProductionVariantArray, len(variants))
	for i := range variants {
		list[i] = productionVariant(&variants[i])
	}
	return list
}

func productionVariant(v *Variant) sagemaker.EndpointConfigurationProductionVariantArgs {
	variant := sagemaker.EndpointConfigurationProductionVariantArgs{
		VariantName:          pulumi.String(v.Name),
		ModelName:            v.ModelName,
		InitialVariantWeight: pulumi.Float64(v.TrafficWeight()),
	}
	if s := v.Serverless; s != nil {
		config := sagemaker.EndpointConfigurationProductionVariantServerlessConfigArgs{
			MemorySizeInMb: pulumi.Int(s.MemorySizeMB),
			MaxConcurrency: pulumi.Int(s.MaxConcurrency),
		}
		if n := s.ProvisionedConcurrency; n != nil {
			config.ProvisionedConcurrency = pulumi.Int(*n)
		}
		variant.ServerlessConfig = config
		return variant
	}
	variant.InstanceType = pulumi.String(v.InstanceType)
	variant.InitialInstanceCount = pulumi.Int(v.InstanceCount())
	if timeout := v.ContainerStartupHealthCheckTimeout; timeout != nil {
		variant.ContainerStartupHealthCheckTimeoutInSeconds = seconds(*timeout)
	}
	if timeout := v.ModelDataDownloadTimeout; timeout != nil {
		variant.ModelDataDownloadTimeoutInSeconds = seconds(*timeout)
	}
	if size := v.VolumeSizeGB; size != nil {
		variant.VolumeSizeInGb = pulumi.Int(*size)
	}
	if v.RoutingStrategy != "" {
		variant.RoutingConfigs = sagemaker.EndpointConfigurationProductionVariantRoutingConfigArray{
			sagemaker.EndpointConfigurationProductionVariantRoutingConfigArgs{
				RoutingStrategy: pulumi.String(v.RoutingStrategy),
			},
		}
	}
	if v.InferenceAMIVersion != "" {
		variant.InferenceAmiVersion = pulumi.String(v.InferenceAMIVersion)
	}
	return variant
}

// shadowVariants is the list of the one shadow; nil without. It is a production variant under another name of the type.
func shadowVariants(shadow *Variant) sagemaker.EndpointConfigurationShadowProductionVariantArrayInput {
	if shadow == nil {
		return nil
	}
	v := productionVariant(shadow)
	same := sagemaker.EndpointConfigurationShadowProductionVariantArgs{
		VariantName:          v.VariantName,
		ModelName:            v.ModelName,
		InitialVariantWeight: v.InitialVariantWeight,
		InstanceType:         v.InstanceType,
		InitialInstanceCount: v.InitialInstanceCount,
		ContainerStartupHealthCheckTimeoutInSeconds: v.ContainerStartupHealthCheckTimeoutInSeconds,
		ModelDataDownloadTimeoutInSeconds:           v.ModelDataDownloadTimeoutInSeconds,
		VolumeSizeInGb:                              v.VolumeSizeInGb,
		InferenceAmiVersion:                         v.InferenceAmiVersion,
	}
	if shadow.RoutingStrategy != "" {
		same.RoutingConfigs = sagemaker.EndpointConfigurationShadowProductionVariantRoutingConfigArray{
			sagemaker.EndpointConfigurationShadowProductionVariantRoutingConfigArgs{
				RoutingStrategy: pulumi.String(shadow.RoutingStrategy),
			},
		}
	}
	return sagemaker.EndpointConfigurationShadowProductionVariantArray{same}
}
