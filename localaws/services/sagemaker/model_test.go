package sagemaker_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
)

// stored are the objects of one region.
type stored []string

func (s stored) Has(region, uri string) bool {
	return region == "eu-central-1" && slices.Contains(s, uri)
}

func (s stored) HasBeneath(region, prefix string) bool {
	return region == "eu-central-1" &&
		slices.ContainsFunc(s, func(uri string) bool { return strings.HasPrefix(uri, prefix) })
}

// ofContainer makes a model of a container.
func (w *world) ofContainer(container types.ContainerDefinition) error {
	w.t.Helper()
	_, err := w.CreateModel(w.t.Context(), &sdk.CreateModelInput{
		ModelName: aws.String("a"), ExecutionRoleArn: aws.String(roleARN), PrimaryContainer: &container,
	})
	if err == nil {
		_, err = w.DeleteModel(w.t.Context(), &sdk.DeleteModelInput{ModelName: aws.String("a")})
	}
	return err
}

func TestAModelIsMadeOfDataThatIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sagemaker.Options) { o.Objects = stored{"s3://b/one/model.tar.gz"} })
	source := func(uri string, kind types.S3ModelDataType) types.ContainerDefinition {
		return types.ContainerDefinition{ModelDataSource: &types.ModelDataSource{S3DataSource: &types.S3ModelDataSource{
			S3Uri: &uri, S3DataType: kind, CompressionType: types.ModelCompressionTypeNone,
		}}}
	}
	archive := func(uri string, mode types.ContainerMode) types.ContainerDefinition {
		return types.ContainerDefinition{ModelDataUrl: &uri, Mode: mode}
	}
	for name, row := range map[string]struct {
		container types.ContainerDefinition
		missing   string
	}{
		"none":       {types.ContainerDefinition{}, ""},
		"an archive": {archive("s3://b/one/model.tar.gz", ""), ""},
		"a missing archive": {
			archive("s3://b/two/model.tar.gz", types.ContainerModeSingleModel), "s3://b/two/model.tar.gz",
		},
		"a prefix for an archive":  {archive("s3://b/one/", ""), "s3://b/one/"},
		"part of an archive's key": {archive("s3://b/one/model.tar", ""), "s3://b/one/model.tar"},
		"many models":              {archive("s3://b/one/", types.ContainerModeMultiModel), ""},
		"many models of none":      {archive("s3://b/two/", types.ContainerModeMultiModel), "s3://b/two/"},
		"an archive for a prefix": {
			archive("s3://b/one/model.tar.gz", types.ContainerModeMultiModel), "s3://b/one/model.tar.gz",
		},
		"files":           {source("s3://b/one/", types.S3ModelDataTypeS3Prefix), ""},
		"no files":        {source("s3://b/two/", types.S3ModelDataTypeS3Prefix), "s3://b/two/"},
		"a file":          {source("s3://b/one/model.tar.gz", types.S3ModelDataTypeS3Object), ""},
		"a missing file":  {source("s3://b/two", types.S3ModelDataTypeS3Object), "s3://b/two"},
		"files of a file": {source("s3://b/one/", types.S3ModelDataTypeS3Object), "s3://b/one/"},
	} {
		row.container.Image = aws.String(repo + "a:1")
		err := w.ofContainer(row.container)
		if row.missing == "" {
			require.NoError(t, err, name)
			continue
		}
		requireError(t, err, "ValidationException", "Could not find model data at "+row.missing+".")
	}
	unfinished := source("s3://b/one", types.S3ModelDataTypeS3Prefix)
	unfinished.Image = aws.String(repo + "a:1")
	requireError(t, w.ofContainer(unfinished), "ValidationException",
		"The S3Uri s3://b/one of S3DataType S3Prefix must end with a forward slash (/).")
}

func TestImagesArePulledFromTheRegionsRegistry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vpc := &types.ImageConfig{RepositoryAccessMode: types.RepositoryAccessModeVpc}
	const (
		foreign = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
		wrong   = "123456789012.dkr.ecr.eu-central-1.amazonaws.com.cn/a:1"
	)
	for _, row := range []struct {
		image  string
		config *types.ImageConfig
		want   string
	}{
		{repo + "a:1", nil, ""},
		{repo + "a:1", &types.ImageConfig{RepositoryAccessMode: types.RepositoryAccessModePlatform}, ""},
		{"763104351884.dkr.ecr.eu-central-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312", nil, ""},
		{"123456789012.dkr.ecr-fips.eu-central-1.amazonaws.com/a:1", nil, ""},
		{
			foreign, nil, `Region of "` + foreign + `" does not match expected region of eu-central-1. ` +
				"Cross region ECR image pulls are not allowed.",
		},
		{wrong, nil, `ECR image "` + wrong + `" is invalid.`},
		{"nginx:1.27", nil, `Using non-ECR image "nginx:1.27" without Vpc repository access mode is not supported.`},
		{
			"public.ecr.aws/nginx/nginx:1.27", nil,
			`Using non-ECR image "public.ecr.aws/nginx/nginx:1.27" without Vpc repository access mode is not supported.`,
		},
		{"registry.example.com/a:1", vpc, ""},
		{foreign, vpc, ""},
	} {
		err := w.ofContainer(types.ContainerDefinition{Image: &row.image, ImageConfig: row.config})
		if row.want == "" {
			require.NoError(t, err, row.image)
			continue
		}
		requireError(t, err, "ValidationException", row.want)
	}
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
		return types.ContainerDefinition{Image: aws.String(repo + "a:1"), Environment: variables}
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
				Image: aws.String(repo + "a:1"), Environment: map[string]string{"LD_PRELOAD": "x"},
			}},
		},
	})
	require.NoError(t, err)
	requireError(t, create("unpacked", types.ContainerDefinition{ModelPackageName: version.ModelPackageArn}),
		"ValidationException", reason+"LD_PRELOAD, which is read by the dynamic loader"+advice)
}
