package sagemaker_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnInstanceTypeThatIsNotForHostingIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	code, message := w.call("CreateEndpointConfig",
		configOf(`"ModelName":"m","InstanceType":"m5.large","InitialInstanceCount":1`))
	assert.Equal(t, validation, code)
	assert.Regexp(t, `^1 validation error detected: Value 'm5.large' at 'productionVariants.1.member.instanceType' `+
		`failed to satisfy constraint: Member must satisfy enum value set: \[ml\.t2\.medium, .*\]$`, message)
}

func TestManyModelsAreRefusedOnSeveralGPUs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
		ModelName: aws.String("m"), ExecutionRoleArn: aws.String(roleARN),
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String(repo + "m:1"), Mode: types.ContainerModeMultiModel, ModelDataUrl: aws.String("s3://models/m/"),
		},
	})
	require.NoError(t, err)
	code, message := w.call("CreateEndpointConfig",
		configOf(`"ModelName":"m","InstanceType":"ml.g5.12xlarge","InitialInstanceCount":1`))
	assert.Equal(t, validation, code)
	assert.Equal(t, "MultiModel mode is not supported for instance type ml.g5.12xlarge.", message)
	w.config("c", variant("v", func(v *types.ProductionVariant) { v.InstanceType = "ml.g5.16xlarge" }))
}
