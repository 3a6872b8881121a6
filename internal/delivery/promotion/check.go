package promotion

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"sagehost/internal/live/commandline"
	"sagehost/internal/release"
)

// Named is a model whose release is the one that was promoted last.
type Named struct {
	// Model is the model's name.
	Model string
	// Entry is that promotion, or the rollback to it.
	Entry Entry
}

// Check holds the releases that a stack's settings name against its records: where the stack takes releases from
// another one, each must be what was promoted last, and not held. So an id that was written there by hand is found
// before it is deployed. Of a stack that takes any release, nothing is asked. The error has all problems, a line each.
func Check(dir, name string, commands commandline.Context) ([]Named, error) {
	s, err := load(dir, name)
	if err != nil {
		return nil, err
	}
	if s.settings.Promotion == nil {
		return nil, nil
	}
	var list []Named
	var problems []error
	for _, model := range slices.Sorted(maps.Keys(s.settings.Models)) {
		entries, err := Record(dir, model, name)
		if err == nil {
			err = promoted(entries, model, s.settings.Models[model].Release, commands.On(name))
		}
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("%s: model %s: %w", s.file, model, err))
		case len(entries) > 0:
			list = append(list, Named{Model: model, Entry: entries[len(entries)-1]})
		}
	}
	return list, errors.Join(problems...)
}

// promoted refuses a release, or an inline description where the id is empty, that is not what the record ends with.
func promoted(entries []Entry, model, id string, commands commandline.Context) error {
	if len(entries) == 0 {
		if id == "" {
			return nil
		}
		return fmt.Errorf("it names release %s, which was never promoted: promote it (`%s`), or if "+
			"it was there before the record began, say so (`%s`)", release.Short(id),
			commands.OnCloud("promote", model, "--to", commands.Stack),
			commands.Sagehost("release", "use", model, release.Short(id), "--stack", commands.Stack))
	}
	last := entries[len(entries)-1].Release
	if id != last {
		return edited(id, last)
	}
	if hold := held(entries, id); hold != nil {
		return fmt.Errorf("release %s is held: %s rolled it back at %s", release.Short(id), hold.By, stamp(hold.At))
	}
	return nil
}

// edited says that settings name another release than the one that was promoted last, or none, and what to do.
func edited(id, last string) error {
	names := "describes the model inline"
	if id != "" {
		names = "names release " + release.Short(id)
	}
	return fmt.Errorf("it %s, the last one promoted to it is %s; somebody has edited one of them: write "+
		"\"release: %s\" there again, and then promote or roll back", names, release.Short(last), last)
}
