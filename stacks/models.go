package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
	"sagehost/components/model"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
)

// newModels creates each model with a role of its own, which may do what the endpoints that serve it need.
func (s *stack) newModels(specs map[string]settings.Model, uses map[string]*use) (map[string]*model.Model, error) {
	models := map[string]*model.Model{}
	for _, key := range slices.Sorted(maps.Keys(specs)) {
		created, err := s.newModel(key, specs[key], uses[key])
		if err != nil {
			return nil, err
		}
		models[key] = created
	}
	return models, nil
}

func (s *stack) newModel(key string, released settings.Model, used *use) (*model.Model, error) {
	spec := released.Spec
	tags := s.tags.of("sagehost:model", key)
	uris, err := s.dataOf(key, &spec, tags)
	if err != nil {
		return nil, err
	}
	args := &model.Args{Spec: spec, ArtifactURIs: uris, Tags: tags}
	if s.network != nil && spec.Joins() {
		args.Network = &model.Network{SubnetIDs: s.network.SubnetIDs, SecurityGroupIDs: s.network.SecurityGroupIDs}
	}
	role := &execrole.Args{
		Containers: args.Needs(), Network: args.Network, Path: s.rolePath(), PermissionsBoundary: s.boundary, Tags: tags,
	}
	own := func(c execrole.Container) bool { return c.OwnData() }
	if s.key != nil && slices.ContainsFunc(role.Containers, own) {
		role.KMSKeyARNs = []pulumi.StringInput{s.key.KeyARN}
	}
	if used != nil {
		s.grant(role, used)
	}
	created, err := execrole.New(s.ctx, key, role)
	if err != nil {
		return nil, err
	}
	args.RoleARN = created.ARN
	if released.Release != "" {
		args.Tags = s.tags.of("sagehost:model", key, release.Tag, released.Release)
	}
	return model.New(s.ctx, key, args)
}

// dataOf uploads the files of a model's containers, and finds a place for many models where the settings name none.
func (s *stack) dataOf(key string, spec *model.Spec, tags pulumi.StringMapInput) ([]pulumi.StringInput, error) {
	stages := spec.Stages()
	uris := make([]pulumi.StringInput, len(stages))
	for i := range stages {
		switch {
		case !stages[i].WantsURI():
		case stages[i].ArtifactFile == "":
			made, err := s.files.folder(s.ctx, key, tags)
			if err != nil {
				return nil, err
			}
			uris[i] = made
		default:
			name := key
			if spec.Containers != nil {
				// Neither name holds a dot, so that no two archives of a stack share a name, and none is in the folder of
				// many models.
				name += "." + spec.ContainerName(i)
			}
			uploaded, err := s.files.upload(s.ctx, name, stages[i].ArtifactFile, tags)
			if err != nil {
				return nil, err
			}
			uris[i] = uploaded
		}
	}
	return uris, nil
}
