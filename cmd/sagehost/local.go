package main

import (
	"maps"
	"slices"

	"sagehost/kit/check"
	"sagehost/localaws/containers/environment"
	"sagehost/stacks/settings"
)

// checkLocal reports what AWS takes and the local AWS refuses, before anything is made that would stay without it.
func checkLocal(stack string, s *settings.Settings) error {
	at := check.New(settings.Namespace + ":")
	for _, name := range slices.Sorted(maps.Keys(s.Models)) {
		m, here := s.Models[name], at.Key("models").Key(name)
		checkVariables(here, m.Environment)
		for i := range m.Containers {
			checkVariables(here.Key("containers").Index(i), m.Containers[i].Environment)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Batch)) {
		checkVariables(at.Key("batch").Key(name), s.Batch[name].Environment)
	}
	if problems := at.Problems(); len(problems) > 0 {
		return &settings.Error{File: "Pulumi." + stack + ".yaml", Problems: problems}
	}
	return nil
}

// checkVariables reports variables that can make a container, which is a process of this machine, run other code.
func checkVariables(at check.At, variables map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if reader := environment.Reader(name); reader != "" {
			at.Key("environment").Key(name).Addf("is refused by the local AWS: it is read by %s, and can make a program run "+
				"other code; what an image sets itself goes into .sagehost/images.yaml, under environment", reader)
		}
	}
}
