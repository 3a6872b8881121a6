package dataplane_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func weighing(weight float32) func(*types.ProductionVariant) {
	return func(v *types.ProductionVariant) { v.InitialVariantWeight = &weight }
}

func TestTrafficFollowsTheWeights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"a", "b", "idle"} {
		w.model(name, told(name))
	}
	w.config("weighed",
		variant("a", "a", weighing(3)), variant("b", "b", weighing(1)), variant("idle", "idle", weighing(0)))
	w.endpoint("weighed", "weighed")
	answers := map[string]int{}
	for range 400 {
		answer, err := w.invoke(t.Context(), "weighed", "anything")
		require.NoError(t, err)
		assert.Equal(t, string(answer.Body), *answer.InvokedProductionVariant)
		answers[string(answer.Body)]++
	}
	// Five deviations of a binomial distribution: one run in a million is beyond.
	assert.InDelta(t, 300, answers["a"], 5*8.66)
	assert.Equal(t, 400, answers["a"]+answers["b"])
	w.assertAnswer("idle", "weighed", "anything", func(in *sagemakerruntime.InvokeEndpointInput) {
		in.TargetVariant = aws.String("idle")
	})
	_, err := w.invoke(t.Context(), "weighed", "anything", func(in *sagemakerruntime.InvokeEndpointInput) {
		in.TargetVariant = aws.String("other")
	})
	assert.ErrorContains(t, err, "ValidationError: Variant other does not exist for endpoint weighed.")
}

func TestWeightsChangeWhileAnEndpointServes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("a", told("a"))
	w.model("b", told("b"))
	w.config("weighed", variant("a", "a", weighing(1)), variant("b", "b", weighing(0)))
	w.endpoint("weighed", "weighed")
	w.assertAnswer("a", "weighed", "anything")
	w.weigh("weighed", map[string]float32{"a": 0, "b": 1})
	for range 20 {
		w.assertAnswer("b", "weighed", "anything")
	}
	w.weigh("weighed", map[string]float32{"b": 0})
	_, err := w.invoke(t.Context(), "weighed", "anything")
	assert.ErrorContains(t, err, "Endpoint weighed has no production variant with a weight above 0.")
}

// penguins is a pipeline that takes raw records.
func (w *world) penguins() []types.ContainerDefinition {
	first := scoring(w.uploadExample("penguins/preprocess.tar.gz"))
	first.Image, first.ContainerHostname = aws.String(registry+"preprocess:1"), aws.String("prepare")
	second := scoring(w.uploadExample("penguins/scoring.tar.gz"))
	second.ContainerHostname = aws.String("score")
	return []types.ContainerDefinition{first, second}
}

func TestAPipelinePassesRecordsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("penguins", w.penguins()...)
	w.config("penguins", variant("main", "penguins"))
	w.endpoint("penguins", "penguins")
	w.assertAnswer("Gentoo,0.9996366265646849\n", "penguins", "Biscoe,46.1,13.2,211,4500,NA")

	_, err := w.invoke(t.Context(), "penguins", "Atlantis,46.1,13.2,211,4500,NA")
	var failed *runtimetypes.ModelError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, int32(400), *failed.OriginalStatusCode)
	assert.Equal(t, "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/penguins",
		*failed.LogStreamArn)
	assert.JSONEq(t, `{"error": "row 1, column 1 (island): \"Atlantis\" is not one of Biscoe, Dream, Torgersen"}`,
		*failed.OriginalMessage)
	assert.Equal(t, `Received client error (400) from prepare with message "`+*failed.OriginalMessage+`". See `+
		`https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logEventViewer:group=/aws/sagemaker/`+
		`Endpoints/penguins in account 123456789012 for more information.`, *failed.Message)
	assert.Equal(t, 424, statusOf(err))

	w.pass(minutes(2))
	w.assertSum(2, "Invocations", "EndpointName", "penguins", "VariantName", "main")
	w.assertSum(1, "Invocation4XXErrors", "EndpointName", "penguins", "VariantName", "main")
	for _, container := range []string{"prepare", "score"} {
		took := w.total("ContainerLatency", "EndpointName", "penguins", "VariantName", "main", "ContainerName", container)
		assert.Equal(t, 1.0, took.count, container)
		assert.Positive(t, took.sum, container)
	}
}

func TestADirectRequestGoesToOneContainer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	containers := w.penguins()
	w.direct("penguins", containers...)
	w.config("penguins", variant("main", "penguins"))
	w.endpoint("penguins", "penguins")
	to := func(container string) func(*sagemakerruntime.InvokeEndpointInput) {
		return func(in *sagemakerruntime.InvokeEndpointInput) { in.TargetContainerHostname = &container }
	}
	prepared, err := w.invoke(t.Context(), "penguins", "Biscoe,46.1,13.2,211,4500,NA", to("prepare"))
	require.NoError(t, err)
	w.assertAnswer("Gentoo,0.9996366265646849\n", "penguins", string(prepared.Body), to("score"))
	_, err = w.invoke(t.Context(), "penguins", "1")
	assert.ErrorContains(t, err, "is missing a target container hostname header")
	_, err = w.invoke(t.Context(), "penguins", "1", to("other"))
	assert.ErrorContains(t, err, "ValidationError")
	w.pass(minutes(2))
	for _, container := range []string{"prepare", "score"} {
		w.assertSum(1, "Invocations", "EndpointName", "penguins", "VariantName", "main", "ContainerName", container)
	}
}
