package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/access"
	"sagehost/components/alarms"
	"sagehost/components/discovery"
	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/components/scaling"
	"sagehost/stacks/settings"
)

// hosted is an endpoint with what belongs to it.
type hosted struct {
	*endpoint.Endpoint
	parameter *discovery.Discovery
	callers   map[string]*access.Caller
}

// newEndpoints creates each endpoint with the scaling of its variants, its alarms, its parameter and its callers.
func (s *stack) newEndpoints(specs *settings.Settings, models map[string]*model.Model) (map[string]hosted, error) {
	endpoints := map[string]hosted{}
	for _, key := range slices.Sorted(maps.Keys(specs.Endpoints)) {
		spec := specs.Endpoints[key]
		created, err := s.newEndpoint(key, &spec, specs.Models, models)
		if err != nil {
			return nil, err
		}
		endpoints[key] = created
	}
	return endpoints, nil
}

func (s *stack) newEndpoint(
	key string, spec *settings.Endpoint, specs map[string]settings.Model, models map[string]*model.Model,
) (hosted, error) {
	own := s.tags.of("sagehost:endpoint", key)
	name := settings.EndpointName(key, s.ctx.Stack())
	args := &endpoint.Args{
		Spec:           spec.Spec,
		Name:           name,
		AsyncBucket:    s.buckets.Batch,
		CaptureBucket:  s.buckets.Capture,
		AlertsTopicARN: s.topic.TopicARN,
		Logs:           s.logs,
		Tags:           own,
	}
	if s.key != nil {
		args.KMSKeyARN, args.LogsKMSKeyARN = s.key.KeyARN, s.key.KeyARN
	}
	serve := func(v *endpoint.VariantSpec, name string) endpoint.Variant {
		served := specs[name].Spec
		traits := settings.TraitsOf(&served, s.network != nil)
		return endpoint.Variant{VariantSpec: *v, ModelName: models[name].Name, Traits: traits}
	}
	for i := range spec.Variants {
		args.Variants = append(args.Variants, serve(&spec.Variants[i].VariantSpec, spec.Variants[i].Model))
	}
	if spec.Shadow != nil {
		shadow := serve(&spec.Shadow.VariantSpec, spec.Shadow.Model)
		args.Shadow = &shadow
	}
	created, err := endpoint.New(s.ctx, key, args)
	if err != nil {
		return hosted{}, err
	}
	if err := s.newScaling(key, spec, created, own); err != nil {
		return hosted{}, err
	}
	_, err = alarms.New(s.ctx, key, &alarms.Args{
		Spec:         spec.Alarms,
		EndpointName: name,
		Variants:     spec.Watched(specs),
		TopicARN:     s.topic.TopicARN,
		Tags:         own,
	})
	if err != nil {
		return hosted{}, err
	}
	parameter, err := discovery.New(s.ctx, key, &discovery.Args{
		ParameterName: discovery.ParameterName(settings.Namespace, s.ctx.Stack(), key),
		EndpointName:  created.Name,
		Tags:          own,
	})
	if err != nil {
		return hosted{}, err
	}
	callers, err := s.newCallers(key, name, spec, created, own)
	return hosted{created, parameter, callers}, err
}

func (s *stack) newScaling(
	key string, spec *settings.Endpoint, created *endpoint.Endpoint, tags pulumi.StringMap,
) error {
	for i := range spec.Variants {
		v := &spec.Variants[i]
		// Neither name holds a dot, so that no two variants of a stack share a name here.
		name := key + "." + v.Name
		var err error
		switch {
		case v.Scaling != nil:
			_, err = scaling.New(s.ctx, name, &scaling.Args{
				Spec: *v.Scaling, EndpointName: created.Name, VariantName: v.Name, Variant: v.ScaledVariant(spec), Tags: tags,
			})
		case v.ConcurrencyScaling != nil:
			_, err = scaling.NewConcurrency(s.ctx, name, &scaling.ConcurrencyArgs{
				ConcurrencySpec: *v.ConcurrencyScaling, EndpointName: created.Name, VariantName: v.Name,
				Variant: v.ScaledConcurrency(), Tags: tags,
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *stack) newCallers(
	key, name string, spec *settings.Endpoint, created *endpoint.Endpoint, tags pulumi.StringMap,
) (map[string]*access.Caller, error) {
	callers := map[string]*access.Caller{}
	for _, caller := range slices.Sorted(maps.Keys(spec.Callers)) {
		args := &access.CallerArgs{
			CallerSpec: spec.Callers[caller], EndpointARN: created.ARN, Path: s.rolePath(),
			PermissionsBoundary: s.boundary, Tags: tags,
		}
		if spec.Async != nil {
			output, failure := spec.Async.Folders(name, s.buckets.Batch)
			args.Async = &access.Async{InputURI: s.asyncInput(name), OutputURI: output, FailureURI: failure}
			if s.key != nil {
				args.KMSKeyARN = s.key.KeyARN
			}
		}
		made, err := access.NewCaller(s.ctx, key+"."+caller, args)
		if err != nil {
			return nil, err
		}
		callers[caller] = made
	}
	return callers, nil
}
