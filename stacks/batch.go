package stacks

import (
	"maps"
	"slices"

	"sagehost/components/batch"
	"sagehost/components/discovery"
	"sagehost/components/model"
	"sagehost/stacks/settings"
)

// transform is a batch transform with its parameter.
type transform struct {
	*batch.Batch
	parameter *discovery.Discovery
}

// newBatches creates the batch transforms, each with the model that endpoints serve and a parameter.
func (s *stack) newBatches(
	specs *settings.Settings, models map[string]*model.Model,
) (map[string]transform, error) {
	batches := map[string]transform{}
	for _, key := range slices.Sorted(maps.Keys(specs.Batch)) {
		spec := specs.Batch[key]
		created, err := s.newBatch(key, &spec, specs.Models, models)
		if err != nil {
			return nil, err
		}
		batches[key] = created
	}
	return batches, nil
}

func (s *stack) newBatch(
	key string, spec *settings.Batch, specs map[string]settings.Model, models map[string]*model.Model,
) (transform, error) {
	own := s.tags.of("sagehost:batch", key)
	name := settings.BatchName(key, s.ctx.Stack())
	described := specs[spec.Model].Spec
	args := &batch.Args{
		Spec:      spec.Spec,
		Name:      name,
		ModelName: models[spec.Model].Name,
		Model:     settings.TransformTraitsOf(&described),
		Bucket:    s.buckets.Batch,
		TopicARN:  s.topic.TopicARN,
		Logs:      s.logs,
		RolePath:  s.rolePath(),
		Tags:      own,

		PermissionsBoundary: s.boundary,
	}
	if s.key != nil {
		args.KMSKeyARN = s.key.KeyARN
	}
	created, err := batch.New(s.ctx, key, args)
	if err != nil {
		return transform{}, err
	}
	// Neither name holds a dot, so that no endpoint's parameter has this one's name.
	parameter, err := discovery.New(s.ctx, key+".batch", &discovery.Args{
		ParameterName: discovery.BatchParameterName(settings.Namespace, s.ctx.Stack(), key),
		Batch: &discovery.Batch{
			StateMachineARN: created.StateMachineARN, Bucket: s.buckets.Batch, InputPrefix: batch.InputPrefix(name),
			RunsPrefix: batch.RunsPrefix(name), InputURI: created.InputURI,
		},
		Tags: own,
	})
	return transform{created, parameter}, err
}
