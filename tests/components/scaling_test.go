package components_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/endpoint"
	"sagehost/components/scaling"
	"sagehost/tests/harness"
)

const (
	targetType   = "aws:appautoscaling/target:Target"
	scalingType  = "aws:appautoscaling/policy:Policy"
	scheduleType = "aws:appautoscaling/scheduledAction:ScheduledAction"
)

func newScaling(spec scaling.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec: spec, EndpointName: pulumi.String("flowers-test"), VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: spec.Min, MinInstances: 1}, Tags: tags,
		})
		return err
	}
}

// scaled is what target, policy and schedules name.
const scaled = `"serviceNamespace": "sagemaker", "scalableDimension": "sagemaker:variant:DesiredInstanceCount",
	"resourceId": "endpoint/flowers-test/variant/main"`

func TestScalingIsATargetAPolicyAndSchedules(t *testing.T) {
	t.Parallel()
	program := newScaling(scaling.Spec{
		Min: 1, Max: 4, LoadTest: &scaling.LoadTest{MaxRequestsPerSecond: 20}, Schedules: []scaling.Schedule{
			{Name: "morning", Schedule: "cron(0 7 ? * MON-FRI *)", Timezone: "Europe/Berlin", Min: 2, Max: 8},
			{Name: "night", Schedule: "cron(0 20 ? * * *)", Min: 1, Max: 2},
		},
	})
	want := declaration{
		scaling.Type + " flowers.main": `{"min": 1, "max": 4}`,
		targetType + " flowers.main":   `{` + scaled + `, "minCapacity": 1, "maxCapacity": 4, ` + wantTags + `}`,
		scalingType + " flowers.main": `{` + scaled + `,
			"policyType": "TargetTrackingScaling",
			"targetTrackingScalingPolicyConfiguration": {
				"predefinedMetricSpecification": {"predefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
				"targetValue": 600, "scaleInCooldown": 300, "scaleOutCooldown": 300
			}
		}`,
		scheduleType + " flowers.main.morning": `{` + scaled + `,
			"schedule": "cron(0 7 ? * MON-FRI *)", "timezone": "Europe/Berlin",
			"scalableTargetAction": {"minCapacity": 2, "maxCapacity": 8}
		}`,
		scheduleType + " flowers.main.night": `{` + scaled + `,
			"schedule": "cron(0 20 ? * * *)", "timezone": "UTC",
			"scalableTargetAction": {"minCapacity": 1, "maxCapacity": 2}
		}`,
	}
	for name, options := range map[string][]harness.Option{
		"when it is created": nil, "in a preview": {harness.Preview()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, program, options...)
			requireUnder(t, graph, scaling.Type)
			requireDeclares(t, graph, want)
		})
	}
}

func TestAPolicyHoldsItsMetricAtItsTarget(t *testing.T) {
	t.Parallel()
	const (
		invocations = "SageMakerVariantInvocationsPerInstance"
		concurrency = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
	)
	for _, test := range []struct {
		name    string
		spec    scaling.Spec
		metric  string
		value   float64
		in, out float64
	}{
		{"invocations", scaling.Spec{InvocationsPerInstance: new(100.5)}, invocations, 100.5, 300, 300},
		{
			"a load test with a factor",
			scaling.Spec{LoadTest: &scaling.LoadTest{MaxRequestsPerSecond: 50, SafetyFactor: new(0.75)}},
			invocations, 2250, 300, 300,
		},
		{"concurrent requests", scaling.Spec{ConcurrentRequestsPerModel: new(5.0)}, concurrency, 5, 300, 300},
		{
			"cooldowns",
			scaling.Spec{
				InvocationsPerInstance: new(1.0),
				ScaleInCooldown:        new(10 * time.Minute), ScaleOutCooldown: new(time.Duration(0)),
			},
			invocations, 1, 600, 0,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.spec.Min, test.spec.Max = 1, 4
			policy := harness.Run(t, newScaling(test.spec)).One(t, scalingType)
			assert.Equal(t, map[string]any{
				"predefinedMetricSpecification": map[string]any{"predefinedMetricType": test.metric},
				"targetValue":                   test.value,
				"scaleInCooldown":               test.in,
				"scaleOutCooldown":              test.out,
			}, policy.Inputs["targetTrackingScalingPolicyConfiguration"])
		})
	}
}

func TestScalingWaitsForItsEndpoint(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		created, err := endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers-test", Variants: []endpoint.Variant{variant()}, Tags: tags,
		})
		if err != nil {
			return err
		}
		_, err = scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec:         scaling.Spec{Min: 1, Max: 4, InvocationsPerInstance: new(600.0)},
			EndpointName: created.Name, VariantName: "main", Tags: tags,
			Variant: scaling.Variant{InitialInstanceCount: 1, MinInstances: 1},
		})
		return err
	})
	target := graph.One(t, targetType)
	assert.Contains(t, target.Dependencies, graph.One(t, endpointType).URN)
	assert.Contains(t, graph.One(t, scalingType).Dependencies, target.URN)
}

func TestScalingThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newScaling(scaling.Spec{Min: 3, Max: 2, InvocationsPerInstance: new(600.0)}),
		`scaling "flowers.main": max: 2 is less than min (3)`)
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec:    scaling.Spec{Min: 1, Max: 4, InvocationsPerInstance: new(600.0)},
			Variant: scaling.Variant{InitialInstanceCount: 1, MinInstances: 1},
		})
		return err
	}, `scaling "flowers.main": endpointName: is required`, "variantName: is required")
}
