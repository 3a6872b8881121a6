package sagemaker_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModelDataGoesToTheVolumeOfTheVariant(t *testing.T) {
	t.Parallel()
	on := func(instanceType types.ProductionVariantInstanceType, volumeGB *int32) types.ProductionVariant {
		return types.ProductionVariant{
			InstanceType: instanceType, InitialInstanceCount: aws.Int32(1), VolumeSizeInGB: volumeGB,
		}
	}
	for name, row := range map[string]struct {
		variant types.ProductionVariant
		// bytes is what the volume holds; 0 stands for the default.
		bytes int64
	}{
		"default":   {on("ml.m5.large", nil), 0},
		"given":     {on("ml.m5.large", aws.Int32(100)), 100 << 30},
		"own disks": {on("ml.g5.xlarge", nil), 64 << 30},
		"serverless": {types.ProductionVariant{ServerlessConfig: &types.ProductionVariantServerlessConfig{
			MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(1),
		}}, 5 << 30},
	} {
		w := newServingWorld(t)
		_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
			ModelName: aws.String("m"), ExecutionRoleArn: aws.String(roleARN),
			PrimaryContainer: &types.ContainerDefinition{Image: aws.String(repo + "a:1")},
		})
		require.NoError(t, err)
		row.variant.VariantName, row.variant.ModelName = aws.String("v"), aws.String("m")
		_, err = w.CreateEndpointConfig(t.Context(), &sdk.CreateEndpointConfigInput{
			EndpointConfigName: aws.String("c"), ProductionVariants: []types.ProductionVariant{row.variant},
		})
		require.NoError(t, err, name)
		_, err = w.CreateEndpoint(t.Context(), &sdk.CreateEndpointInput{
			EndpointName: aws.String("e"), EndpointConfigName: aws.String("c"),
		})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return len(w.fleets.all()) == 1 }, 10*time.Second, time.Millisecond)
		assert.Equal(t, row.bytes, w.fleets.all()[0].spec.VolumeBytes, name)
	}
}
