package deployed

import (
	"maps"
	"slices"

	"sagehost/stacks/settings"
)

// Places are where a stack's settings have a model served, shadow variants included, sorted by endpoint.
func Places(s *settings.Settings, stack, model string) []Place {
	var places []Place
	for _, key := range slices.Sorted(maps.Keys(s.Endpoints)) {
		e := s.Endpoints[key]
		place := Place{Endpoint: settings.EndpointName(key, stack)}
		for i := range e.Variants {
			if e.Variants[i].Model == model {
				place.Variants = append(place.Variants, e.Variants[i].Name)
			}
		}
		if e.Shadow != nil && e.Shadow.Model == model {
			place.Variants = append(place.Variants, e.Shadow.Name)
		}
		if len(place.Variants) > 0 {
			places = append(places, place)
		}
	}
	return places
}
