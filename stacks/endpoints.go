package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alarms"
	"sagehost/components/alerts"
	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/components/scaling"
	"sagehost/stacks/settings"
)

// newEndpoints creates each endpoint with the scaling of its variants and its alarms.
func newEndpoints(
	ctx *pulumi.Context, specs map[string]settings.Endpoint, models map[string]*model.Model, topic *alerts.Alerts,
	tags tagger,
) (map[string]*endpoint.Endpoint, error) {
	endpoints := map[string]*endpoint.Endpoint{}
	for _, key := range slices.Sorted(maps.Keys(specs)) {
		spec := specs[key]
		own := tags.of("sagehost:endpoint", key)
		name := settings.EndpointName(key, ctx.Stack())
		created, err := endpoint.New(ctx, key, &endpoint.Args{
			Spec:     spec.Spec,
			Name:     name,
			Variants: variants(spec.Variants, models),
			Tags:     own,
		})
		if err != nil {
			return nil, err
		}
		if err := newScaling(ctx, key, &spec, created, own); err != nil {
			return nil, err
		}
		_, err = alarms.New(ctx, key, &alarms.Args{
			Spec:         spec.Alarms,
			EndpointName: name,
			Variants:     watched(spec.Variants),
			TopicARN:     topic.TopicARN,
			Tags:         own,
		})
		if err != nil {
			return nil, err
		}
		endpoints[key] = created
	}
	return endpoints, nil
}

func newScaling(
	ctx *pulumi.Context, key string, spec *settings.Endpoint, created *endpoint.Endpoint, tags pulumi.StringMap,
) error {
	for i := range spec.Variants {
		v := &spec.Variants[i]
		if v.Scaling == nil {
			continue
		}
		// Neither name holds a dot, so that no two variants of a stack share a name here.
		_, err := scaling.New(ctx, key+"."+v.Name, &scaling.Args{
			Spec:         *v.Scaling,
			EndpointName: created.Name,
			VariantName:  v.Name,
			Variant:      v.ScaledVariant(spec.HighAvailability),
			Tags:         tags,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func variants(specs []settings.Variant, models map[string]*model.Model) []endpoint.Variant {
	list := make([]endpoint.Variant, len(specs))
	for i := range specs {
		list[i] = endpoint.Variant{VariantSpec: specs[i].VariantSpec, ModelName: models[specs[i].Model].Name}
	}
	return list
}

func watched(specs []settings.Variant) []alarms.Variant {
	list := make([]alarms.Variant, len(specs))
	for i := range specs {
		list[i] = alarms.Variant{Name: specs[i].Name, InstanceType: specs[i].InstanceType}
		if scaling := specs[i].Scaling; scaling != nil && scaling.Min < scaling.LargestMax() {
			list[i].MaxInstances = scaling.LargestMax()
		}
	}
	return list
}
