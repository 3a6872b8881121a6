package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	sagemakertypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/execrole"
	"sagehost/components/model"
	"sagehost/internal/engine/deploy"
)

// prepared is what the first container of the pipeline makes of a penguin, in the order of preprocess.json.
const prepared = "1,0,0,0.39892124148649316,-2.0083905454881568,0.720146045082257,0.38407383737273226,1,0"

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"

// stored puts the models of the examples into a bucket, by key.
func (w *world) stored(bucket string, files map[string]string) {
	w.tb.Helper()
	_, err := w.clients.s3.CreateBucket(w.tb.Context(), &s3.CreateBucketInput{
		Bucket:                    &bucket,
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
	})
	require.NoError(w.tb, err)
	for key, file := range files {
		body, err := os.Open(filepath.Join(root, "examples", filepath.FromSlash(file)))
		require.NoError(w.tb, err)
		_, err = w.clients.s3.PutObject(w.tb.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: body})
		require.NoError(w.tb, err)
		require.NoError(w.tb, body.Close())
	}
}

// modelsWithEndpoints declares each model with a role and an endpoint of the same name.
func modelsWithEndpoints(specs map[string]model.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		tags := pulumi.StringMap{"team": pulumi.String("vision")}
		for name, spec := range specs {
			args := &model.Args{Spec: spec, Tags: tags}
			role, err := execrole.New(ctx, name, &execrole.Args{Containers: args.Needs(), Tags: tags})
			if err != nil {
				return err
			}
			args.RoleARN = role.ARN
			created, err := model.New(ctx, name, args)
			if err != nil {
				return err
			}
			served, err := endpoint.New(ctx, name, &endpoint.Args{
				Name: name,
				Variants: []endpoint.Variant{{
					VariantSpec: endpoint.VariantSpec{Name: "main", InstanceType: "ml.m5.large"}, ModelName: created.Name,
				}},
				Tags: tags,
			})
			if err != nil {
				return err
			}
			ctx.Export(name, pulumi.Map{"config": served.ConfigName, "model": created.Name})
		}
		return nil
	}
}

// shapes are the ways in which containers make a model, with images of this version.
func shapes(version string) map[string]model.Spec {
	scoring := registry + "scoring:" + version
	stages := []model.Stage{
		{Hostname: "preprocess", Container: model.Container{
			Image: registry + "preprocess:" + version, Artifact: "s3://models/penguins/preprocess.tar.gz",
		}},
		{Hostname: "score", Container: model.Container{
			Image: scoring, Artifact: "s3://models/penguins/scoring.tar.gz",
		}},
	}
	return map[string]model.Spec{
		"penguins": {Containers: stages},
		"direct":   {Containers: stages, Direct: true},
		"garden": {Container: model.Container{
			Image: scoring, MultiModel: &model.MultiModel{Prefix: "s3://models/garden/"},
		}},
		"plain": {Container: model.Container{Image: scoring, ArtifactPrefix: "s3://models/plain/"}},
	}
}

func assertShapesAnswer(t *testing.T, w *world) {
	t.Helper()
	for _, test := range []struct{ name, endpoint, model, container, row, want string }{
		{"a pipeline", "penguins", "", "", "Biscoe,46.1,13.2,211,4500,NA", "Gentoo,0.9996366265646849"},
		{"a container of its own", "direct", "", "preprocess", "Biscoe,46.1,13.2,211,4500,NA", prepared},
		{"one of many models", "garden", "petals.tar.gz", "", "1.4,0.2", "setosa,0.9982035708524871"},
		{"a model that is not compressed", "plain", "", "", "5.1,3.5,1.4,0.2", "setosa,0.9995617568787971"},
		{"another of many models", "garden", "sepals.tar.gz", "", "5.1,3.5", "setosa,0.9993897401167885"},
	} {
		assert.Equal(t, test.want+"\n", w.invoke(test.endpoint, test.model, test.container, test.row), test.name)
	}
}

func TestPipelinesAndManyModelsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, durations)
	w.stored("models", map[string]string{
		"penguins/preprocess.tar.gz": "penguins/preprocess.tar.gz", "penguins/scoring.tar.gz": "penguins/scoring.tar.gz",
		"garden/sepals.tar.gz": "flowers/sepals.tar.gz", "garden/petals.tar.gz": "flowers/petals.tar.gz",
		"plain/model.json": "flowers/model.json",
	})
	file := w.file("models", "config:\n  aws:region: "+region+"\n")
	open := func(version string) *deploy.Stack { return w.openProgram(file, modelsWithEndpoints(shapes(version))) }
	_, outputs, err := open("1.0.0").Up(t.Context())
	require.NoError(t, err, w.out.String())
	assertShapesAnswer(t, w)
	pipeline := describeModel(t, w, outputs["penguins"])
	require.Len(t, pipeline.Containers, 2)
	assert.Equal(t, "preprocess", *pipeline.Containers[0].ContainerHostname)
	assert.Equal(t, "score", *pipeline.Containers[1].ContainerHostname)
	garden := describeModel(t, w, outputs["garden"])
	assert.Equal(t, sagemakertypes.ContainerModeMultiModel, garden.PrimaryContainer.Mode)
	assert.Equal(t, "s3://models/garden/", *garden.PrimaryContainer.ModelDataUrl)

	refreshed, err := open("1.0.0").Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, map[string]int{"same": refreshed["same"]}, refreshed, "a refresh finds no drift")

	changes, _, err := open("1.1.0").Up(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, 8, changes["replace"], "a model and a configuration each")
	assertShapesAnswer(t, w)
	require.NoError(t, open("1.1.0").Destroy(t.Context()), w.out.String())
	assert.Equal(t, map[string]int{"buckets": 1}, w.clients.count(t), "what is left after the destruction")
}

func describeModel(t *testing.T, w *world, exported any) *sagemaker.DescribeModelOutput {
	t.Helper()
	name, ok := exported.(map[string]any)["model"].(string)
	require.True(t, ok)
	described, err := w.clients.sagemaker.DescribeModel(t.Context(), &sagemaker.DescribeModelInput{ModelName: &name})
	require.NoError(t, err)
	return described
}

// invoke asks an endpoint about a row; of many models, or of containers that answer for themselves, one is named.
func (w *world) invoke(endpoint, model, container, row string) string {
	w.tb.Helper()
	url := w.aws.URL()
	client := sagemakerruntime.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: &url,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	input := &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &endpoint, ContentType: aws.String("text/csv"), Body: []byte(row),
	}
	if model != "" {
		input.TargetModel = &model
	}
	if container != "" {
		input.TargetContainerHostname = &container
	}
	answer, err := client.InvokeEndpoint(w.tb.Context(), input)
	require.NoError(w.tb, err)
	return string(answer.Body)
}

// TestModelsThatAreNotServedHereStillDeploy holds the requests for what the local AWS has no programs for: images of
// private registries.
func TestModelsThatAreNotServedHereStillDeploy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, durations)
	const provider = "arn:aws:lambda:" + region + ":123456789012:function:credentials"
	network := &model.Network{
		SubnetIDs:        pulumi.ToStringArray([]string{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"}),
		SecurityGroupIDs: pulumi.ToStringArray([]string{"sg-0123456789abcdef0"}),
	}
	private := model.Container{Image: "registry.example.com/flowers:1", ImageConfig: &model.ImageConfig{
		RepositoryAccessMode: "Vpc", RepositoryCredentialsProviderARN: provider,
	}}
	stages := []model.Stage{{Container: private}, {Container: private}}
	file := w.file("models", "config:\n  aws:region: "+region+"\n")
	stack := w.openProgram(file, func(ctx *pulumi.Context) error {
		for name, args := range map[string]*model.Args{
			"private": {Spec: model.Spec{Container: private}, Network: network},
			"stages":  {Spec: model.Spec{Containers: stages}, Network: network},
		} {
			needs := &execrole.Args{Containers: args.Needs(), Network: args.Network, RollbackAlarms: true}
			role, err := execrole.New(ctx, name, needs)
			if err != nil {
				return err
			}
			args.RoleARN = role.ARN
			created, err := model.New(ctx, name, args)
			if err != nil {
				return err
			}
			ctx.Export(name, pulumi.Map{"model": created.Name})
		}
		return nil
	})
	_, outputs, err := stack.Up(t.Context())
	require.NoError(t, err, w.out.String())

	for name, image := range map[string]*sagemakertypes.ImageConfig{
		"alone":         describeModel(t, w, outputs["private"]).PrimaryContainer.ImageConfig,
		"in a pipeline": describeModel(t, w, outputs["stages"]).Containers[1].ImageConfig,
	} {
		assert.Equal(t, sagemakertypes.RepositoryAccessModeVpc, image.RepositoryAccessMode, name)
		assert.Equal(t, provider, *image.RepositoryAuthConfig.RepositoryCredentialsProviderArn, name)
	}
	joined := describeModel(t, w, outputs["private"]).VpcConfig
	assert.Equal(t, []string{"sg-0123456789abcdef0"}, joined.SecurityGroupIds)
	assert.ElementsMatch(t, []string{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"}, joined.Subnets)

	refreshed, err := stack.Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	assert.Equal(t, map[string]int{"same": refreshed["same"]}, refreshed, "a refresh finds no drift")
}
