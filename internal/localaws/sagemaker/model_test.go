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

func TestAModelCannotMakeProgramsRunOtherCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := func(name string, containers ...types.ContainerDefinition) error {
		_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
			ModelName: &name, ExecutionRoleArn: aws.String(roleARN), Containers: containers,
		})
		return err
	}
	container := func(variables map[string]string) types.ContainerDefinition {
		return types.ContainerDefinition{Image: aws.String("repo/a:1"), Environment: variables}
	}
	const reason = "The local AWS refuses environment variables that can make a program run other code: "
	const advice = ". Its containers are processes of this machine. What an image sets itself goes into images.yaml, " +
		"under environment."
	requireError(t, create("attack", container(nil), container(map[string]string{"PYTHONWARNINGS": "x", "BROWSER": "x"})),
		"ValidationException", reason+"BROWSER, which is read by tools that run others; PYTHONWARNINGS, which is read by "+
			"Python"+advice)
	_, err := w.DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: aws.String("attack")})
	require.Error(t, err)
	require.NoError(t, create("ordinary", container(map[string]string{"SAGEMAKER_PROGRAM": "x", "PYTHONUNBUFFERED": "1"})))

	_, err = w.CreateModelPackageGroup(t.Context(), &sdk.CreateModelPackageGroupInput{
		ModelPackageGroupName: aws.String("packed"),
	})
	require.NoError(t, err)
	version, err := w.CreateModelPackage(t.Context(), &sdk.CreateModelPackageInput{
		ModelPackageGroupName: aws.String("packed"), ModelApprovalStatus: types.ModelApprovalStatusApproved,
		InferenceSpecification: &types.InferenceSpecification{
			Containers: []types.ModelPackageContainerDefinition{{
				Image: aws.String("repo/a:1"), Environment: map[string]string{"LD_PRELOAD": "x"},
			}},
		},
	})
	require.NoError(t, err)
	requireError(t, create("unpacked", types.ContainerDefinition{ModelPackageName: version.ModelPackageArn}),
		"ValidationException", reason+"LD_PRELOAD, which is read by the dynamic loader"+advice)
}
