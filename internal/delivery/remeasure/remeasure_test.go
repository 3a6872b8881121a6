package remeasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/live/commandline"
	"sagehost/internal/release/gates"
	"sagehost/stacks/settings"
)

func TestARateOfGoldenRequestsThatIsEnoughIsKnown(t *testing.T) {
	t.Parallel()
	weighted := func(weights ...float64) []settings.Variant {
		list := make([]settings.Variant, len(weights))
		for i := range weights {
			list[i].Weight = &weights[i]
		}
		return list
	}
	short := gates.Bake{For: new(2 * time.Minute), MinSamples: new(7)}
	for name, test := range map[string]struct {
		gates    []gates.Bake
		variants []settings.Variant
		want     int
	}{
		"100 in the 29 full minutes of 30":   {[]gates.Bake{{}}, weighted(1), 4},
		"the one full minute of two":         {[]gates.Bake{short}, weighted(1), 7},
		"the variant with the least traffic": {[]gates.Bake{{}}, weighted(3, 1), 14},
		"the gate that demands most":         {[]gates.Bake{{}, short}, weighted(1), 7},
		"no rate reaches a variant without":  {[]gates.Bake{{}}, weighted(1, 0), 0},
	} {
		assert.Equal(t, test.want, remeasure.SufficientRate(test.gates, test.variants), name)
	}
}

func TestTheCommandsThatDecideNameTheStackTheCloudAndTheEndpoints(t *testing.T) {
	t.Parallel()
	serving := settings.Endpoint{Variants: []settings.Variant{{Model: "flowers"}}}
	gate := remeasure.Gate{
		Commands: commandline.Context{AWS: true}, Model: "flowers", From: "test", To: "prod",
		Settings: &settings.Settings{Endpoints: map[string]settings.Endpoint{
			"roses": serving, "daisies": serving, "penguins": {Variants: []settings.Variant{{Model: "penguins"}}},
		}},
	}
	measured := []string{"--data", "held out.csv", "--label", "species"}
	for want, got := range map[string]string{
		"sagehost release verify flowers --stack test --aws":                gate.Converged(),
		"sagehost smoke daisies roses --to prod --stack test --aws":         gate.Smoke(),
		"sagehost bake daisies roses --send 4 --to prod --stack test --aws": gate.Bake(&gates.Bake{}),
		"sagehost bake daisies roses --to prod --stack test --aws": gate.Bake(
			&gates.Bake{For: new(2 * time.Minute), MinSamples: new(601)}),
		"sagehost evaluate flowers --data 'held out.csv' --label species --to prod --stack test --aws": gate.Evaluation(
			measured),
		"sagehost evaluate flowers --data HELD_OUT.csv --label LABEL --to prod --stack test --aws": gate.Evaluation(nil),
		"sagehost evaluate flowers --data 'held out.csv' --label species --stack prod --aws":       gate.Baseline(measured),
	} {
		assert.Equal(t, want, got)
	}
}
