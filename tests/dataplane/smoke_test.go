package dataplane_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/smoke"
	"sagehost/internal/release"
)

// smoked asks an endpoint the golden requests of the repository's endpoint of this key.
func (w *world) smoked(endpoint, key string, models ...string) *smoke.Report {
	w.tb.Helper()
	file, err := smoke.Load(root, key)
	require.NoError(w.tb, err)
	serving, err := inservice.Describe(w.tb.Context(), w.sagemaker, endpoint)
	require.NoError(w.tb, err)
	test := smoke.Test{
		File: file, Endpoint: serving, Runtime: w.runtime, Objects: w.s3, Input: "s3://" + bucket + "/in",
		Models: func(context.Context) ([]string, error) { return models, nil },
	}
	report, err := test.Run(w.tb.Context())
	require.NoError(w.tb, err)
	return report
}

// results are those of a report's cases.
func results(report *smoke.Report) (all []release.Result) {
	for _, outcome := range report.Outcomes {
		all = append(all, outcome.Result)
	}
	return all
}

func TestTheExamplesAnswerTheirGoldenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	report := w.smoked("flowers", "flowers")
	assert.Equal(t, []release.Result{release.Pass, release.Pass, release.Pass}, results(report), report.Outcomes)
	m := report.Measurements()
	assert.Equal(t, 52.0, m["requests"])
	assert.Positive(t, m["p50Ms"])
	assert.GreaterOrEqual(t, m["p99Ms"], m["p50Ms"])

	w.later(scoring(w.uploadExample("flowers/petals.tar.gz")), nil)
	report = w.smoked("later", "petals")
	assert.Equal(t, []release.Result{release.Pass, release.Pass}, results(report), report.Outcomes)
	assert.Equal(t, 26.0, report.Measurements()["requests"])

	w.halves(nil)
	report = w.smoked("halves", "garden", "petals.tar.gz")
	assert.Equal(t, []release.Result{release.Pass}, results(report), report.Outcomes)
	assert.Positive(t, report.Measurements()["coldStartMs"])
	assert.Equal(t, []release.Result{release.Inconclusive}, results(w.smoked("halves", "garden")))
}

func TestAPipelineAndAServerlessEndpointAnswerTheirGoldenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("penguins", w.penguins()...)
	w.config("penguins", variant("main", "penguins"))
	w.endpoint("penguins", "penguins")
	report := w.smoked("penguins", "penguins")
	assert.Equal(t, []release.Result{release.Pass, release.Pass}, results(report), report.Outcomes)

	w.model("petals", scoring(w.uploadExample("flowers/petals.tar.gz")))
	w.config("petals", types.ProductionVariant{
		VariantName: aws.String("main"), ModelName: aws.String("petals"),
		ServerlessConfig: &types.ProductionVariantServerlessConfig{
			MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(1),
		},
	})
	w.endpoint("petals", "petals")
	report = w.smoked("petals", "petals")
	assert.Equal(t, []release.Result{release.Pass, release.Pass}, results(report), report.Outcomes)
	assert.Positive(t, report.Measurements()["coldStartMs"])
}

func TestTheVariantWithAnotherModelFailsItsGoldenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("right", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.model("wrong", told("wrong"))
	// No traffic reaches the second one unless it is asked for by name.
	w.config("both", variant("blue", "right"), variant("green", "wrong", func(v *types.ProductionVariant) {
		v.InitialVariantWeight = aws.Float32(0)
	}))
	w.endpoint("both", "both")
	report := w.smoked("both", "flowers")
	failed := map[string]string{}
	for _, outcome := range report.Outcomes {
		if outcome.Result != release.Pass {
			failed[outcome.Variant+", "+outcome.Case] = outcome.Problem
		}
	}
	assert.Equal(t, map[string]string{
		"green, a flower of each species": "the answer has 1 line; expected 3",
		"green, all probabilities":        `the answer "wrong" is not JSON`,
		"green, half a flower is refused": `the status is 200; expected 400; the answer is "wrong"`,
	}, failed)
	assert.Equal(t, 1, report.Errors)
}
