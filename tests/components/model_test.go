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

func newModel(spec model.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "flowers", &model.Args{Spec: spec, RoleARN: pulumi.String(roleARN), Tags: tags})
		return err
	}
}

// uploaded is the URI of an archive, which a preview does not know yet.
func uploaded(ctx *pulumi.Context) pulumi.StringOutput {
	if ctx.DryRun() {
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput)
	}
	return pulumi.String(artifact).ToStringOutput()
}

func TestAModelIsItsImageArchiveAndEnvironment(t *testing.T) {
	t.Parallel()
	program := newModel(model.Spec{
		Image: image, Artifact: artifact, Environment: map[string]string{"LOG_LEVEL": "debug"},
	})
	want := declaration{
		model.Type + " flowers": `{"image": "` + image + `", "artifact": "` + artifact + `"}`,
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
	graph := harness.Run(t, newModel(model.Spec{Image: image, NetworkIsolation: new(false)}))
	requireDeclares(t, graph, declaration{
		model.Type + " flowers": `{"image": "` + image + `", "artifact": ""}`,
		modelType + " flowers": `{
			"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": false,
			"primaryContainer": {"image": "` + image + `"}, ` + wantTags + `
		}`,
	})
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
				_, err := model.New(ctx, "flowers", &model.Args{
					Spec:        model.Spec{Image: image, ArtifactFile: "models/flowers.tar.gz"},
					RoleARN:     pulumi.String(roleARN),
					ArtifactURI: uploaded(ctx),
					Tags:        tags,
				})
				return err
			}, test.options...)
			requireDeclares(t, graph, declaration{
				model.Type + " flowers": `{"image": "` + image + `", "artifact": "` + test.want + `"}`,
				modelType + " flowers": `{
					"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": true,
					"primaryContainer": {"image": "` + image + `", "modelDataUrl": "` + test.want + `"}, ` + wantTags + `
				}`,
			})
		})
	}
}

func TestAModelIsReplaceableUnderAProtectedParent(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		args := &model.Args{Spec: model.Spec{Image: image}, RoleARN: pulumi.String(roleARN), Tags: tags}
		_, err := model.New(ctx, "flowers", args, pulumi.Protect(true))
		return err
	})
	assert.Equal(t, []string{model.Type}, protected(graph))
}

// SageMaker reads archive and image when it creates the model.
func TestAModelWaitsForItsRolesPolicy(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		role, err := execrole.New(ctx, "flowers", &execrole.Args{Image: image, Tags: tags})
		if err != nil {
			return err
		}
		spec := model.Spec{Image: image}
		_, err = model.New(ctx, "flowers", &model.Args{Spec: spec, RoleARN: role.ARN, Tags: tags})
		return err
	})
	child := graph.One(t, modelType)
	assert.Contains(t, child.Dependencies, graph.One(t, rolePolicyType).URN)
	assert.Equal(t, "arn:aws-cn:test:cn-north-1:123456789012:flowers-role", child.Inputs["executionRoleArn"])
}

func TestAModelThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newModel(model.Spec{Image: image, Environment: map[string]string{"TOKEN": harness.PlainSecret}}),
		`model "flowers": environment.TOKEN: looks like a secret in plain text; `+
			"store it in AWS Secrets Manager and give the secret's ARN")
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "flowers", &model.Args{})
		return err
	}, `model "flowers": image: is required`, "roleArn: is required")
	const together = "artifactUri: belongs to artifactFile: both must be given, or neither"
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "flowers", &model.Args{ArtifactURI: pulumi.String(artifact)})
		return err
	}, `model "flowers": `+together, "image: is required", "roleArn: is required")
	requireFails(t, newModel(model.Spec{Image: image, ArtifactFile: "flowers.tar.gz"}), `model "flowers": `+together)
	requireFails(t, newModel(model.Spec{Image: image, Artifact: artifact, ArtifactFile: "flowers.tar.gz"}),
		`model "flowers": artifactFile: contradicts artifact; at most one of the two can be given`, together)
}
