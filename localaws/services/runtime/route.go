package runtime

import (
	"math/rand/v2"

	"sagehost/localaws/protocol"
)

// find looks an endpoint up and refuses what it does not take.
func (r *Runtime) find(x *exchange, in *invocation) (*Endpoint, error) {
	endpoint, ok := r.Endpoints.Serving(x.region, x.name)
	if !ok {
		return nil, notFound(x.name)
	}
	switch {
	case endpoint.Async != nil:
		return nil, invalid("Endpoint %s is an asynchronous endpoint and does not support InvokeEndpoint. "+
			"Use InvokeEndpointAsync.", x.name)
	case in.component != "":
		return nil, invalid("Inference Component Name header is not allowed for endpoints to which you do not plan to " +
			"deploy inference components. Please remove the Inference Component Name header.")
	}
	return endpoint, targets(x, in, endpoint)
}

// targets checks that a model is named where there are many, and a container where requests go to one. With direct
// invocation that container decides whether it needs a model.
func targets(x *exchange, in *invocation, endpoint *Endpoint) error {
	model, container := in.request.TargetModel != "", in.request.TargetContainer != ""
	var told *failure
	switch {
	case model && !endpoint.MultiModel:
		told = invalid("Endpoint %s is not a multi-model endpoint and does not support target model header.", x.name)
		told.body.ErrorCode = "TARGET_MODEL_HEADER_NOT_SUPPORTED"
	case !model && endpoint.MultiModel && !endpoint.Direct:
		told = invalid("Request %s is missing a target model header, which multi-model endpoint %s needs.", x.id, x.name)
		told.body.ErrorCode = "TARGET_MODEL_HEADER_MISSING"
	case container && !endpoint.Direct:
		told = invalid("Endpoint %s is not a multi-container endpoint with direct invocation and does not support "+
			"target container hostname header.", x.name)
	case !container && endpoint.Direct:
		told = invalid("Request %s is missing a target container hostname header, which endpoint %s with direct "+
			"invocation needs.", x.id, x.name)
	default:
		return nil
	}
	return told
}

func notFound(name string) *failure {
	return invalid("Endpoint %s of account %s not found.", name, protocol.Account)
}

// choose picks a variant by weight, among those with a name if a request gives one: while an update shifts traffic, the
// old and the new variant have the same.
func choose(endpoint *Endpoint, named string) (*Variant, error) {
	if named == "" {
		if v := weigh(endpoint.Variants); v != nil {
			return v, nil
		}
		return nil, invalid("Endpoint %s has no production variant with a weight above 0.", endpoint.Name)
	}
	var same []*Variant
	for _, v := range endpoint.Variants {
		if v.Name == named {
			same = append(same, v)
		}
	}
	if len(same) == 0 {
		return nil, invalid("Variant %s does not exist for endpoint %s.", named, endpoint.Name)
	}
	if v := weigh(same); v != nil {
		return v, nil
	}
	return same[0], nil
}

// weigh picks a variant by weight; nil when none has any.
func weigh(variants []*Variant) *Variant {
	at := chance() * weights(variants)
	var last *Variant
	for _, v := range variants {
		if v.Weight <= 0 {
			continue
		}
		last = v
		if at -= v.Weight; at < 0 {
			break
		}
	}
	// Rounding may leave a crumb behind the last variant, which then gets it.
	return last
}

// weights is the sum of the weights of variants.
func weights(variants []*Variant) float64 {
	sum := 0.0
	for _, v := range variants {
		sum += v.Weight
	}
	return sum
}

// chance is a number from 0 to below 1.
func chance() float64 {
	return rand.Float64() //nolint:gosec // Sharing traffic out needs no secrets.
}
