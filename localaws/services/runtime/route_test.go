package runtime_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
)

func TestTrafficIsSharedByWeightAndAVariantOfWeight0GetsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(
		variant("a", 3, 1, echo("a")), variant("none", 0, 1, echo("none")), variant("b", 1, 1, echo("b"))))
	const requests = 400
	got := map[string]int{}
	for range requests {
		out, err := w.invoke(nil)
		require.NoError(t, err)
		got[aws.ToString(out.InvokedProductionVariant)]++
	}
	assert.Equal(t, requests, got["a"]+got["b"])
	// 100 are expected; 40 to 160 is seven standard deviations.
	assert.InDelta(t, 100, got["b"], 60)
}

func TestAVariantOfWeight0AnswersWhenItIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("a", 1, 1, echo("a")), variant("idle", 0, 1, echo("idle"))))
	out, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.TargetVariant = aws.String("idle") })
	require.NoError(t, err)
	assert.Equal(t, "idle", aws.ToString(out.InvokedProductionVariant))
}

func TestAnEndpointWithoutWeightsRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("a", 0, 1, echo("a"))))
	_, err := w.invoke(nil)
	_, message := refusal(t, err)
	assert.Equal(t, "Endpoint e has no production variant with a weight above 0.", message)
}

func TestAVariantWithoutAFleetIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 0, nil)))
	_, err := w.invoke(nil)
	code, _ := refusal(t, err)
	assert.Equal(t, []any{"ServiceUnavailable", 503}, []any{code, status(t, err)})
	assert.Equal(t, []float64{1}, w.sink.of("Invocation5XXErrors", "None", v()...))
}

func TestANamedVariantIsSharedOutBetweenTheOldAndTheNewOneOfAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(
		variant("v", 0, 1, echo("old")), variant("v", 1, 1, echo("new")), variant("w", 5, 1, echo("w"))))
	for range 10 {
		out, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.TargetVariant = aws.String("v") })
		require.NoError(t, err)
		assert.Equal(t, "said=new", aws.ToString(out.CustomAttributes))
	}
}

func TestTargetModelAndContainerReachTheFleet(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("a", 1, 1, echo("a")))
	e.MultiModel, e.Direct = true, true
	w := newWorld(t, e)
	out, err := w.invoke(func(in *sdk.InvokeEndpointInput) {
		in.TargetModel, in.TargetContainerHostname = aws.String("m/1.tar.gz"), aws.String("second")
	})
	require.NoError(t, err)
	assert.Equal(t, "a|text/csv||||m/1.tar.gz|second|3|1,2", string(out.Body))
}

func TestWithDirectInvocationTheContainerDecidesWhetherAModelIsNeeded(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("a", 1, 1, echo("a")))
	e.MultiModel, e.Direct = true, true
	w := newWorld(t, e)
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.TargetContainerHostname = aws.String("second") })
	require.NoError(t, err)
}

func TestTheShadowGetsACopyAndItsFailureHarmsNobody(t *testing.T) {
	t.Parallel()
	copies := make(chan string, 1)
	e := endpoint(variant("a", 1, 1, echo("a")))
	e.Shadow = variant("s", 1, 2, fleet(func(_ context.Context, r *serving.Request) (*serving.Response, error) {
		body, err := io.ReadAll(r.Body)
		copies <- fmt.Sprint(string(body), err)
		panic("the shadow falls")
	}))
	w := newWorld(t, e)
	out, err := w.invoke(nil)
	require.NoError(t, err)
	assert.Equal(t, "a", aws.ToString(out.InvokedProductionVariant))
	assert.Equal(t, "1,2<nil>", <-copies)
	w.eventually(func() bool { return len(w.log.String()) > 0 })
	assert.Contains(t, w.log.String(), "the shadow of e panicked: the shadow falls")
}

func TestTheShadowHasMetricsOfItsOwn(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("a", 1, 1, echo("a")))
	e.Shadow = variant("s", 1, 2, fails(&serving.ModelError{Hostname: "primary", Status: 500}))
	w := newWorld(t, e)
	_, err := w.invoke(nil)
	require.NoError(t, err)
	shadow := []string{"EndpointName", "e", "VariantName", "s"}
	w.eventually(func() bool { return len(w.sink.of("OverheadLatency", "Microseconds", shadow...)) == 1 })
	assert.Equal(t, []float64{0.5}, w.sink.of("InvocationsPerInstance", "None", shadow...))
	assert.Equal(t, []float64{1}, w.sink.of("Invocation5XXErrors", "None", shadow...))
	assert.Equal(t, []float64{0}, w.sink.of("Invocation5XXErrors", "None", "EndpointName", "e", "VariantName", "a"))
}

func TestAShadowOfWeight0GetsNoCopies(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("a", 1, 1, echo("a")))
	e.Shadow = variant("s", 0, 1, echo("s"))
	w := newWorld(t, e)
	for range 20 {
		_, err := w.invoke(nil)
		require.NoError(t, err)
	}
	assert.Empty(t, w.sink.of("Invocations", "None", "EndpointName", "e", "VariantName", "s"))
	assert.Equal(t, 0, e.Shadow.Load.InFlight())
}
