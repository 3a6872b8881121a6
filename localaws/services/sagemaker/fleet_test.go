package sagemaker_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/containers/usage"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/sagemaker"
)

// fleet answers with the name of its image.
type fleet struct {
	spec            serving.Spec
	watch           func(string, float64)
	crashed, closed chan struct{}
}

func (f *fleet) Invoke(context.Context, *serving.Request) (*serving.Response, error) {
	return &serving.Response{Body: io.NopCloser(strings.NewReader(f.spec.Containers[0].Image))}, nil
}
func (f *fleet) Watch(watch func(string, float64))  { f.watch = watch }
func (f *fleet) TimedOut(error) *serving.ModelError { return nil }
func (f *fleet) PIDs() []int                        { return []int{42} }
func (f *fleet) Folder() string                     { return "folder" }
func (f *fleet) Crash()                             { close(f.crashed) }
func (f *fleet) Close()                             { close(f.closed) }

// fleets starts fleets when the test lets them.
type fleets struct {
	mu      sync.Mutex
	started []*fleet
	// gate holds starts up until it is closed.
	gate chan struct{}
	// broken are images that do not start, and why.
	broken map[string]string
}

func (s *fleets) start(ctx context.Context, spec serving.Spec) (sagemaker.Fleet, error) {
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if reason := s.broken[spec.Containers[0].Image]; reason != "" {
		return nil, &serving.FailedStart{Reason: reason}
	}
	f := &fleet{spec: spec, crashed: make(chan struct{}), closed: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = append(s.started, f)
	return f, nil
}

// all are the fleets that have started, oldest first.
func (s *fleets) all() []*fleet {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*fleet{}, s.started...)
}

// newServingWorld is a world in which containers run.
func newServingWorld(t *testing.T, changes ...func(*sagemaker.Options)) *world {
	t.Helper()
	var w *world
	start := func(o *sagemaker.Options) {
		o.Start = func(ctx context.Context, spec serving.Spec) (sagemaker.Fleet, error) {
			return w.fleets.start(ctx, spec)
		}
	}
	w = newWorld(t, append(changes, start)...)
	w.fleets.broken = map[string]string{repo + "broken:1": "The container did not answer."}
	// The test's own context ends before the clean-up, and the test must see that all has ended.
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.fake.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return w
}

// becomes waits until an endpoint has a status.
func (w *world) becomes(status types.EndpointStatus) *sdk.DescribeEndpointOutput {
	w.t.Helper()
	var out *sdk.DescribeEndpointOutput
	require.Eventually(w.t, func() bool {
		out = w.describe("e")
		return out.EndpointStatus == status
	}, 10*time.Second, time.Millisecond)
	return out
}

// answers are the bodies that each variant of an endpoint answers with, and its weight.
func (w *world) answers() map[string]float64 {
	w.t.Helper()
	endpoint, ok := w.fake.Serving("eu-central-1", "e")
	require.True(w.t, ok)
	weights := map[string]float64{}
	for _, v := range endpoint.Variants {
		response, err := v.Fleet.Invoke(w.t.Context(), &serving.Request{})
		require.NoError(w.t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(w.t, err)
		weights[v.Name+" "+v.Config+" "+string(body)] = v.Weight
	}
	return weights
}

// next makes the configuration "c2" of an image and moves the endpoint to it.
func (w *world) next(image string, guard *types.DeploymentConfig) error {
	w.t.Helper()
	w.model("m2", image)
	w.config("c2", variant("v", func(v *types.ProductionVariant) { v.ModelName = aws.String("m2") }))
	return w.update("c2", func(in *sdk.UpdateEndpointInput) { in.DeploymentConfig = guard })
}

func TestAnEndpointIsInServiceOnceItsContainersAnswer(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.fleets.gate = make(chan struct{})
	w.serving(variant("v"))
	w.pass(time.Hour)
	assert.Equal(t, types.EndpointStatusCreating, w.describe("e").EndpointStatus)
	_, ok := w.fake.Serving("eu-central-1", "e")
	assert.False(t, ok, "nothing answers while it is created")

	close(w.fleets.gate)
	out := w.becomes(types.EndpointStatusInService)
	assert.Equal(t, epoch.Add(65*time.Minute), out.LastModifiedTime.UTC(), "when the last container was ready")
	assert.Equal(t, map[string]float64{"v  " + repo + "m:1": 1}, w.answers())
}

func TestAContainerThatDoesNotStartFailsTheCreation(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.model("m", repo+"broken:1")
	w.config("c1", variant("v"))
	w.endpoint("e", "c1")
	assert.Equal(t, "The container did not answer.", *w.becomes(types.EndpointStatusFailed).FailureReason)
}

func TestAContainerThatDoesNotStartRollsTheUpdateBack(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	require.NoError(t, w.next(repo+"broken:1", nil))
	w.becomes(types.EndpointStatusRollingBack)
	assert.Equal(t, map[string]float64{"v  " + repo + "m:1": 1}, w.answers(), "the old containers go on")
	w.pass(4 * time.Minute)
	out := w.becomes(types.EndpointStatusInService)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, "The container did not answer.", *out.FailureReason)
}

func TestOldContainersEndWhenNewOnesHaveTakenOver(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	require.NoError(t, w.next(repo+"m:2", nil))
	assert.Equal(t, map[string]float64{"v c1 " + repo + "m:1": 1}, w.answers())
	w.pass(10 * time.Minute)
	w.becomes(types.EndpointStatusInService)
	assert.Equal(t, map[string]float64{"v  " + repo + "m:2": 1}, w.answers())
	all := w.fleets.all()
	require.Len(t, all, 2)
	<-all[0].closed

	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	_, ok := w.fake.Serving("eu-central-1", "e")
	assert.False(t, ok, "nothing answers while it is deleted")
	<-all[1].closed
}

func TestACrashIsPassedOnToTheContainers(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	response, err := http.Post(w.url+"/_local/sagemaker/endpoints/e/crash?region=eu-central-1", "", nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusNoContent, response.StatusCode)
	<-w.fleets.all()[0].crashed
}

func TestTheProcessesOfEndpointsAreListed(t *testing.T) {
	t.Parallel()
	w := newServingWorld(t)
	w.serving(variant("v", func(v *types.ProductionVariant) { v.VolumeSizeInGB = aws.Int32(20) }))
	w.becomes(types.EndpointStatusInService)
	assert.Equal(t, []usage.Running{{
		Region: "eu-central-1", Endpoint: "e", Variant: "v", PIDs: []int{42}, Folder: "folder", VolumeGB: 20,
	}}, w.fake.Containers())
}

// sink keeps what was measured last.
type sink chan metrics.Metric

func (s sink) Add(metric metrics.Metric, _ float64) { s <- metric }

func TestWhatAFleetMeasuresBecomesAMetricOfItsVariant(t *testing.T) {
	t.Parallel()
	measured := make(sink, 1)
	w := newServingWorld(t, func(o *sagemaker.Options) { o.Metrics = measured })
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	for event, want := range map[string]metrics.Metric{
		"ModelLoadingTime": {Namespace: "AWS/SageMaker", Unit: "Microseconds"},
		"ModelCacheHit":    {Namespace: "AWS/SageMaker", Unit: "None"},
		"LoadedModelCount": {Namespace: "/aws/sagemaker/Endpoints", Unit: "None"},
	} {
		w.fleets.all()[0].watch(event, 1)
		want.Region, want.Name = "eu-central-1", event
		want.Dimensions = metrics.By("EndpointName", "e", "VariantName", "v")
		assert.Equal(t, want, <-measured)
	}
}
