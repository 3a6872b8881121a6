package settings

import (
	"errors"
	"maps"
	"path/filepath"
	"reflect"
	"slices"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/internal/release"
	"sagehost/kit/check"
)

// checkModels reports what is wrong with the models, and the files they name in the folder dir. Models that are given
// as releases have their containers afterwards.
func (s *Settings) checkModels(at check.At, dir string) {
	for _, key := range slices.Sorted(maps.Keys(s.Models)) {
		m := s.Models[key]
		here := at.Key(key)
		endpoint.CheckLogicalName(here, key)
		if m.Release != "" && !m.resolve(here.Key("release"), dir, key) {
			continue
		}
		s.Models[key] = m
		m.Check(here, s.rulesFor(&m))
		checkFile(here.Key("artifactFile"), dir, m.ArtifactFile)
		for i := range m.Containers {
			checkFile(here.Key("containers").Index(i).Key("artifactFile"), dir, m.Containers[i].ArtifactFile)
		}
	}
}

// rulesFor are what the stack demands of a model.
func (s *Settings) rulesFor(m *Model) model.Rules {
	rules := model.Rules{Pinned: s.Pinned && m.Release == ""}
	if n := s.Network; n != nil {
		rules.Network, rules.NoInternet, rules.NoSecrets = true, !n.ReachesInternet(), !n.Reaches("secretsmanager")
	}
	return rules
}

// resolve fills in what the containers are, from the manifest of the release. It reports whether it could.
func (m *Model) resolve(at check.At, dir, key string) bool {
	described := m.Spec
	described.NetworkIsolation, described.JoinNetwork, described.Direct, described.NotSecret = nil, nil, false, nil
	if !reflect.DeepEqual(described, model.Spec{}) {
		at.Addf("contradicts the keys that describe containers; give either")
		return false
	}
	found, err := release.Load(filepath.Join(dir, "releases"), key, m.Release)
	if problems, ok := errors.AsType[check.Problems](err); ok {
		for _, problem := range problems {
			at.Addf("%v", problem)
		}
		return false
	}
	if err != nil {
		at.Addf("%v", err)
		return false
	}
	stages := make([]model.Stage, len(found.Subject.Containers))
	for i, c := range found.Subject.Containers {
		stages[i] = model.Stage{
			Hostname: c.Hostname, Container: model.Container{Image: c.Image, Environment: c.Environment},
		}
		if c.Artifact != nil {
			stages[i].Artifact = c.Artifact.URI
		}
	}
	if len(stages) == 1 {
		m.Container = stages[0].Container
	} else {
		m.Containers = stages
	}
	return true
}
