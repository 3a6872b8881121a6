package settings

import (
	"slices"

	"sagehost/components/alarms"
	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/components/scaling"
)

// Watched is what alarms must know of the endpoint's variants. Models are those that variants can name.
func (e *Endpoint) Watched(models map[string]Model) []alarms.Variant {
	list := make([]alarms.Variant, len(e.Variants))
	for i := range e.Variants {
		list[i] = e.Variants[i].watched(e, models)
	}
	return list
}

func (v *Variant) watched(e *Endpoint, models map[string]Model) alarms.Variant {
	if v.Serverless != nil {
		return alarms.Variant{
			Name: v.Name, Serverless: &alarms.Serverless{ProvisionedConcurrency: v.Serverless.ProvisionedConcurrency != nil},
		}
	}
	seen := alarms.Variant{Name: v.Name, InstanceType: v.InstanceType, Asynchronous: e.Async != nil}
	if s := v.Scaling; s != nil && s.Min < s.LargestMax() {
		seen.MaxInstances = s.LargestMax()
	}
	served, known := models[v.Model]
	if !known {
		// Its name is reported. Whatever it is meant to be, no threshold is wrong for it.
		seen.MultiModel, seen.Containers = true, []string{v.Model}
		return seen
	}
	spec := served.Spec
	stages := spec.Stages()
	seen.MultiModel = slices.ContainsFunc(stages, func(s model.Stage) bool { return s.MultiModel != nil })
	if len(stages) > 1 {
		for i := range stages {
			seen.Containers = append(seen.Containers, spec.ContainerName(i))
		}
	}
	return seen
}

// ScaledVariant is what scaling must know of a variant on instances.
func (v *Variant) ScaledVariant(e *Endpoint) scaling.Variant {
	scaled := scaling.Variant{
		InitialInstanceCount: v.InstanceCount(),
		CountByDefault:       v.InitialInstanceCount == nil,
		Burstable:            v.InstanceType.IsBurstable(),
		MinInstances:         1,
		Asynchronous:         e.Async != nil,
	}
	switch {
	case e.HighAvailability:
		scaled.MinInstances = endpoint.HighAvailabilityInstances
	case e.Async != nil:
		scaled.MinInstances = 0
	}
	return scaled
}

// ScaledConcurrency is what scaling must know of a serverless variant.
func (v *Variant) ScaledConcurrency() scaling.ServerlessVariant {
	scaled := scaling.ServerlessVariant{MaxConcurrency: v.Serverless.MaxConcurrency}
	if n := v.Serverless.ProvisionedConcurrency; n != nil {
		scaled.ProvisionedConcurrency = *n
	}
	return scaled
}
