// Package remeasure renders the commands that decide what a gate could not tell.
package remeasure

import (
	"maps"
	"slices"
	"strconv"

	"sagehost/internal/live/commandline"
	"sagehost/internal/release/gates"
	"sagehost/stacks/settings"
)

// MaxRate is the highest rate of golden requests a minute that bake sends: they are sent one after the other.
const MaxRate = 600

// heldOut stands for the held-out set where no measurement tells which one it was.
const heldOut = "HELD_OUT.csv"

// Gate is a gate of a stack, before which a release stands that another stack serves.
type Gate struct {
	// Commands renders commands of this program.
	Commands commandline.Context
	// Model is the release's.
	Model string
	// From is the stack that serves the release, and Settings are its settings.
	From     string
	Settings *settings.Settings
	// To is the stack that demands.
	To string
}

// Converged looks again at what the endpoints serve.
func (g Gate) Converged() string { return g.in(g.From, "release", "verify", g.Model) }

// Smoke asks the golden requests again.
func (g Gate) Smoke() string {
	return g.in(g.From, append(append([]string{"smoke"}, g.endpoints()...), "--to", g.To)...)
}

// Bake watches again, and sends as much as the gate needs where that is possible.
func (g Gate) Bake(demanded *gates.Bake) string {
	arguments := append([]string{"bake"}, g.endpoints()...)
	rate, possible := 0, true
	for _, key := range g.endpoints() {
		sufficient := SufficientRate([]gates.Bake{*demanded}, g.Settings.Endpoints[key].Variants)
		possible = possible && sufficient > 0 && sufficient <= MaxRate
		rate = max(rate, sufficient)
	}
	if possible && rate > 0 {
		arguments = append(arguments, "--send", strconv.Itoa(rate))
	}
	return g.in(g.From, append(arguments, "--to", g.To)...)
}

// Evaluation evaluates the release, with the arguments of a measurement of it; none if there is no such measurement.
func (g Gate) Evaluation(arguments []string) string {
	return g.in(g.From, append(g.evaluate(arguments), "--to", g.To)...)
}

// Baseline evaluates the release that the demanding stack serves, on the data that the release was measured on.
func (g Gate) Baseline(arguments []string) string { return g.in(g.To, g.evaluate(arguments)...) }

func (g Gate) evaluate(arguments []string) []string {
	if len(arguments) == 0 {
		arguments = []string{"--data", heldOut, "--label", "LABEL"}
	}
	return append([]string{"evaluate", g.Model}, arguments...)
}

func (g Gate) in(stack string, arguments ...string) string {
	return g.Commands.On(stack).OnStack(arguments...)
}

// endpoints are those of the stack of origin that serve the model.
func (g Gate) endpoints() []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(g.Settings.Endpoints)) {
		serves := func(v settings.Variant) bool { return v.Model == g.Model }
		if slices.ContainsFunc(g.Settings.Endpoints[key].Variants, serves) {
			keys = append(keys, key)
		}
	}
	return keys
}

// SufficientRate is how many requests a minute give every variant what the gates demand; 0 if a variant of weight 0
// makes that impossible.
func SufficientRate(demanded []gates.Bake, variants []settings.Variant) int {
	total := 0.0
	for i := range variants {
		total += variants[i].TrafficWeight()
	}
	rate := 0
	for i := range variants {
		weight := variants[i].TrafficWeight()
		if weight == 0 {
			return 0
		}
		for _, gate := range demanded {
			rate = max(rate, gate.Rate(weight/total))
		}
	}
	return rate
}
