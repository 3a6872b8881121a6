package sagemaker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
)

func TestDescribeModelRepeatsTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := &sdk.CreateModelInput{
		ModelName: aws.String("M-1"), ExecutionRoleArn: aws.String(roleARN), EnableNetworkIsolation: aws.Bool(true),
		Containers: []types.ContainerDefinition{
			{
				Image: aws.String(repo + "a:1"), ContainerHostname: aws.String("a"), Mode: types.ContainerModeMultiModel,
				ModelDataUrl: aws.String("s3://b/models/"), Environment: map[string]string{"A": "1", "B": ""},
				MultiModelConfig: &types.MultiModelConfig{ModelCacheSetting: types.ModelCacheSettingDisabled},
			},
			{
				Image: aws.String(repo + "b:1"), ContainerHostname: aws.String("b"),
				ModelDataSource: &types.ModelDataSource{S3DataSource: &types.S3ModelDataSource{
					S3Uri: aws.String("s3://b/m/"), S3DataType: types.S3ModelDataTypeS3Prefix,
					CompressionType: types.ModelCompressionTypeNone,
				}},
			},
		},
		InferenceExecutionConfig: &types.InferenceExecutionConfig{Mode: types.InferenceExecutionModeDirect},
		VpcConfig: &types.VpcConfig{
			SecurityGroupIds: []string{"sg-1"}, Subnets: []string{"subnet-1", "subnet-2"},
		},
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}},
	}
	created, err := w.CreateModel(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, arnPrefix+"model/m-1", *created.ModelArn)
	out, err := w.DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: aws.String("M-1")})
	require.NoError(t, err)
	assert.Equal(t, *created.ModelArn, *out.ModelArn)
	assert.Equal(t, "M-1", *out.ModelName)
	assert.Equal(t, epoch, out.CreationTime.UTC())
	assert.Equal(t, in.Containers, out.Containers)
	assert.Equal(t, in.InferenceExecutionConfig, out.InferenceExecutionConfig)
	assert.Equal(t, in.VpcConfig, out.VpcConfig)
	assert.Equal(t, in.EnableNetworkIsolation, out.EnableNetworkIsolation)
	assert.Equal(t, in.ExecutionRoleArn, out.ExecutionRoleArn)
}

func capture() *types.DataCaptureConfig {
	return &types.DataCaptureConfig{
		EnableCapture: aws.Bool(true), InitialSamplingPercentage: aws.Int32(20),
		DestinationS3Uri: aws.String("s3://b/capture"), KmsKeyId: aws.String("key"),
		CaptureOptions: []types.CaptureOption{{CaptureMode: types.CaptureModeInput}},
	}
}

func TestDescribeEndpointConfigRepeatsTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	main := variant("main", func(v *types.ProductionVariant) {
		v.InitialVariantWeight = aws.Float32(2)
		v.VolumeSizeInGB = aws.Int32(30)
		v.ContainerStartupHealthCheckTimeoutInSeconds = aws.Int32(600)
		v.RoutingConfig = &types.ProductionVariantRoutingConfig{RoutingStrategy: types.RoutingStrategyRandom}
		v.EnableSSMAccess = aws.Bool(true)
	})
	in := &sdk.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("c"), KmsKeyId: aws.String("key"), DataCaptureConfig: capture(),
		ProductionVariants:       []types.ProductionVariant{main},
		ShadowProductionVariants: []types.ProductionVariant{variant("shadow")},
		ExecutionRoleArn:         aws.String(roleARN), EnableNetworkIsolation: aws.Bool(true),
		VpcConfig: &types.VpcConfig{SecurityGroupIds: []string{"sg-1"}, Subnets: []string{"subnet-1"}},
	}
	_, err := w.CreateEndpointConfig(t.Context(), in)
	require.NoError(t, err)
	out, err := w.DescribeEndpointConfig(t.Context(),
		&sdk.DescribeEndpointConfigInput{EndpointConfigName: aws.String("c")})
	require.NoError(t, err)
	assert.Equal(t, arnPrefix+"endpoint-config/c", *out.EndpointConfigArn)
	assert.Equal(t, in.ProductionVariants, out.ProductionVariants)
	in.ShadowProductionVariants[0].InitialVariantWeight = aws.Float32(1)
	assert.Equal(t, in.ShadowProductionVariants, out.ShadowProductionVariants, "a weight that was not given is 1")
	assert.Equal(t, in.DataCaptureConfig, out.DataCaptureConfig)
	assert.Equal(t, in.VpcConfig, out.VpcConfig)
	assert.Equal(t, in.EnableNetworkIsolation, out.EnableNetworkIsolation)
	assert.Equal(t, in.ExecutionRoleArn, out.ExecutionRoleArn)
	assert.Equal(t, in.KmsKeyId, out.KmsKeyId)

	w.endpoint("e", "c")
	w.pass(time.Hour)
	e := w.describe("e")
	assert.Equal(t, &types.DataCaptureConfigSummary{
		EnableCapture: aws.Bool(true), CaptureStatus: types.CaptureStatusStarted, KmsKeyId: aws.String("key"),
		CurrentSamplingPercentage: aws.Int32(20), DestinationS3Uri: aws.String("s3://b/capture"),
	}, e.DataCaptureConfig)
	assert.Equal(t, float32(2), *e.ProductionVariants[0].CurrentWeight)
	assert.Equal(t, main.RoutingConfig, e.ProductionVariants[0].RoutingConfig)
	assert.Equal(t, "shadow", *e.ShadowProductionVariants[0].VariantName)
}

func TestAnAsynchronousConfigurationIsDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	in := &sdk.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("c"), ProductionVariants: []types.ProductionVariant{variant("main")},
		AsyncInferenceConfig: &types.AsyncInferenceConfig{
			ClientConfig: &types.AsyncInferenceClientConfig{MaxConcurrentInvocationsPerInstance: aws.Int32(4)},
			OutputConfig: &types.AsyncInferenceOutputConfig{S3OutputPath: aws.String("s3://b/out")},
		},
	}
	_, err := w.CreateEndpointConfig(t.Context(), in)
	require.NoError(t, err)
	out, err := w.DescribeEndpointConfig(t.Context(),
		&sdk.DescribeEndpointConfigInput{EndpointConfigName: aws.String("c")})
	require.NoError(t, err)
	assert.Equal(t, in.AsyncInferenceConfig, out.AsyncInferenceConfig)
	w.endpoint("e", "c")
	w.pass(time.Hour)
	assert.Equal(t, in.AsyncInferenceConfig, w.describe("e").AsyncInferenceConfig)
}

func guard(alarm string) *types.DeploymentConfig {
	return &types.DeploymentConfig{
		AutoRollbackConfiguration: &types.AutoRollbackConfig{Alarms: []types.Alarm{{AlarmName: aws.String(alarm)}}},
		BlueGreenUpdatePolicy: &types.BlueGreenUpdatePolicy{
			TerminationWaitInSeconds: aws.Int32(60), MaximumExecutionTimeoutInSeconds: aws.Int32(1800),
			TrafficRoutingConfiguration: &types.TrafficRoutingConfig{
				Type: types.TrafficRoutingConfigTypeCanary, WaitIntervalInSeconds: aws.Int32(300),
				CanarySize: &types.CapacitySize{Type: types.CapacitySizeTypeCapacityPercent, Value: aws.Int32(10)},
			},
		},
	}
}

func TestTheLastDeploymentConfigurationIsDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	w.config("c1", variant("v"))
	_, err := w.CreateEndpoint(t.Context(), &sdk.CreateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("c1"), DeploymentConfig: guard("a"),
	})
	require.NoError(t, err)
	w.pass(time.Hour)
	assert.Equal(t, guard("a"), w.describe("e").LastDeploymentConfig)
	require.NoError(t, w.update("c1", func(in *sdk.UpdateEndpointInput) { in.DeploymentConfig = guard("b") }))
	assert.Equal(t, guard("b"), w.describe("e").LastDeploymentConfig)
	w.pass(time.Hour)
	require.NoError(t, w.update("c1", func(in *sdk.UpdateEndpointInput) { in.RetainDeploymentConfig = aws.Bool(true) }))
	assert.Equal(t, guard("b"), w.describe("e").LastDeploymentConfig)
	w.pass(time.Hour)
	require.NoError(t, w.update("c1"))
	assert.Nil(t, w.describe("e").LastDeploymentConfig)
}

func TestAServerlessVariantHasConcurrencyInsteadOfInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(types.ProductionVariant{
		VariantName: aws.String("v"), ModelName: aws.String("m"),
		ServerlessConfig: &types.ProductionVariantServerlessConfig{
			MemorySizeInMB: aws.Int32(2048), MaxConcurrency: aws.Int32(5), ProvisionedConcurrency: aws.Int32(2),
		},
	})
	_, err := w.UpdateEndpointWeightsAndCapacities(t.Context(), &sdk.UpdateEndpointWeightsAndCapacitiesInput{
		EndpointName: aws.String("e"),
		DesiredWeightsAndCapacities: []types.DesiredWeightAndCapacity{{
			VariantName:            aws.String("v"),
			ServerlessUpdateConfig: &types.ProductionVariantServerlessUpdateConfig{MaxConcurrency: aws.Int32(9)},
		}},
	})
	require.NoError(t, err)
	v := w.describe("e").ProductionVariants[0]
	assert.Nil(t, v.CurrentInstanceCount)
	assert.Equal(t, int32(5), *v.CurrentServerlessConfig.MaxConcurrency)
	assert.Equal(t, int32(9), *v.DesiredServerlessConfig.MaxConcurrency)
	assert.Equal(t, int32(2), *v.DesiredServerlessConfig.ProvisionedConcurrency)
}

func TestAPipelineHasTheImagesOfItsContainersInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
		ModelName: aws.String("m"), ExecutionRoleArn: aws.String(roleARN),
		Containers: []types.ContainerDefinition{
			{Image: aws.String(repo + "a")}, {Image: aws.String(repo + "b:2")},
		},
	})
	require.NoError(t, err)
	w.config("c", variant("v"))
	w.endpoint("e", "c")
	w.pass(time.Hour)
	images := w.describe("e").ProductionVariants[0].DeployedImages
	require.Len(t, images, 2)
	assert.Equal(t, repo+"a", *images[0].SpecifiedImage)
	assert.Regexp(t, "^"+repo+"a@sha256:", *images[0].ResolvedImage)
	assert.Equal(t, repo+"b:2", *images[1].SpecifiedImage)
}

func TestATagNamesWhatTheRegistrySaysItDoes(t *testing.T) {
	t.Parallel()
	pushed := "sha256:" + strings.Repeat("7", 64)
	w := newWorld(t, func(o *sagemaker.Options) {
		o.Digest = func(image string) string { return map[string]string{repo + "m:1": pushed}[image] }
	})
	w.model("m", repo+"m:1")
	w.model("n", repo+"m:2")
	for endpoint, want := range map[string]string{
		"m": "^" + repo + "m@" + pushed + "$", "n": "^" + repo + "m@sha256:[0-9a-f]{64}$",
	} {
		w.config(endpoint, variant("v", func(v *types.ProductionVariant) { v.ModelName = aws.String(endpoint) }))
		w.endpoint(endpoint, endpoint)
		w.pass(time.Hour)
		assert.Regexp(t, want, *w.describe(endpoint).ProductionVariants[0].DeployedImages[0].ResolvedImage)
	}
}

func TestRegionsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	_, err := w.in("cn-north-1").DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: aws.String("m")})
	requireError(t, err, "ValidationException",
		`Could not find model "arn:aws-cn:sagemaker:cn-north-1:123456789012:model/m".`)
}
