package settings

import (
	"maps"
	"slices"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/internal/check"
)

// checkModels reports what is wrong with the models, and the files they name in the folder dir.
func (s *Settings) checkModels(at check.At, dir string) {
	for _, key := range slices.Sorted(maps.Keys(s.Models)) {
		spec := s.Models[key]
		here := at.Key(key)
		endpoint.CheckLogicalName(here, key)
		spec.Check(here, model.Rules{Pinned: s.Pinned})
		checkFile(here.Key("artifactFile"), dir, spec.ArtifactFile)
		for i := range spec.Containers {
			checkFile(here.Key("containers").Index(i).Key("artifactFile"), dir, spec.Containers[i].ArtifactFile)
		}
	}
}
