package sagemaker_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"

	"sagehost/internal/localaws/sagemaker"
)

func TestManyModelsNeedAPrefixWithSomethingBeneathIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sagemaker.Options) {
		o.Stored = func(region, prefix string) bool { return region == "eu-central-1" && prefix == "s3://b/full/" }
	})
	create := func(name, prefix string, mode types.ContainerMode) error {
		_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
			ModelName: &name, ExecutionRoleArn: aws.String(roleARN), PrimaryContainer: &types.ContainerDefinition{
				Image: aws.String("repo/a:1"), Mode: mode, ModelDataUrl: &prefix,
			},
		})
		return err
	}
	require.NoError(t, create("full", "s3://b/full/", types.ContainerModeMultiModel))
	requireError(t, create("empty", "s3://b/empty/", types.ContainerModeMultiModel), "ValidationException",
		"Could not find model data at s3://b/empty/.")
	require.NoError(t, create("one", "s3://b/empty/model.tar.gz", types.ContainerModeSingleModel),
		"one that is missing makes the endpoint fail")
}
