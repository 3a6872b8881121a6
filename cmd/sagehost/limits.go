package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// limitFlags are limits of metrics as flags, each as metric=number.
type limitFlags struct{ min, max, maxDrop, maxRise map[string]string }

func (f *limitFlags) add(command *cobra.Command) {
	flags := command.Flags()
	flags.StringToStringVar(&f.min, "min", nil, "the least value of a metric that passes, such as accuracy=0.95")
	flags.StringToStringVar(&f.max, "max", nil, "the greatest value of a metric that passes, such as logLoss=0.2")
	flags.StringToStringVar(&f.maxDrop, "max-drop", nil, "by how much a metric may be below that of the release of --to")
	flags.StringToStringVar(&f.maxRise, "max-rise", nil, "by how much a metric may be above that of the release of --to")
}

// parse are the limits, or everything that is wrong with them.
func (f *limitFlags) parse() (gates.Evaluation, error) {
	limits := gates.Evaluation{}
	at := check.New("")
	for _, row := range []struct {
		flag  string
		given map[string]string
		of    func(*gates.Limit) **float64
	}{
		{"min", f.min, func(l *gates.Limit) **float64 { return &l.Min }},
		{"max", f.max, func(l *gates.Limit) **float64 { return &l.Max }},
		{"max-drop", f.maxDrop, func(l *gates.Limit) **float64 { return &l.MaxDrop }},
		{"max-rise", f.maxRise, func(l *gates.Limit) **float64 { return &l.MaxRise }},
	} {
		for _, metric := range slices.Sorted(maps.Keys(row.given)) {
			x, err := strconv.ParseFloat(row.given[metric], 64)
			if err != nil {
				at.Key("--"+row.flag).Addf("%s: %q is not a number", metric, row.given[metric])
				continue
			}
			limit := limits[metric]
			*row.of(&limit) = &x
			limits[metric] = limit
		}
	}
	if err := at.Err(); err != nil {
		return nil, err
	}
	limits.Check(at)
	return limits, at.Err()
}

// demandedOf is what another stack demands of a model's metrics, and the release that it names, to compare with;
// nothing if no stack is named.
func (m *measuring) demandedOf(to, model string) (gates.Evaluation, *release.Release, error) {
	if to == "" {
		return nil, nil, nil
	}
	target, err := m.target(to)
	if err != nil {
		return nil, nil, err
	}
	limits := target.Promotion.Gates[model].Evaluation
	id := target.Models[model].Release
	if id == "" {
		// What does not compare counts for the first release, too.
		return limits.Absolute(), nil, nil
	}
	production, err := release.Load(filepath.Join(m.root, "releases"), model, id)
	return limits, production, err
}

// unknownModel is the error of a command that names a model which the stack does not have.
func unknownModel(s *settings.Settings, stack, model string) error {
	return fmt.Errorf("stack %q has no model %q%s", stack, model,
		check.DidYouMean(model, slices.Collect(maps.Keys(s.Models))))
}

// batchOf is the batch that runs a model: the named one, or the only one.
func batchOf(s *settings.Settings, stack, model, named string) (string, error) {
	if _, known := s.Models[model]; !known {
		return "", unknownModel(s, stack, model)
	}
	var running []string
	for _, name := range slices.Sorted(maps.Keys(s.Batch)) {
		if s.Batch[name].Model == model {
			running = append(running, name)
		}
	}
	switch {
	case named != "" && slices.Contains(running, named):
		return named, nil
	case named != "":
		return "", fmt.Errorf("batch %q of stack %q does not run model %q%s", named, stack, model,
			check.DidYouMean(named, running))
	case len(running) == 1:
		return running[0], nil
	case len(running) == 0:
		return "", fmt.Errorf("stack %q has no batch that runs model %q; add one under sagehost:batch", stack, model)
	default:
		return "", fmt.Errorf("stack %q has several batches that run model %q; name one with --batch: %s",
			stack, model, strings.Join(running, ", "))
	}
}
