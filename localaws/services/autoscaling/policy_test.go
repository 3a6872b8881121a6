package autoscaling_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// named is how messages name the target of the tests.
const named = "service namespace: sagemaker, resource ID: endpoint/e/variant/v, " +
	"scalable dimension: sagemaker:variant:DesiredInstanceCount"

// tracking is a policy of 100 invocations a minute, with changes.
func tracking(change func(*types.TargetTrackingScalingPolicyConfiguration)) func(*sdk.PutScalingPolicyInput) {
	return func(in *sdk.PutScalingPolicyInput) {
		in.PolicyType = types.PolicyTypeTargetTrackingScaling
		in.TargetTrackingScalingPolicyConfiguration = &types.TargetTrackingScalingPolicyConfiguration{
			TargetValue: aws.Float64(100.5), ScaleInCooldown: aws.Int32(600), ScaleOutCooldown: aws.Int32(0),
			DisableScaleIn: aws.Bool(false),
			PredefinedMetricSpecification: &types.PredefinedMetricSpecification{
				PredefinedMetricType: types.MetricTypeSageMakerVariantInvocationsPerInstance,
			},
		}
		if change != nil {
			change(in.TargetTrackingScalingPolicyConfiguration)
		}
	}
}

func (w *world) putPolicy(name string, change func(*sdk.PutScalingPolicyInput)) error {
	w.t.Helper()
	in := &sdk.PutScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		PolicyName: aws.String(name),
	}
	change(in)
	_, err := w.PutScalingPolicy(w.t.Context(), in)
	return err
}

func (w *world) policies(names ...string) []types.ScalingPolicy {
	w.t.Helper()
	out, err := w.DescribeScalingPolicies(w.t.Context(), &sdk.DescribeScalingPoliciesInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		PolicyNames: names,
	})
	require.NoError(w.t, err)
	return out.ScalingPolicies
}

func TestAPolicyIsDescribedAsItWasPut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	step := &types.StepScalingPolicyConfiguration{
		AdjustmentType: types.AdjustmentTypeChangeInCapacity, Cooldown: aws.Int32(150),
		MetricAggregationType: types.MetricAggregationTypeMaximum,
		StepAdjustments: []types.StepAdjustment{
			{MetricIntervalLowerBound: aws.Float64(0), ScalingAdjustment: aws.Int32(1)},
			{MetricIntervalUpperBound: aws.Float64(-2.5), ScalingAdjustment: aws.Int32(-1)},
		},
	}
	require.NoError(t, w.putPolicy("track", tracking(nil)))
	require.NoError(t, w.putPolicy("step", func(in *sdk.PutScalingPolicyInput) {
		in.PolicyType, in.StepScalingPolicyConfiguration = types.PolicyTypeStepScaling, step
	}))
	list := w.policies()
	require.Len(t, list, 2)
	assert.Equal(t, "step", *list[0].PolicyName)
	assert.Equal(t, types.PolicyTypeStepScaling, list[0].PolicyType)
	assert.Equal(t, step, list[0].StepScalingPolicyConfiguration)
	want := &sdk.PutScalingPolicyInput{}
	tracking(nil)(want)
	assert.Equal(t, want.TargetTrackingScalingPolicyConfiguration, list[1].TargetTrackingScalingPolicyConfiguration)
	assert.Regexp(t, `^arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:[0-9a-f-]{36}:`+
		`resource/sagemaker/endpoint/e/variant/v:policyName/track$`, *list[1].PolicyARN)
	assert.Empty(t, list[1].Alarms)
	assert.Equal(t, epoch, list[1].CreationTime.UTC())
	assert.Len(t, w.policies("track", "other"), 1)
}

func TestPuttingAPolicyAgainKeepsItsARN(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	arn := w.policies()[0].PolicyARN
	require.NoError(t, w.putPolicy("p", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
		c.TargetValue = aws.Float64(7)
	})))
	list := w.policies()
	require.Len(t, list, 1)
	assert.InDelta(t, 7, *list[0].TargetTrackingScalingPolicyConfiguration.TargetValue, 0)
	assert.Equal(t, arn, list[0].PolicyARN)
}

func TestPoliciesNeedATargetAndAConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	requireError(t, w.putPolicy("p", tracking(nil)), "ObjectNotFoundException",
		"No scalable target registered for "+named)
	require.NoError(t, w.register(resource))
	tests := []struct {
		name    string
		change  func(*sdk.PutScalingPolicyInput)
		message string
	}{
		{
			"no configuration", func(in *sdk.PutScalingPolicyInput) { in.PolicyType = types.PolicyTypeTargetTrackingScaling },
			"TargetTrackingScalingPolicyConfiguration is required for policy type TargetTrackingScaling",
		},
		{
			"step by default", func(*sdk.PutScalingPolicyInput) {},
			"StepScalingPolicyConfiguration is required for policy type StepScaling",
		},
		{"no steps", func(in *sdk.PutScalingPolicyInput) {
			in.StepScalingPolicyConfiguration = &types.StepScalingPolicyConfiguration{}
		}, "At least one step adjustment must be specified."},
		{"steps of no kind", func(in *sdk.PutScalingPolicyInput) {
			in.StepScalingPolicyConfiguration = &types.StepScalingPolicyConfiguration{
				StepAdjustments: []types.StepAdjustment{adjust(nil, nil, 1)},
			}
		}, "AdjustmentType must be specified."},
		{
			"empty step", step(types.AdjustmentTypeExactCapacity, nil, adjust(aws.Float64(1), aws.Float64(1), 1)),
			"The upper bound of a step adjustment must be greater than its lower bound.",
		},
		{"half a metric", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
			c.PredefinedMetricSpecification = nil
			c.CustomizedMetricSpecification = &types.CustomizedMetricSpecification{
				MetricName: aws.String("M"), Namespace: aws.String("N"),
			}
		}), "CustomizedMetricSpecification must have either Metrics, or MetricName, Namespace and Statistic."},
		{
			"predictive", func(in *sdk.PutScalingPolicyInput) { in.PolicyType = types.PolicyTypePredictiveScaling },
			"Policy type PredictiveScaling is not supported for service namespace sagemaker",
		},
		{"no metric", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
			c.PredefinedMetricSpecification = nil
		}), "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified."},
		{"metric of another dimension", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
			metric := c.PredefinedMetricSpecification
			metric.PredefinedMetricType = types.MetricTypeSageMakerVariantProvisionedConcurrencyUtilization
		}), "Scalable dimension sagemaker:variant:DesiredInstanceCount only supports the following predefined metric " +
			"types: SageMakerVariantInvocationsPerInstance, SageMakerVariantConcurrentRequestsPerModelHighResolution"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requireError(t, w.putPolicy("p", test.change), "ValidationException", test.message)
			assert.Empty(t, w.policies())
		})
	}
}

func TestADeletedPolicyIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	in := &sdk.DeleteScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		PolicyName: aws.String("p"),
	}
	_, err := w.DeleteScalingPolicy(t.Context(), in)
	require.NoError(t, err)
	assert.Empty(t, w.policies())
	_, err = w.DeleteScalingPolicy(t.Context(), in)
	requireError(t, err, "ObjectNotFoundException", "No scaling policy found for "+named+", policy name: p")
}
