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

func TestProvisionedConcurrencyIsATargetOfItsOwn(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		_, err := scaling.NewConcurrency(ctx, "flowers.main", &scaling.ConcurrencyArgs{
			ConcurrencySpec: scaling.ConcurrencySpec{Min: 2, Max: 10, Schedules: []scaling.Schedule{
				{Name: "night", Schedule: "cron(0 20 ? * * *)", Min: 1, Max: 2},
			}},
			EndpointName: pulumi.String("flowers-test"), VariantName: "main",
			Variant: scaling.ServerlessVariant{ProvisionedConcurrency: 2, MaxConcurrency: 10}, Tags: tags,
		})
		return err
	})
	const scaled = `"serviceNamespace": "sagemaker", "resourceId": "endpoint/flowers-test/variant/main",
		"scalableDimension": "sagemaker:variant:DesiredProvisionedConcurrency"`
	requireUnder(t, graph, scaling.Type)
	requireDeclares(t, graph, declaration{
		scaling.Type + " flowers.main": `{"min": 2, "max": 10}`,
		targetType + " flowers.main":   `{` + scaled + `, "minCapacity": 2, "maxCapacity": 10, ` + wantTags + `}`,
		scalingType + " flowers.main": `{` + scaled + `,
			"policyType": "TargetTrackingScaling",
			"targetTrackingScalingPolicyConfiguration": {
				"predefinedMetricSpecification": {
					"predefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"
				},
				"targetValue": 0.7, "scaleInCooldown": 300, "scaleOutCooldown": 300
			}
		}`,
		scheduleType + " flowers.main.night": `{` + scaled + `,
			"schedule": "cron(0 20 ? * * *)", "timezone": "UTC",
			"scalableTargetAction": {"minCapacity": 1, "maxCapacity": 2}
		}`,
	})
}

// newBacklog scales the instances of an asynchronous endpoint.
func newBacklog(spec scaling.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec: spec, EndpointName: pulumi.String("flowers-test"), VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: 1, Asynchronous: true}, Tags: tags,
		})
		return err
	}
}

func TestAnAsynchronousEndpointFollowsItsBacklogAndLeavesZero(t *testing.T) {
	t.Parallel()
	program := newBacklog(scaling.Spec{Min: 0, Max: 4})
	want := func(policy string) declaration {
		return declaration{
			scaling.Type + " flowers.main": `{"min": 0, "max": 4}`,
			targetType + " flowers.main":   `{` + scaled + `, "minCapacity": 0, "maxCapacity": 4, ` + wantTags + `}`,
			scalingType + " flowers.main": `{` + scaled + `,
				"policyType": "TargetTrackingScaling",
				"targetTrackingScalingPolicyConfiguration": {
					"customizedMetricSpecification": {
						"namespace": "AWS/SageMaker", "metricName": "ApproximateBacklogSizePerInstance",
						"dimensions": [{"name": "EndpointName", "value": "flowers-test"}], "statistic": "Average"
					},
					"targetValue": 5, "scaleInCooldown": 600, "scaleOutCooldown": 300
				}
			}`,
			scalingType + " flowers.main.leave-zero": `{` + scaled + `,
				"policyType": "StepScaling",
				"stepScalingPolicyConfiguration": {
					"adjustmentType": "ChangeInCapacity", "metricAggregationType": "Average", "cooldown": 300,
					"stepAdjustments": [{"metricIntervalLowerBound": "0", "scalingAdjustment": 1}]
				}
			}`,
			alarmType + " flowers.main.leave-zero": `{
				"name": "flowers-test.main.leave-zero", "namespace": "AWS/SageMaker",
				"metricName": "HasBacklogWithoutCapacity", "dimensions": {"EndpointName": "flowers-test"},
				"statistic": "Average", "period": 60, "datapointsToAlarm": 2, "evaluationPeriods": 2,
				"comparisonOperator": "GreaterThanOrEqualToThreshold", "threshold": 1, "treatMissingData": "notBreaching",
				"alarmDescription": "Requests wait and variant main has no instance: scaling adds one.",
				"alarmActions": [` + policy + `], ` + wantTags + `
			}`,
		}
	}
	graph := harness.Run(t, program)
	requireUnder(t, graph, scaling.Type)
	arn := graph.Named(t, alarmType, "flowers.main.leave-zero").Inputs["alarmActions"].([]any)[0].(string)
	assert.Contains(t, arn, "leave-zero", "the alarm acts through the policy that leaves zero")
	requireDeclares(t, graph, want(`"`+arn+`"`))
	requireDeclares(t, harness.Run(t, program, harness.Preview()), want(unknown))
}

func TestOnlyWhatReachesZeroHasToLeaveIt(t *testing.T) {
	t.Parallel()
	night := []scaling.Schedule{{Name: "night", Schedule: "cron(0 20 ? * * *)", Min: 0, Max: 1}}
	for name, test := range map[string]struct {
		spec scaling.Spec
		want map[string]int
	}{
		"always one":       {scaling.Spec{Min: 1, Max: 4}, map[string]int{scalingType: 1, alarmType: 0}},
		"none at night":    {scaling.Spec{Min: 1, Max: 4, Schedules: night}, map[string]int{scalingType: 2, alarmType: 1}},
		"none when unused": {scaling.Spec{Min: 0, Max: 4}, map[string]int{scalingType: 2, alarmType: 1}},
	} {
		counts := harness.Run(t, newBacklog(test.spec)).Counts()
		assert.Equal(t, test.want, map[string]int{scalingType: counts[scalingType], alarmType: counts[alarmType]}, name)
	}
}

func TestABacklogIsHeldAtItsTarget(t *testing.T) {
	t.Parallel()
	policy := harness.Run(t, newBacklog(scaling.Spec{
		Min: 1, Max: 4, BacklogPerInstance: new(2.5),
		ScaleInCooldown: new(time.Minute), ScaleOutCooldown: new(time.Duration(0)),
	})).One(t, scalingType)
	tracked := policy.Inputs["targetTrackingScalingPolicyConfiguration"].(map[string]any)
	delete(tracked, "customizedMetricSpecification")
	assert.Equal(t, map[string]any{"targetValue": 2.5, "scaleInCooldown": 60.0, "scaleOutCooldown": 0.0}, tracked)
}

func TestAnAsynchronousEndpointIsNotScaledByInvocations(t *testing.T) {
	t.Parallel()
	requireFails(t, newBacklog(scaling.Spec{Min: 0, Max: 4, InvocationsPerInstance: new(600.0)}),
		`scaling "flowers.main": invocationsPerInstance: never scales an asynchronous endpoint, which publishes no metric `+
			`of invocations; use backlogPerInstance`)
}

func TestProvisionedConcurrencyThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := scaling.NewConcurrency(ctx, "flowers.main", &scaling.ConcurrencyArgs{
			ConcurrencySpec: scaling.ConcurrencySpec{Min: 1, Max: 20},
			Variant:         scaling.ServerlessVariant{ProvisionedConcurrency: 1, MaxConcurrency: 10},
		})
		return err
	}, `scaling "flowers.main": endpointName: is required`, "max: 20 is more than maxConcurrency (10)",
		"variantName: is required")
}
