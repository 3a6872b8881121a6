package runtime_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/world/clock"
)

// v are the dimensions of the variant v of the endpoint e.
func v(more ...string) []string {
	return append([]string{"EndpointName", "e", "VariantName", "v"}, more...)
}

func TestAnInvocationIsMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 4, echo("v"))))
	_, err := w.invoke(nil)
	require.NoError(t, err)
	for name, want := range map[string]float64{
		"Invocations": 1, "InvocationsPerInstance": 0.25, "Invocation4XXErrors": 0, "Invocation5XXErrors": 0,
		"InvocationModelErrors": 0,
	} {
		assert.Equal(t, []float64{want}, w.sink.of(name, "None", v()...), name)
	}
	assert.Equal(t, []float64{1500}, w.sink.of("ModelLatency", "Microseconds", v()...))
	assert.Len(t, w.sink.of("OverheadLatency", "Microseconds", v()...), 1)
	assert.NotContains(t, w.sink.names(), "ContainerLatency")
}

func TestErrorsAreMeasuredBySide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err                error
		client, server, ml float64
		latencies          int
	}{
		{&serving.ModelError{Status: 404}, 1, 0, 1, 1},
		{&serving.ModelError{Status: 503}, 0, 1, 1, 1},
		{&serving.ModelError{Status: 0}, 0, 1, 1, 1},
		{&serving.Refusal{Code: "ModelNotReadyException"}, 1, 0, 0, 0},
		{&serving.Refusal{Code: "InternalFailure"}, 0, 1, 0, 0},
	} {
		w := newWorld(t, endpoint(variant("v", 1, 1, fails(c.err))))
		_, err := w.invoke(nil)
		require.Error(t, err)
		assert.Equal(t, []float64{c.client}, w.sink.of("Invocation4XXErrors", "None", v()...), c.err)
		assert.Equal(t, []float64{c.server}, w.sink.of("Invocation5XXErrors", "None", v()...), c.err)
		assert.Equal(t, []float64{c.ml}, w.sink.of("InvocationModelErrors", "None", v()...), c.err)
		assert.Equal(t, []float64{1}, w.sink.of("Invocations", "None", v()...), c.err)
		assert.Len(t, w.sink.of("ModelLatency", "Microseconds", v()...), c.latencies, c.err)
	}
}

func TestAPipelinesContainersAreMeasuredEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, fleet(
		func(context.Context, *serving.Request) (*serving.Response, error) {
			return &serving.Response{Body: io.NopCloser(strings.NewReader("")), Latencies: []serving.Latency{
				{Hostname: "first", Took: time.Millisecond}, {Hostname: "second", Took: 2 * time.Millisecond},
			}}, nil
		}))))
	_, err := w.invoke(nil)
	require.NoError(t, err)
	assert.Equal(t, []float64{3000}, w.sink.of("ModelLatency", "Microseconds", v()...))
	assert.Equal(t, []float64{1000}, w.sink.of("ContainerLatency", "Microseconds", v("ContainerName", "first")...))
	assert.Equal(t, []float64{2000}, w.sink.of("ContainerLatency", "Microseconds", v("ContainerName", "second")...))
}

func TestWithDirectInvocationTheContainerIsMeasuredLikeAVariant(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("v", 1, 1, fails(&serving.ModelError{Status: 400})))
	e.Direct = true
	w := newWorld(t, e)
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.TargetContainerHostname = aws.String("c") })
	require.Error(t, err)
	assert.Equal(t, []float64{1}, w.sink.of("Invocations", "None", v("ContainerName", "c")...))
	assert.Equal(t, []float64{1}, w.sink.of("Invocation4XXErrors", "None", v("ContainerName", "c")...))
	assert.Equal(t, []float64{0}, w.sink.of("Invocation5XXErrors", "None", v("ContainerName", "c")...))
}

func TestWhileAnUpdateShiftsTrafficMetricsAreAlsoOfTheConfiguration(t *testing.T) {
	t.Parallel()
	e := endpoint(variant("v", 1, 1, echo("v")))
	e.Variants[0].Config = "new"
	e.Direct = true
	w := newWorld(t, e)
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.TargetContainerHostname = aws.String("primary") })
	require.NoError(t, err)
	assert.Equal(t, []float64{1}, w.sink.of("Invocations", "None", v()...))
	assert.Equal(t, []float64{1}, w.sink.of("Invocations", "None", v("EndpointConfigName", "new")...))
	assert.Equal(t, []float64{1500}, w.sink.of("ContainerLatency", "Microseconds",
		v("ContainerName", "primary", "EndpointConfigName", "new")...))
}

func TestAnIdleVariantIsMeasuredAsZeroEveryMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 2, echo("v"))))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	w.eventually(func() bool { return len(w.sink.of("InvocationsPerInstance", "None", v()...)) >= 2 })
	assert.Equal(t, []float64{0, 0}, w.sink.of("Invocations", "None", v()...)[:2])
	assert.Equal(t, []float64{0, 0}, w.sink.of("ConcurrentRequestsPerModel", "Count", v()...)[:2])
	assert.Len(t, w.sink.names(), 3)
}

func TestConcurrencyIsThatOfEachInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 2, echo("v"))))
	_, err := w.invoke(func(*sdk.InvokeEndpointInput) {})
	require.NoError(t, err)
	assert.Equal(t, []float64{0.5}, w.sink.of("ConcurrentRequestsPerModel", "Count", v()...))
}

// serverless is an endpoint with the name e.
func serverless(f runtime.Fleet, most, provisioned int) *runtime.Endpoint {
	e := endpoint(variant("v", 1, 0, f))
	e.Variants[0].Serverless = &runtime.Serverless{
		MaxConcurrency: most, ProvisionedConcurrency: provisioned, MemoryMB: 1024,
	}
	return e
}

func TestAServerlessVariantThrottlesAboveItsConcurrency(t *testing.T) {
	t.Parallel()
	inside, goOn := make(chan bool), make(chan bool)
	w := newWorld(t, serverless(fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
		inside <- true
		<-goOn
		return &serving.Response{Body: io.NopCloser(strings.NewReader("ok"))}, nil
	}), 2, 1))
	ends := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := w.invoke(nil)
			ends <- err
		}()
		<-inside
	}
	_, err := w.invoke(nil)
	code, message := refusal(t, err)
	// The message is null, which the SDK has a word for.
	assert.Equal(t, []any{"ThrottlingException", "UnknownError", 400}, []any{code, message, status(t, err)})
	close(goOn)
	require.NoError(t, <-ends)
	require.NoError(t, <-ends)
	assert.Equal(t, []float64{0.5, 1}, w.sink.of("ServerlessConcurrentExecutionsUtilization", "None", v()...))
	assert.Equal(t, []float64{1}, w.sink.of("ServerlessProvisionedConcurrencyInvocations", "Count", v()...))
	assert.Equal(t, []float64{1}, w.sink.of("ServerlessProvisionedConcurrencySpilloverInvocations", "Count", v()...))
	assert.Equal(t, []float64{1, 1}, w.sink.of("ServerlessProvisionedConcurrencyUtilization", "None", v()...))
	assert.Equal(t, []float64{1, 1}, w.sink.of("Invocations", "None", v()...))
}

func TestAServerlessVariantIsSetUpOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, serverless(echo("v"), 5, 0))
	for range 3 {
		_, err := w.invoke(nil)
		require.NoError(t, err)
	}
	assert.Len(t, w.sink.of("ModelSetupTime", "Microseconds", v()...), 1)
	assert.Equal(t, []float64{1, 1, 1}, w.sink.of("Invocations", "None", v()...))
	assert.Len(t, w.sink.names(), 7, "none of those for instances or provisioned concurrency")
}

func TestAServerlessVariantTakes4MB(t *testing.T) {
	t.Parallel()
	w := newWorld(t, serverless(fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
		return &serving.Response{Body: io.NopCloser(strings.NewReader("ok"))}, nil
	}), 5, 0))
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.Body = make([]byte, 4<<20) })
	require.NoError(t, err)
	_, err = w.invoke(func(in *sdk.InvokeEndpointInput) { in.Body = make([]byte, 4<<20+1) })
	code, message := refusal(t, err)
	assert.Equal(t, "ValidationError", code)
	assert.Regexp(t, `^Request [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} has oversize body\.$`, message)
}

func TestTheConcurrencyOfAServerlessVariantIsMeasuredEveryMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, serverless(echo("v"), 5, 2))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	w.eventually(func() bool {
		return len(w.sink.of("ServerlessProvisionedConcurrencyUtilization", "None", v()...)) >= 2
	})
	assert.Equal(t, 0.0, w.sink.of("ServerlessProvisionedConcurrencyUtilization", "None", v()...)[0])
	assert.Len(t, w.sink.names(), 3)
}
