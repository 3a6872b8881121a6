package sagemaker_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/world/state"
)

// inference is a specification of containers with these images, each with an archive and an environment.
func inference(images ...string) *types.InferenceSpecification {
	s := &types.InferenceSpecification{}
	for _, image := range images {
		s.Containers = append(s.Containers, types.ModelPackageContainerDefinition{
			Image: aws.String(image), ModelDataUrl: aws.String("s3://models/" + image + ".tar.gz"),
			Environment: map[string]string{"LEVEL": "info", "MODE": "fast"},
		})
	}
	return s
}

// newRegistry is a world with the group "Flowers".
func newRegistry(t *testing.T, changes ...func(*sagemaker.Options)) *world {
	t.Helper()
	w := newWorld(t, changes...)
	_, err := w.CreateModelPackageGroup(t.Context(), &sdk.CreateModelPackageGroupInput{
		ModelPackageGroupName: aws.String("Flowers"),
	})
	require.NoError(t, err)
	return w
}

// version registers the next version of the group, and returns its ARN.
func (w *world) version(status types.ModelApprovalStatus, images ...string) string {
	w.t.Helper()
	made, err := w.CreateModelPackage(w.t.Context(), &sdk.CreateModelPackageInput{
		ModelPackageGroupName: aws.String("flowers"), ModelApprovalStatus: status,
		InferenceSpecification: inference(images...),
	})
	require.NoError(w.t, err)
	return *made.ModelPackageArn
}

// packagedModel makes a model of a package.
func (w *world) packagedModel(name string, container types.ContainerDefinition) error {
	_, err := w.CreateModel(w.t.Context(), &sdk.CreateModelInput{
		ModelName: &name, ExecutionRoleArn: aws.String(roleARN), PrimaryContainer: &container,
	})
	return err
}

func TestAModelServesTheContainersOfAnApprovedPackage(t *testing.T) {
	t.Parallel()
	w := newRegistry(t)
	first := w.version(types.ModelApprovalStatusApproved, repo+"a:1", repo+"b:1")
	require.NoError(t, w.packagedModel("m", types.ContainerDefinition{
		ModelPackageName: &first, Environment: map[string]string{"LEVEL": "debug"},
	}))
	_, err := w.DeleteModelPackage(t.Context(), &sdk.DeleteModelPackageInput{ModelPackageName: &first})
	require.NoError(t, err, "what a model was made of it keeps")

	spec, err := w.fake.Model("eu-central-1", "m")
	require.NoError(t, err)
	require.Len(t, spec.Containers, 2)
	for i, image := range []string{repo + "a:1", repo + "b:1"} {
		assert.Equal(t, image, spec.Containers[i].Image)
		assert.Equal(t, "s3://models/"+image+".tar.gz", spec.Containers[i].ModelData)
		assert.Equal(t, map[string]string{"LEVEL": "debug", "MODE": "fast"}, spec.Containers[i].Environment)
	}
	described, err := w.DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: aws.String("m")})
	require.NoError(t, err)
	assert.Equal(t, &types.ContainerDefinition{
		ModelPackageName: &first, Environment: map[string]string{"LEVEL": "debug"},
	}, described.PrimaryContainer)

	w.config("c", variant("v"))
	w.endpoint("e", "c")
	w.pass(time.Hour)
	assert.Len(t, w.describe("e").ProductionVariants[0].DeployedImages, 2)
}

func TestAnAdditionalSpecificationIsServedIfItIsNamed(t *testing.T) {
	t.Parallel()
	w := newRegistry(t)
	arn := w.version(types.ModelApprovalStatusApproved, repo+"a:1")
	add := func(n int) error {
		input := &sdk.UpdateModelPackageInput{ModelPackageArn: &arn}
		for i := range n {
			input.AdditionalInferenceSpecificationsToAdd = append(input.AdditionalInferenceSpecificationsToAdd,
				types.AdditionalInferenceSpecificationDefinition{
					Name: aws.String(fmt.Sprintf("small-%d", i)), Containers: inference(repo + "small:1").Containers,
				})
		}
		_, err := w.UpdateModelPackage(t.Context(), input)
		return err
	}
	require.NoError(t, add(8))
	requireError(t, add(8), "ValidationException",
		arn+" would have 16 additional inference specifications; at most 15 are allowed.")
	named := types.ContainerDefinition{ModelPackageName: &arn, InferenceSpecificationName: aws.String("small-7")}
	require.NoError(t, w.packagedModel("m", named))
	spec, err := w.fake.Model("eu-central-1", "m")
	require.NoError(t, err)
	require.Len(t, spec.Containers, 1)
	assert.Equal(t, repo+"small:1", spec.Containers[0].Image)
	named.InferenceSpecificationName = aws.String("large")
	requireError(t, w.packagedModel("n", named), "ValidationException",
		"ModelPackage "+arn+` has no inference specification "large".`)
}

func TestAPackageThatNobodyApprovedMakesNoModel(t *testing.T) {
	t.Parallel()
	for status, shown := range map[types.ModelApprovalStatus]string{
		"": "PendingManualApproval", types.ModelApprovalStatusRejected: "Rejected",
	} {
		w := newRegistry(t)
		arn := w.version(status, repo+"a:1")
		made := types.ContainerDefinition{ModelPackageName: &arn}
		requireError(t, w.packagedModel("m", made), "ValidationException",
			"Cannot create a model of ModelPackage "+arn+": its ModelApprovalStatus is "+shown+", not Approved.")
		w.pass(time.Minute)
		_, err := w.UpdateModelPackage(t.Context(), &sdk.UpdateModelPackageInput{
			ModelPackageArn: &arn, ModelApprovalStatus: types.ModelApprovalStatusApproved,
			ApprovalDescription: aws.String("looks well"),
		})
		require.NoError(t, err)
		described, err := w.DescribeModelPackage(t.Context(), &sdk.DescribeModelPackageInput{ModelPackageName: &arn})
		require.NoError(t, err)
		assert.Equal(t, types.ModelApprovalStatusApproved, described.ModelApprovalStatus)
		assert.Equal(t, "looks well", *described.ApprovalDescription)
		assert.Equal(t, epoch.Add(time.Minute), described.LastModifiedTime.UTC())
		require.NoError(t, w.packagedModel("m", made))
	}
}

func TestVersionsAreCountedAndNotUsedAgain(t *testing.T) {
	t.Parallel()
	w := newRegistry(t)
	for n := range 11 {
		assert.Equal(t, fmt.Sprintf("%smodel-package/flowers/%d", arnPrefix, n+1), w.version("", repo+"a:1"))
	}
	_, err := w.DeleteModelPackage(t.Context(), &sdk.DeleteModelPackageInput{ModelPackageName: aws.String("FLOWERS/11")})
	require.NoError(t, err)
	assert.Equal(t, arnPrefix+"model-package/flowers/12", w.version("", repo+"a:1"))

	var versions []int32
	pages := sdk.NewListModelPackagesPaginator(w, &sdk.ListModelPackagesInput{
		ModelPackageGroupName: aws.String(arnPrefix + "model-package-group/flowers"), MaxResults: aws.Int32(4),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, summary := range page.ModelPackageSummaryList {
			versions = append(versions, *summary.ModelPackageVersion)
			assert.Equal(t, "Flowers", *summary.ModelPackageGroupName)
			assert.Nil(t, summary.ModelPackageName)
		}
	}
	assert.Equal(t, []int32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12}, versions)
}

func TestARequestThatIsSentAgainRegistersOnce(t *testing.T) {
	t.Parallel()
	w := newRegistry(t)
	send := func(token string) string {
		made, err := w.CreateModelPackage(t.Context(), &sdk.CreateModelPackageInput{
			ModelPackageGroupName: aws.String("flowers"), InferenceSpecification: inference(repo + "a:1"),
			ClientToken: aws.String(token),
		})
		require.NoError(t, err)
		return *made.ModelPackageArn
	}
	const first = arnPrefix + "model-package/flowers/1"
	assert.Equal(t, first, send("a"))
	assert.Equal(t, first, send("a"))
	assert.Equal(t, arnPrefix+"model-package/flowers/2", send("b"))
}

func TestMetadataOfPackagesIsAddedAndRemoved(t *testing.T) {
	t.Parallel()
	w := newRegistry(t)
	arn := w.version("", repo+"a:1")
	update := func(add map[string]string, remove ...string) map[string]string {
		_, err := w.UpdateModelPackage(t.Context(), &sdk.UpdateModelPackageInput{
			ModelPackageArn: &arn, CustomerMetadataProperties: add, CustomerMetadataPropertiesToRemove: remove,
		})
		require.NoError(t, err)
		described, err := w.DescribeModelPackage(t.Context(), &sdk.DescribeModelPackageInput{ModelPackageName: &arn})
		require.NoError(t, err)
		return described.CustomerMetadataProperties
	}
	assert.Equal(t, map[string]string{"a": "1", "b": "2"}, update(map[string]string{"a": "1", "b": "2"}))
	assert.Equal(t, map[string]string{"b": "3"}, update(map[string]string{"b": "3"}, "a", "x"))
	assert.Empty(t, update(nil, "b"))
}

func TestTheRegistryIsThereAfterAKill(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	w := newRegistry(t, func(o *sagemaker.Options) { o.State = dir })
	arn := w.version(types.ModelApprovalStatusApproved, repo+"a:1")
	require.NoError(t, w.packagedModel("m", types.ContainerDefinition{ModelPackageName: &arn}))
	const policy = `{"Version":"2012-10-17","Statement":[]}`
	_, err := w.PutModelPackageGroupPolicy(t.Context(), &sdk.PutModelPackageGroupPolicyInput{
		ModelPackageGroupName: aws.String("flowers"), ResourcePolicy: aws.String(policy),
	})
	require.NoError(t, err)
	before, err := w.DescribeModelPackage(t.Context(), &sdk.DescribeModelPackageInput{ModelPackageName: &arn})
	require.NoError(t, err)

	next := newWorld(t, func(o *sagemaker.Options) { o.State = dir })
	require.NoError(t, next.fake.Restore())
	after, err := next.DescribeModelPackage(t.Context(), &sdk.DescribeModelPackageInput{ModelPackageName: &arn})
	require.NoError(t, err)
	after.ResultMetadata = before.ResultMetadata
	assert.Equal(t, before, after)
	kept, err := next.GetModelPackageGroupPolicy(t.Context(), &sdk.GetModelPackageGroupPolicyInput{
		ModelPackageGroupName: aws.String("flowers"),
	})
	require.NoError(t, err)
	assert.JSONEq(t, policy, *kept.ResourcePolicy)
	spec, err := next.fake.Model("eu-central-1", "m")
	require.NoError(t, err)
	require.Len(t, spec.Containers, 1)
	assert.Equal(t, repo+"a:1", spec.Containers[0].Image)
	assert.Equal(t, arnPrefix+"model-package/flowers/2", next.version("", repo+"a:1"))
}
