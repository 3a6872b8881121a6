package engine_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	sagemakertypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/execrole"
	"sagehost/components/model"
	"sagehost/components/packagegroup"
	"sagehost/internal/engine/deploy"
)

// registered is the ARN of the first version of the group under test.
const registered = "arn:aws:sagemaker:" + region + ":123456789012:model-package/flowers/1"

// registering declares a group that another account may deploy from, and an endpoint of its first version if that is to
// be served.
func registering(served bool) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		tags := pulumi.StringMap{"team": pulumi.String("vision")}
		group, err := packagegroup.New(ctx, "flowers", &packagegroup.Args{
			Spec: packagegroup.Spec{Description: "Three species.", ConsumerAccounts: []string{"210987654321"}},
			Name: "flowers", Tags: tags,
		})
		if err != nil {
			return err
		}
		ctx.Export("group", group.ARN)
		if !served {
			return nil
		}
		args := &model.Args{Spec: model.Spec{
			PackageARN: registered, PackageImages: []string{registry + "scoring:1.0.0"},
			PackagePrefixes: []string{"s3://models/flowers/"},
		}, Tags: tags}
		role, err := execrole.New(ctx, "flowers", &execrole.Args{Containers: args.Needs(), Tags: tags})
		if err != nil {
			return err
		}
		args.RoleARN = role.ARN
		made, err := model.New(ctx, "flowers", args)
		if err != nil {
			return err
		}
		_, err = endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers",
			Variants: []endpoint.Variant{{
				VariantSpec: endpoint.VariantSpec{Name: "main", InstanceType: "ml.m5.large"}, ModelName: made.Name,
			}},
			Tags: tags,
		})
		return err
	}
}

// TestAVersionOfTheRegistryIsServed registers a version in a group of the program, approves it, and deploys it. The
// steps build on each other.
func TestAVersionOfTheRegistryIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, durations)
	w.stored("models", map[string]string{"flowers/1.tar.gz": "flowers/model.tar.gz"})
	file := w.file("models", "config:\n  aws:region: "+region+"\n")
	open := func(served bool) *deploy.Stack { return w.openProgram(file, registering(served)) }
	client := w.clients.sagemaker

	_, outputs, err := open(false).Up(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, "arn:aws:sagemaker:"+region+":123456789012:model-package-group/flowers", outputs["group"])
	tags, err := client.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: aws.String(outputs["group"].(string))})
	require.NoError(t, err)
	assert.Equal(t, []sagemakertypes.Tag{{Key: aws.String("team"), Value: aws.String("vision")}}, tags.Tags)
	policy, err := client.GetModelPackageGroupPolicy(t.Context(), &sagemaker.GetModelPackageGroupPolicyInput{
		ModelPackageGroupName: aws.String("flowers"),
	})
	require.NoError(t, err)
	assert.Contains(t, *policy.ResourcePolicy, "arn:aws:iam::210987654321:root")

	made, err := client.CreateModelPackage(t.Context(), &sagemaker.CreateModelPackageInput{
		ModelPackageGroupName: aws.String("flowers"),
		InferenceSpecification: &sagemakertypes.InferenceSpecification{
			Containers: []sagemakertypes.ModelPackageContainerDefinition{{
				Image: aws.String(registry + "scoring:1.0.0"), ModelDataUrl: aws.String("s3://models/flowers/1.tar.gz"),
			}},
		},
	})
	require.NoError(t, err)
	require.Equal(t, registered, *made.ModelPackageArn)
	_, err = client.UpdateModelPackage(t.Context(), &sagemaker.UpdateModelPackageInput{
		ModelPackageArn: made.ModelPackageArn, ModelApprovalStatus: sagemakertypes.ModelApprovalStatusApproved,
	})
	require.NoError(t, err)

	_, _, err = open(true).Up(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, testAnswer, w.invoke("flowers", "", "", testFlower))
	refreshed, err := open(true).Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, map[string]int{"same": refreshed["same"]}, refreshed, "a refresh finds no drift")

	require.Error(t, open(true).Destroy(t.Context()), "a group is not deleted with packages in it")
	assert.Contains(t, w.out.String(), "Model Package Group cannot be deleted because it contains Model Packages")
	_, err = client.DeleteModelPackage(t.Context(), &sagemaker.DeleteModelPackageInput{
		ModelPackageName: made.ModelPackageArn,
	})
	require.NoError(t, err)
	require.NoError(t, open(true).Destroy(t.Context()), w.out.String())
	assert.Equal(t, map[string]int{"buckets": 1}, w.clients.count(t), "what is left after the destruction")
}
