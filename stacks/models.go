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
		created, err := newModel(ctx, key, specs[key], files, tags.of("sagehost:model", key))
		if err != nil {
			return nil, err
		}
		models[key] = created
	}
	return models, nil
}

func newModel(
	ctx *pulumi.Context, key string, spec model.Spec, files uploads, tags pulumi.StringMapInput,
) (*model.Model, error) {
	uris, err := dataOf(ctx, key, &spec, files, tags)
	if err != nil {
		return nil, err
	}
	args := &model.Args{Spec: spec, ArtifactURIs: uris, Tags: tags}
	role, err := execrole.New(ctx, key, &execrole.Args{Containers: args.Needs(), Tags: tags})
	if err != nil {
		return nil, err
	}
	args.RoleARN = role.ARN
	return model.New(ctx, key, args)
}

// dataOf uploads the files of a model's containers, and finds a place for many models where the settings name none.
func dataOf(
	ctx *pulumi.Context, key string, spec *model.Spec, files uploads, tags pulumi.StringMapInput,
) ([]pulumi.StringInput, error) {
	stages := spec.Stages()
	uris := make([]pulumi.StringInput, len(stages))
	for i := range stages {
		switch {
		case !stages[i].WantsURI():
		case stages[i].ArtifactFile == "":
			uris[i] = files.folder(key)
		default:
			name := key
			if spec.Containers != nil {
				// Neither name holds a dot, so that no two archives of a stack share a name, and none is in the folder of
				// many models.
				name += "." + spec.ContainerName(i)
			}
			uploaded, err := files.upload(ctx, name, stages[i].ArtifactFile, tags)
			if err != nil {
				return nil, err
			}
			uris[i] = uploaded
		}
	}
	return uris, nil
}
