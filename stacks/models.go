package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
	"sagehost/components/model"
)

// newModels creates each model with a role of its own.
func newModels(
	ctx *pulumi.Context, specs map[string]model.Spec, files uploads, tags tagger,
) (map[string]*model.Model, error) {
	models := map[string]*model.Model{}
	for _, key := range slices.Sorted(maps.Keys(specs)) {
		spec := specs[key]
		own := tags.of("sagehost:model", key)
		roleArgs := &execrole.Args{Image: spec.Image, SecretARNs: spec.SecretARNs(), Tags: own}
		modelArgs := &model.Args{Spec: spec, Tags: own}
		switch {
		case spec.Artifact != "":
			roleArgs.ArtifactURI = pulumi.String(spec.Artifact)
		case spec.ArtifactFile != "":
			uploaded, err := files.upload(ctx, key, spec.ArtifactFile, own)
			if err != nil {
				return nil, err
			}
			roleArgs.ArtifactURI, modelArgs.ArtifactURI = uploaded, uploaded
		}
		role, err := execrole.New(ctx, key, roleArgs)
		if err != nil {
			return nil, err
		}
		modelArgs.RoleARN = role.ARN
		models[key], err = model.New(ctx, key, modelArgs)
		if err != nil {
			return nil, err
		}
	}
	return models, nil
}
