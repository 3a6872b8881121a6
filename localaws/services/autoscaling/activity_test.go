package autoscaling_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *world) activities(changes ...func(*sdk.DescribeScalingActivitiesInput)) []types.ScalingActivity {
	w.t.Helper()
	in := &sdk.DescribeScalingActivitiesInput{ServiceNamespace: types.ServiceNamespaceSagemaker}
	for _, change := range changes {
		change(in)
	}
	out, err := w.DescribeScalingActivities(w.t.Context(), in)
	require.NoError(w.t, err)
	return out.ScalingActivities
}

func TestActivitiesTellWhatWasScaledAndWhy(t *testing.T) {
	t.Parallel()
	s, watch := &scaler{initial: 2}, &watch{}
	w := newWorld(t, s.with, watch.with)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(hundred)))
	w.pass(time.Minute)
	require.NoError(t, w.ring("p", "high", 150, 100))
	w.pass(10 * time.Minute)
	s.refusal = errors.New("no more instances")
	require.Error(t, w.ring("p", "high", 101, 100))

	list := w.activities()
	require.Len(t, list, 2)
	assert.Equal(t, types.ScalingActivityStatusCodeFailed, list[0].StatusCode, "the newest comes first")
	assert.Equal(t, "Failed to set desired instance count to 4. Reason: no more instances", *list[0].StatusMessage)
	first := list[1]
	assert.Regexp(t, `^[0-9a-f-]{36}$`, *first.ActivityId)
	assert.Equal(t, resource, *first.ResourceId)
	assert.Equal(t, count, first.ScalableDimension)
	assert.Equal(t, types.ServiceNamespaceSagemaker, first.ServiceNamespace)
	assert.Equal(t, "Setting desired instance count to 3.", *first.Description)
	assert.Equal(t, "monitor alarm "+w.alarms()[0]+" in state ALARM triggered policy p", *first.Cause)
	assert.Equal(t, types.ScalingActivityStatusCodeSuccessful, first.StatusCode)
	assert.Equal(t, "Successfully set desired instance count to 3. Change successfully fulfilled by sagemaker.",
		*first.StatusMessage)
	assert.Equal(t, epoch.Add(time.Minute), first.StartTime.UTC())
	assert.Equal(t, epoch.Add(time.Minute), first.EndTime.UTC())
}

func TestRegisteringScalesToABoundThatTheCapacityIsBeyond(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		low, high int32
		want      []int64
		cause     string
	}{
		{"below", 5, 9, []int64{5}, "minimum capacity was set to 5"},
		{"above", 1, 2, []int64{2}, "maximum capacity was set to 2"},
		{"within", 1, 9, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &scaler{initial: 3}
			w := newWorld(t, s.with)
			require.NoError(t, w.register(resource, bounds(test.low, test.high)))
			assert.Equal(t, test.want, s.scaled)
			var causes string
			for _, a := range w.activities() {
				causes += *a.Cause
			}
			assert.Equal(t, test.cause, causes)
		})
	}
}

func TestBoundsWaitForAnEndpointThatIsChanging(t *testing.T) {
	t.Parallel()
	s := &scaler{initial: 3, busy: true}
	w := newWorld(t, s.with)
	require.NoError(t, w.register(resource, bounds(5, 9)))
	w.pass(time.Minute)
	assert.Empty(t, s.scaled)
	s.busy = false
	w.pass(time.Minute)
	assert.Equal(t, []int64{5}, s.scaled)
	s.initial, s.capacity = 1, nil
	w.pass(time.Minute)
	assert.Equal(t, []int64{5}, s.scaled, "what is set by hand later is left alone")
}

func TestActivitiesAreFilteredAndOutliveTheirTarget(t *testing.T) {
	t.Parallel()
	s := &scaler{initial: 1}
	w := newWorld(t, s.with)
	require.NoError(t, w.register(resource, bounds(2, 3)))
	require.NoError(t, w.register("endpoint/e/variant/w", bounds(3, 3)))
	w.fake.DeregisterEndpoint("eu-central-1", "e")
	assert.Len(t, w.activities(), 2)
	by := func(resource string, dimension types.ScalableDimension) func(*sdk.DescribeScalingActivitiesInput) {
		return func(in *sdk.DescribeScalingActivitiesInput) {
			in.ResourceId, in.ScalableDimension = aws.String(resource), dimension
		}
	}
	require.Len(t, w.activities(by(resource, "")), 1)
	assert.Equal(t, "Setting desired instance count to 2.", *w.activities(by(resource, ""))[0].Description)
	assert.Empty(t, w.activities(by(resource, types.ScalableDimensionSageMakerVariantDesiredProvisionedConcurrency)))
	w.pass(6 * 7 * 24 * time.Hour)
	assert.Len(t, w.activities(), 2)
	w.pass(time.Second)
	assert.Empty(t, w.activities())
}

func TestOnlyTheNewestActivitiesAreKept(t *testing.T) {
	t.Parallel()
	s := &scaler{initial: 1}
	w := newWorld(t, s.with)
	for i := range int32(1002) {
		require.NoError(t, w.register(resource, bounds(2+i%2, 2+i%2)))
	}
	pages := sdk.NewDescribeScalingActivitiesPaginator(w, &sdk.DescribeScalingActivitiesInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker,
	})
	// The SDK closes a request's body as soon as the answer begins; when net/http was not done with it, the connection
	// ends, and with it a long answer.
	again := func(o *sdk.Options) { o.RetryMaxAttempts = 5 }
	total := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context(), again)
		require.NoError(t, err)
		total += len(page.ScalingActivities)
	}
	assert.Equal(t, 1000, total)
}
