package sagemaker_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// targets stands for Application Auto Scaling with the variant "scaled" registered.
type targets struct{ deregistered []string }

func (s *targets) Registered(region, endpoint, variant string) bool {
	return region == "eu-central-1" && endpoint == "e" && variant == "scaled"
}

func (s *targets) DeregisterEndpoint(region, endpoint string) {
	s.deregistered = append(s.deregistered, region+"/"+endpoint)
}

const mustDeregister = `The variant(s) "[scaled]" must be deregistered as scalable targets with AWS Auto Scaling ` +
	`before they can be removed or updated to use a different instance type.`

func TestAScaledVariantCannotBeRemovedOrPutOnOtherInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.SetScaling(&targets{})
	w.serving(variant("scaled"), variant("free"))
	w.config("without", variant("free"))
	w.config("bigger", variant("free"), variant("scaled", func(v *types.ProductionVariant) {
		v.InstanceType = types.ProductionVariantInstanceTypeMlM5Xlarge
	}))
	w.model("m2", repo+"m:2")
	w.config("newer", variant("scaled", func(v *types.ProductionVariant) { v.ModelName = aws.String("m2") }))
	requireError(t, w.update("without"), "ValidationException", mustDeregister)
	requireError(t, w.update("bigger"), "ValidationException", mustDeregister)
	assert.NoError(t, w.update("newer"), "another model is allowed, and so is to remove a variant that is not scaled")
}

func TestDeletingAnEndpointDeregistersItsVariants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scaling := &targets{}
	w.fake.SetScaling(scaling)
	w.serving(variant("scaled"))
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	assert.Equal(t, []string{"eu-central-1/e"}, scaling.deregistered)
}

func TestVariantTellsWhatAutoScalingAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	instanceType, async, found := w.fake.Variant("eu-central-1", "e", "v")
	assert.Equal(t, "ml.m5.large", instanceType)
	assert.False(t, async)
	assert.True(t, found)
	for _, other := range [][3]string{{"us-east-1", "e", "v"}, {"eu-central-1", "E", "v"}, {"eu-central-1", "e", "V"}} {
		_, _, found = w.fake.Variant(other[0], other[1], other[2])
		assert.False(t, found, other)
	}
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	_, _, found = w.fake.Variant("eu-central-1", "e", "v")
	assert.False(t, found, "an endpoint that is being deleted has no variants to scale")
}

func (w *world) scale(variant string, count int32, weight float32) error {
	_, err := w.UpdateEndpointWeightsAndCapacities(w.t.Context(), &sdk.UpdateEndpointWeightsAndCapacitiesInput{
		EndpointName: aws.String("e"),
		DesiredWeightsAndCapacities: []types.DesiredWeightAndCapacity{{
			VariantName: aws.String(variant), DesiredInstanceCount: &count, DesiredWeight: &weight,
		}},
	})
	return err
}

func TestScalingShowsDesiredBeforeCurrent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	require.NoError(t, w.scale("v", 7, 0.5))
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusUpdating, out.EndpointStatus)
	assert.Nil(t, out.PendingDeploymentSummary)
	v := out.ProductionVariants[0]
	assert.Equal(t, []int32{2, 7}, []int32{*v.CurrentInstanceCount, *v.DesiredInstanceCount})
	assert.Equal(t, []float32{1, 0.5}, []float32{*v.CurrentWeight, *v.DesiredWeight})
	w.pass(3 * time.Minute)
	out = w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	v = out.ProductionVariants[0]
	assert.Equal(t, []int32{7, 7}, []int32{*v.CurrentInstanceCount, *v.DesiredInstanceCount})
	requireError(t, w.scale("x", 1, 1), "ValidationException",
		`The variant name(s) "x" is/are not present within endpoint configuration "c1".`)
}

func TestAnUpdateResetsCountsAndWeightsUnlessTheyAreRetained(t *testing.T) {
	t.Parallel()
	retain := func(in *sdk.UpdateEndpointInput) { in.RetainAllVariantProperties = aws.Bool(true) }
	exclude := func(property types.VariantPropertyType) func(*sdk.UpdateEndpointInput) {
		return func(in *sdk.UpdateEndpointInput) {
			in.ExcludeRetainedVariantProperties = []types.VariantProperty{{VariantPropertyType: property}}
		}
	}
	tests := []struct {
		name    string
		changes []func(*sdk.UpdateEndpointInput)
		count   int32
		weight  float32
	}{
		{"by default", nil, 2, 1},
		{"retained", []func(*sdk.UpdateEndpointInput){retain}, 7, 0.25},
		{"all but the count", []func(*sdk.UpdateEndpointInput){
			retain,
			exclude(types.VariantPropertyTypeDesiredInstanceCount),
		}, 2, 0.25},
		{"all but the weight", []func(*sdk.UpdateEndpointInput){
			retain,
			exclude(types.VariantPropertyTypeDesiredWeight),
		}, 7, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.serving(variant("v"))
			require.NoError(t, w.scale("v", 7, 0.25))
			w.pass(3 * time.Minute)
			w.config("c2", variant("v"), variant("new"))
			require.NoError(t, w.update("c2", test.changes...))
			w.pass(10 * time.Minute)
			variants := w.describe("e").ProductionVariants
			require.Len(t, variants, 2)
			assert.Equal(t, test.count, *variants[0].CurrentInstanceCount)
			assert.Equal(t, test.weight, *variants[0].CurrentWeight)
			assert.Equal(t, int32(2), *variants[1].CurrentInstanceCount)
		})
	}
}
