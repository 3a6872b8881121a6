package sagemaker_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/world/state"
)

// again is a world that goes on with what another one has left in a folder, at the same time.
func (w *world) again(dir state.Dir) *world {
	w.t.Helper()
	next := newServingWorld(w.t, func(o *sagemaker.Options) { o.State = dir })
	next.now = w.now
	require.NoError(w.t, next.fake.Restore())
	return next
}

func TestAFakeGoesOnWhereAnotherOneWasKilled(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	w := newServingWorld(t, func(o *sagemaker.Options) { o.State = dir })
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	require.NoError(t, w.scale("v", 3, 1))
	w.pass(3 * time.Minute)
	_, err := w.AddTags(t.Context(), &sdk.AddTagsInput{
		ResourceArn: aws.String(arnPrefix + "endpoint/e"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("x")}},
	})
	require.NoError(t, err)
	before := w.becomes(types.EndpointStatusInService)

	w = w.again(dir)
	after := w.describe("e")
	after.ResultMetadata = before.ResultMetadata
	assert.Equal(t, before, after)
	assert.Equal(t, map[string]float64{"v  " + repo + "m:1": 1}, w.answers(), "the containers were started again")
	tags, err := w.ListTags(t.Context(), &sdk.ListTagsInput{ResourceArn: aws.String(arnPrefix + "endpoint/e")})
	require.NoError(t, err)
	assert.Len(t, tags.Tags, 1)
}

func TestAnUpdateGoesOnWhereItWasKilled(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	w := newServingWorld(t, func(o *sagemaker.Options) { o.State = dir })
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	require.NoError(t, w.next(repo+"m:2", shifting(types.TrafficRoutingConfigTypeCanary)))

	w = w.again(dir)
	assert.Equal(t, types.EndpointStatusUpdating, w.describe("e").EndpointStatus)
	assert.Equal(t, map[string]float64{"v c1 " + repo + "m:1": 1}, w.answers())
	w.pass(10 * time.Minute)
	require.Eventually(t, func() bool { return len(w.answers()) == 2 }, 10*time.Second, time.Millisecond)
	w.describe("e") // What was seen is kept.

	w = w.again(dir)
	assert.Equal(t, map[string]float64{"v c1 " + repo + "m:1": 0.5, "v c2 " + repo + "m:2": 0.5}, w.answers())
	w.pass(time.Minute)
	assert.Equal(t, "c2", *w.becomes(types.EndpointStatusInService).EndpointConfigName)
}

func TestWhatWasDeletedStaysDeleted(t *testing.T) {
	t.Parallel()
	dir := state.Dir(t.TempDir())
	w := newServingWorld(t, func(o *sagemaker.Options) { o.State = dir })
	w.serving(variant("v"))
	w.becomes(types.EndpointStatusInService)
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	_, err = w.DeleteModel(t.Context(), &sdk.DeleteModelInput{ModelName: aws.String("m")})
	require.NoError(t, err)

	w = w.again(dir)
	assert.Empty(t, w.fleets.all(), "no container is started for an endpoint that is being deleted")
	w.pass(time.Minute)
	_, err = w.DescribeEndpoint(t.Context(), &sdk.DescribeEndpointInput{EndpointName: aws.String("e")})
	requireError(t, err, "ValidationException", `Could not find endpoint "`+arnPrefix+`endpoint/e".`)
	_, err = w.DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: aws.String("m")})
	requireError(t, err, "ValidationException", `Could not find model "`+arnPrefix+`model/m".`)
}
