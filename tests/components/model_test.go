package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/execrole"
	"sagehost/components/model"
	"sagehost/tests/harness"
)

const (
	modelType = "aws:sagemaker/model:Model"
	roleARN   = "arn:aws-cn:iam::123456789012:role/flowers"
)

func modelOf(args model.Args) pulumi.RunFunc {
	args.RoleARN, args.Tags = pulumi.String(roleARN), tags
	return func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "flowers", &args)
		return err
	}
}

func newModel(spec model.Spec) pulumi.RunFunc { return modelOf(model.Args{Spec: spec}) }

// inImage is a model that is part of its image.
func inImage() model.Spec { return model.Spec{Container: model.Container{Image: image}} }

// uploaded is the URI of an archive, which a preview does not know yet.
func uploaded(ctx *pulumi.Context) pulumi.StringOutput {
	if ctx.DryRun() {
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput)
	}
	return pulumi.String(artifact).ToStringOutput()
}

func TestAModelIsItsImageArchiveAndEnvironment(t *testing.T) {
	t.Parallel()
	program := newModel(model.Spec{Container: model.Container{
		Image: image, Artifact: artifact, Environment: map[string]string{"LOG_LEVEL": "debug"},
	}})
	want := declaration{
		model.Type + " flowers": `{"containers": [{"image": "` + image + `", "artifact": "` + artifact + `"}]}`,
		modelType + " flowers": `{
			"executionRoleArn": "` + roleARN + `",
			"enableNetworkIsolation": true,
			"primaryContainer": {
				"image": "` + image + `", "modelDataUrl": "` + artifact + `", "environment": {"LOG_LEVEL": "debug"}
			},
			` + wantTags + `
		}`,
	}
	for name, options := range map[string][]harness.Option{
		"when it is created": nil, "in a preview": {harness.Preview()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, program, options...)
			requireUnder(t, graph, model.Type)
			requireDeclares(t, graph, want)
		})
	}
}

func TestAModelInItsImageHasNeitherArchiveNorEnvironment(t *testing.T) {
	t.Parallel()
	spec := inImage()
	spec.NetworkIsolation = new(false)
	graph := harness.Run(t, newModel(spec))
	requireDeclares(t, graph, declaration{
		model.Type + " flowers": `{"containers": [{"image": "` + image + `"}]}`,
		modelType + " flowers": `{
			"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": false,
			"primaryContainer": {"image": "` + image + `"}, ` + wantTags + `
		}`,
	})
}

func TestALocationHasOneFormInAWS(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newModel(model.Spec{Containers: []model.Stage{
		{Container: model.Container{Image: image, Artifact: "https://s3.cn-north-1.amazonaws.com.cn/models/a/m.tar.gz"}},
		{Container: model.Container{Image: image, ArtifactPrefix: "https://models.s3.cn-north-1.amazonaws.com.cn"}},
		{Container: model.Container{Image: image, MultiModel: &model.MultiModel{Prefix: "s3://models"}}},
	}}))
	assert.Equal(t, []any{
		map[string]any{"image": image, "artifact": "s3://models/a/m.tar.gz"},
		map[string]any{"image": image, "artifact": "s3://models/"},
		map[string]any{"image": image, "artifact": "s3://models/"},
	}, graph.One(t, model.Type).Inputs["containers"])
}

func TestAModelReadsItsFileFromWhereItWasUploaded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options []harness.Option
		want    string
	}{
		{"when it is created", nil, artifact},
		{"in a preview", []harness.Option{harness.Preview()}, harness.Unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, func(ctx *pulumi.Context) error {
				return modelOf(model.Args{
					Spec:         model.Spec{Container: model.Container{Image: image, ArtifactFile: "flowers.tar.gz"}},
					ArtifactURIs: []pulumi.StringInput{uploaded(ctx)},
				})(ctx)
			}, test.options...)
			requireDeclares(t, graph, declaration{
				model.Type + " flowers": `{"containers": [{"image": "` + image + `", "artifact": "` + test.want + `"}]}`,
				modelType + " flowers": `{
					"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": true,
					"primaryContainer": {"image": "` + image + `", "modelDataUrl": "` + test.want + `"}, ` + wantTags + `
				}`,
			})
		})
	}
}

func TestAPackageIsNamedAndNothingElse(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/flowers/3"
	requireDeclares(t, harness.Run(t, newModel(model.Spec{PackageARN: arn})), declaration{
		model.Type + " flowers": `{"packageArn": "` + arn + `"}`,
		modelType + " flowers": `{
			"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": true,
			"primaryContainer": {"modelPackageName": "` + arn + `"}, ` + wantTags + `
		}`,
	})
}

func TestTheEnvironmentIsPutOnTopOfThePackage(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/flowers/3"
	graph := harness.Run(t, newModel(model.Spec{
		PackageARN: arn, NotSecret: []string{"SORT_TOKEN"},
		Container: model.Container{Environment: map[string]string{"LOG_LEVEL": "debug", "SORT_TOKEN": "name"}},
	}))
	requireDeclares(t, graph, declaration{
		model.Type + " flowers": `{"packageArn": "` + arn + `", "notSecret": ["SORT_TOKEN"]}`,
		modelType + " flowers": `{
			"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": true, "primaryContainer": {
				"modelPackageName": "` + arn + `", "environment": {"LOG_LEVEL": "debug", "SORT_TOKEN": "name"}
			}, ` + wantTags + `
		}`,
	})
}

func TestAModelJoinsTheNetworkUnlessItIsKeptOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		join    *bool
		network *model.Network
		want    string
	}{
		{"by default", nil, inVPC(), wantVPC + ","},
		{"on demand", new(true), inVPC(), wantVPC + ","},
		{"kept out", new(false), inVPC(), ""},
		{"without a network", nil, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spec := inImage()
			spec.JoinNetwork = test.join
			inputs := readable(t, harness.Run(t, modelOf(model.Args{Spec: spec, Network: test.network})).One(t, modelType))
			assert.JSONEq(t, `{
				"executionRoleArn": "`+roleARN+`", "enableNetworkIsolation": true,
				"primaryContainer": {"image": "`+image+`"}, `+test.want+wantTags+`
			}`, inputs)
		})
	}
}

func TestAModelIsReplaceableUnderAProtectedParent(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		args := &model.Args{Spec: inImage(), RoleARN: pulumi.String(roleARN), Tags: tags}
		_, err := model.New(ctx, "flowers", args, pulumi.Protect(true))
		return err
	})
	assert.Equal(t, []string{model.Type}, protected(graph))
}

// SageMaker reads archive and image when it creates the model.
func TestAModelWaitsForItsRolesPolicy(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		args := &model.Args{Spec: inImage(), Tags: tags}
		role, err := execrole.New(ctx, "flowers", &execrole.Args{Containers: args.Needs(), Tags: tags})
		if err != nil {
			return err
		}
		args.RoleARN = role.ARN
		_, err = model.New(ctx, "flowers", args)
		return err
	})
	child := graph.One(t, modelType)
	assert.Contains(t, child.Dependencies, graph.One(t, rolePolicyType).URN)
	assert.Equal(t, "arn:aws-cn:test:cn-north-1:123456789012:flowers-role", child.Inputs["executionRoleArn"])
}

func TestAModelThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const (
		secret = `looks like a secret in plain text (its name ends in "TOKEN"); ` +
			"store it in AWS Secrets Manager and give the secret's ARN, or list its name in notSecret if it is none"
		together = "belongs to artifactFile, and to multiModel without a prefix: both must be given, or neither"
	)
	container := func(c model.Container) model.Args { return model.Args{Spec: model.Spec{Container: c}} }
	uri := []pulumi.StringInput{pulumi.String(artifact)}
	for _, test := range []struct {
		name string
		args model.Args
		want []string
	}{
		{
			"a secret", container(model.Container{Image: image, Environment: map[string]string{"TOKEN": harness.PlainSecret}}),
			[]string{"environment.TOKEN: " + secret},
		},
		{
			"an upload of no file",
			model.Args{ArtifactURIs: uri},
			[]string{"artifactUris[0]: " + together, "image: is required"},
		},
		{
			"a file that was not uploaded", container(model.Container{Image: image, ArtifactFile: "flowers.tar.gz"}),
			[]string{"artifactUris[0]: " + together},
		},
		{
			"many models nowhere", container(model.Container{Image: image, MultiModel: &model.MultiModel{}}),
			[]string{"artifactUris[0]: " + together},
		},
		{
			"more archives than containers",
			model.Args{Spec: inImage(), ArtifactURIs: []pulumi.StringInput{nil, uri[0]}},
			[]string{"artifactUris: has 2 entries; the model has 1 container"},
		},
		{
			"a network of nothing",
			model.Args{Spec: inImage(), Network: &model.Network{}},
			[]string{"network.securityGroupIds: is required", "network.subnetIds: is required"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want[0] = `model "flowers": ` + test.want[0]
			requireFails(t, modelOf(test.args), test.want...)
		})
	}
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "flowers", &model.Args{})
		return err
	}, `model "flowers": image: is required`, "roleArn: is required")
}
