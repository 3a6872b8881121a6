package engine_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/components/scaling"
	"sagehost/kit/limits"
)

// scaled deploys an endpoint of one variant on instances of this type, which is scaled.
func scaled(variant string, instanceType limits.InstanceType) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		m, err := model.New(ctx, "flowers", &model.Args{
			Spec:    model.Spec{Container: model.Container{Image: testImage + "1", Artifact: testArtifact}},
			RoleARN: pulumi.String("arn:aws:iam::123456789012:role/runner"),
		})
		if err != nil {
			return err
		}
		e, err := endpoint.New(ctx, "flowers", &endpoint.Args{Name: testEndpoint, Variants: []endpoint.Variant{{
			VariantSpec: endpoint.VariantSpec{Name: variant, InstanceType: instanceType}, ModelName: m.Name,
		}}})
		if err != nil {
			return err
		}
		ctx.Export("configName", e.ConfigName)
		_, err = scaling.New(ctx, "flowers."+variant, &scaling.Args{
			Spec: scaling.Spec{
				Min: 1, Max: 3, InvocationsPerInstance: aws.Float64(600),
				Schedules: []scaling.Schedule{{Name: "night", Schedule: "cron(0 22 * * ? *)", Min: 1, Max: 1}},
			},
			EndpointName: e.Name, VariantName: variant, Variant: scaling.Variant{InitialInstanceCount: 1},
		})
		return err
	}
}

// TestFleetsThatAreScaledCanChange goes through the changes that SageMaker refuses as long as a variant is a scalable
// target. The steps build on each other.
func TestFleetsThatAreScaledCanChange(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	up := func(program pulumi.RunFunc) error {
		h.out.Reset()
		_, _, err := h.openProgram(h.file, program).Up(t.Context())
		return err
	}
	// requireScaled asks for the one target that there must be, and what belongs to it.
	requireScaled := func(t *testing.T, variant, instanceType string) {
		t.Helper()
		require.Equal(t, instanceType, h.clients.instanceType(t, testEndpoint))
		targets, err := h.clients.targets(t.Context())
		require.NoError(t, err)
		require.Len(t, targets, 1)
		require.Equal(t, "endpoint/"+testEndpoint+"/variant/"+variant, *targets[0].ResourceId)
		count := h.clients.count(t)
		require.Equal(t, 1, count["policies"])
		require.Equal(t, 1, count["schedules"])
		require.Equal(t, 1, count["configurations"])
		h.requireServes(t)
	}
	require.NoError(t, up(scaled("main", "ml.m5.large")), h.out.String())
	requireScaled(t, "main", "ml.m5.large")
	created := h.clients.endpoint(t, testEndpoint).CreationTime

	t.Run("onto other instances", func(t *testing.T) {
		require.NoError(t, up(scaled("main", "ml.c5.large")), h.out.String())
		requireScaled(t, "main", "ml.c5.large")
	})
	t.Run("another variant in place of one", func(t *testing.T) {
		require.NoError(t, up(scaled("next", "ml.c5.large")), h.out.String())
		requireScaled(t, "next", "ml.c5.large")
	})
	t.Run("a change that is rolled back does not end it", func(t *testing.T) {
		h.script(t, testEndpoint, "next-update", `{"outcome": "rollback", "reason": "no instances"}`)
		require.Error(t, up(scaled("next", "ml.m5.large")))
		require.Contains(t, h.out.String(), `endpoint "flowers-test" was rolled back`)
		require.Equal(t, 1, h.clients.count(t)["targets"])
		require.NoError(t, up(scaled("next", "ml.m5.xlarge")), h.out.String())
		requireScaled(t, "next", "ml.m5.xlarge")
	})
	require.Equal(t, created, h.clients.endpoint(t, testEndpoint).CreationTime, "it is the same endpoint")
	require.NoError(t, h.openProgram(h.file, scaled("next", "ml.m5.xlarge")).Destroy(t.Context()), h.out.String())
	require.Equal(t, map[string]int{"buckets": 1}, h.clients.count(t))
}
