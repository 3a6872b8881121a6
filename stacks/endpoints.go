package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alarms"
	"sagehost/components/alerts"
	"sagehost/components/artifacts"
	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/components/scaling"
	"sagehost/stacks/settings"
)

// newEndpoints creates each endpoint with the scaling of its variants and its alarms.
func newEndpoints(
	ctx *pulumi.Context, specs map[string]settings.Endpoint, models served, buckets *artifacts.Artifacts,
	topic *alerts.Alerts, tags tagger,
) (map[string]*endpoint.Endpoint, error) {
	endpoints := map[string]*endpoint.Endpoint{}
	for _, key := range slices.Sorted(maps.Keys(specs)) {
		spec := specs[key]
		own := tags.of("sagehost:endpoint", key)
		name := settings.EndpointName(key, ctx.Stack())
		created, err := endpoint.New(ctx, key, &endpoint.Args{
			Spec:           spec.Spec,
			Name:           name,
			Variants:       models.variants(spec.Variants),
			Shadow:         models.shadow(spec.Shadow),
			AsyncBucket:    buckets.Batch,
			CaptureBucket:  buckets.Capture,
			AlertsTopicARN: topic.TopicARN,
			Tags:           own,
		})
		if err != nil {
			return nil, err
		}
		endpoints[key] = created
		if !spec.RealTime() {
			continue
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

// served are the models that variants can serve.
type served struct {
	specs   map[string]model.Spec
	created map[string]*model.Model
}

func (s served) variant(spec *endpoint.VariantSpec, name string) endpoint.Variant {
	model := s.specs[name]
	return endpoint.Variant{
		VariantSpec: *spec, ModelName: s.created[name].Name, Traits: settings.TraitsOf(&model),
	}
}

func (s served) variants(specs []settings.Variant) []endpoint.Variant {
	list := make([]endpoint.Variant, len(specs))
	for i := range specs {
		list[i] = s.variant(&specs[i].VariantSpec, specs[i].Model)
	}
	return list
}

// shadow is nil where there is none.
func (s served) shadow(spec *settings.Shadow) *endpoint.Variant {
	if spec == nil {
		return nil
	}
	v := s.variant(&spec.VariantSpec, spec.Model)
	return &v
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
