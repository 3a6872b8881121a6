package autoscaling_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cw "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/autoscaling"
)

var byVariant = []cw.Dimension{
	{Name: aws.String("EndpointName"), Value: aws.String("e")}, {Name: aws.String("VariantName"), Value: aws.String("v")},
}

// alarms are the names of the alarms of the only policy there is: the high one, and the low one if there is one.
func (w *world) alarms() []string {
	w.t.Helper()
	list := w.policies()
	require.Len(w.t, list, 1)
	var names []string
	for _, alarm := range list[0].Alarms {
		assert.Equal(w.t, "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:"+*alarm.AlarmName, *alarm.AlarmARN)
		names = append(names, *alarm.AlarmName)
	}
	return names
}

var _ autoscaling.CloudWatch = (*cloudwatch.Client)(nil)

func TestATrackingPolicyHasAHighAndALowAlarm(t *testing.T) {
	t.Parallel()
	var watch watch
	w := newWorld(t, watch.with)
	require.NoError(t, w.register(resource))
	in := &sdk.PutScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		PolicyName: aws.String("p"),
	}
	tracking(nil)(in)
	out, err := w.PutScalingPolicy(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, w.policies()[0].Alarms, out.Alarms)

	names := w.alarms()
	require.Len(t, names, 2)
	const uuid = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	assert.Regexp(t, `^TargetTracking-endpoint/e/variant/v-AlarmHigh-`+uuid, names[0])
	assert.Regexp(t, `^TargetTracking-endpoint/e/variant/v-AlarmLow-`+uuid, names[1])
	want := func(name string, comparison cw.ComparisonOperator, periods int32, threshold float64) {
		assert.Equal(t, &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String(name), ActionsEnabled: aws.Bool(true), AlarmActions: []string{*out.PolicyARN},
			AlarmDescription: aws.String("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + *out.PolicyARN + "."),
			Namespace:        aws.String("AWS/SageMaker"), MetricName: aws.String("InvocationsPerInstance"),
			Dimensions: byVariant, Statistic: cw.StatisticSum, Period: aws.Int32(60),
			ComparisonOperator: comparison, EvaluationPeriods: aws.Int32(periods), Threshold: aws.Float64(threshold),
		}, watch.alarms[name])
	}
	want(names[0], cw.ComparisonOperatorGreaterThanThreshold, 3, 100.5)
	want(names[1], cw.ComparisonOperatorLessThanThreshold, 15, 90.45)
	assert.Len(t, watch.alarms, 2)
	assert.Equal(t, []string{"eu-central-1"}, watch.regions)
}

func TestAlarmsWatchWhatPoliciesTrack(t *testing.T) {
	t.Parallel()
	type config = types.TargetTrackingScalingPolicyConfiguration
	const concurrency = types.ScalableDimensionSageMakerVariantDesiredProvisionedConcurrency
	const copies = types.ScalableDimensionSageMakerInferenceComponentDesiredCopyCount
	named := func(metric types.MetricType) *config {
		return &config{PredefinedMetricSpecification: &types.PredefinedMetricSpecification{PredefinedMetricType: metric}}
	}
	byEndpoint := []cw.Dimension{{Name: aws.String("EndpointName"), Value: aws.String("e")}}
	tests := []struct {
		name, resource string
		dimension      types.ScalableDimension
		config         *config
		high, low      cloudwatch.PutMetricAlarmInput
	}{
		{
			"high resolution", resource, count, named("SageMakerVariantConcurrentRequestsPerModelHighResolution"),
			cloudwatch.PutMetricAlarmInput{
				Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("ConcurrentRequestsPerModel"),
				Statistic: cw.StatisticMaximum, Dimensions: byVariant, Period: aws.Int32(10),
			},
			cloudwatch.PutMetricAlarmInput{Period: aws.Int32(60)},
		},
		{
			"provisioned concurrency", "endpoint/e/variant/serverless", concurrency,
			named("SageMakerVariantProvisionedConcurrencyUtilization"),
			cloudwatch.PutMetricAlarmInput{
				Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("ServerlessProvisionedConcurrencyUtilization"),
				Statistic: cw.StatisticAverage, Period: aws.Int32(60), Dimensions: []cw.Dimension{
					byVariant[0], {Name: aws.String("VariantName"), Value: aws.String("serverless")},
				},
			},
			cloudwatch.PutMetricAlarmInput{Period: aws.Int32(60)},
		},
		{
			"inference component", "inference-component/c", copies, named("SageMakerInferenceComponentInvocationsPerCopy"),
			cloudwatch.PutMetricAlarmInput{
				Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("InvocationsPerCopy"),
				Statistic: cw.StatisticSum, Period: aws.Int32(60), Dimensions: []cw.Dimension{
					{Name: aws.String("InferenceComponentName"), Value: aws.String("c")},
				},
			},
			cloudwatch.PutMetricAlarmInput{Period: aws.Int32(60)},
		},
		{
			"customized", resource, count,
			&config{CustomizedMetricSpecification: &types.CustomizedMetricSpecification{
				Namespace: aws.String("N"), MetricName: aws.String("M"), Statistic: types.MetricStatisticAverage,
				Unit: aws.String("Percent"), Dimensions: []types.MetricDimension{
					{Name: aws.String("EndpointName"), Value: aws.String("e")},
				},
			}},
			cloudwatch.PutMetricAlarmInput{
				Namespace: aws.String("N"), MetricName: aws.String("M"), Statistic: cw.StatisticAverage,
				Unit: cw.StandardUnitPercent, Dimensions: byEndpoint, Period: aws.Int32(60),
			},
			cloudwatch.PutMetricAlarmInput{Period: aws.Int32(60)},
		},
		{
			"metric math", resource, count,
			&config{CustomizedMetricSpecification: &types.CustomizedMetricSpecification{
				Metrics: []types.TargetTrackingMetricDataQuery{
					{
						Id: aws.String("m"), ReturnData: aws.Bool(false), MetricStat: &types.TargetTrackingMetricStat{
							Metric: &types.TargetTrackingMetric{
								Namespace: aws.String("N"), MetricName: aws.String("M"),
								Dimensions: []types.TargetTrackingMetricDimension{
									{Name: aws.String("EndpointName"), Value: aws.String("e")},
								},
							}, Stat: aws.String("p90"), Unit: aws.String("Count"),
						},
					},
					{Id: aws.String("x"), Expression: aws.String("m / 2"), Label: aws.String("half")},
				},
			}},
			cloudwatch.PutMetricAlarmInput{Metrics: []cw.MetricDataQuery{
				{
					Id: aws.String("m"), ReturnData: aws.Bool(false), MetricStat: &cw.MetricStat{
						Metric: &cw.Metric{
							Namespace: aws.String("N"), MetricName: aws.String("M"), Dimensions: byEndpoint,
						}, Period: aws.Int32(60), Stat: aws.String("p90"), Unit: cw.StandardUnitCount,
					},
				},
				{Id: aws.String("x"), Expression: aws.String("m / 2"), Label: aws.String("half")},
			}},
			cloudwatch.PutMetricAlarmInput{},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var watch watch
			w := newWorld(t, watch.with)
			require.NoError(t, w.register(test.resource, func(in *sdk.RegisterScalableTargetInput) {
				in.ScalableDimension = test.dimension
			}))
			test.config.TargetValue = aws.Float64(10)
			_, err := w.PutScalingPolicy(t.Context(), &sdk.PutScalingPolicyInput{
				ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(test.resource),
				ScalableDimension: test.dimension, PolicyName: aws.String("p"),
				PolicyType: types.PolicyTypeTargetTrackingScaling, TargetTrackingScalingPolicyConfiguration: test.config,
			})
			require.NoError(t, err)
			require.Len(t, watch.alarms, 2)
			for name, got := range watch.alarms {
				if strings.Contains(name, "AlarmLow") {
					assert.Equal(t, test.low.Period, got.Period)
					continue
				}
				bare := cloudwatch.PutMetricAlarmInput{
					Namespace: got.Namespace, MetricName: got.MetricName, Statistic: got.Statistic, Unit: got.Unit,
					Dimensions: got.Dimensions, Period: got.Period, Metrics: got.Metrics,
				}
				assert.Equal(t, test.high, bare)
			}
		})
	}
}

func TestAlarmsFollowTheirPolicy(t *testing.T) {
	t.Parallel()
	var watch watch
	w := newWorld(t, watch.with)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	first := w.alarms()
	require.NoError(t, w.putPolicy("p", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
		c.TargetValue = aws.Float64(7)
	})))
	assert.Equal(t, first, w.alarms(), "alarms keep their names")
	assert.InDelta(t, 7, *watch.alarms[first[0]].Threshold, 0)
	require.NoError(t, w.putPolicy("p", tracking(func(c *types.TargetTrackingScalingPolicyConfiguration) {
		c.DisableScaleIn = aws.Bool(true)
	})))
	assert.Equal(t, first[:1], w.alarms())
	assert.Len(t, watch.alarms, 1, "the low alarm is deleted when scaling in is disabled")
	require.NoError(t, w.putPolicy("p", step(types.AdjustmentTypeExactCapacity, nil, adjust(nil, nil, 1))))
	assert.Empty(t, w.alarms())
	assert.Empty(t, watch.alarms, "a step scaling policy has no alarms of its own")
}

func TestAlarmsGoWithTheirPolicyTargetOrEndpoint(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*world){
		"policy": func(w *world) {
			_, err := w.DeleteScalingPolicy(w.t.Context(), &sdk.DeleteScalingPolicyInput{
				ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource),
				ScalableDimension: count, PolicyName: aws.String("p"),
			})
			require.NoError(w.t, err)
		},
		"target": func(w *world) {
			_, err := w.DeregisterScalableTarget(w.t.Context(), &sdk.DeregisterScalableTargetInput{
				ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource),
				ScalableDimension: count,
			})
			require.NoError(w.t, err)
		},
		"endpoint": func(w *world) {
			w.fake.DeregisterEndpoint("eu-central-1", "e")
			w.pass(0)
		},
	}
	for name, remove := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var watch watch
			w := newWorld(t, watch.with)
			require.NoError(t, w.register(resource))
			require.NoError(t, w.putPolicy("p", tracking(nil)))
			require.Len(t, watch.alarms, 2)
			remove(w)
			assert.Empty(t, watch.alarms)
		})
	}
}

func TestWithoutCloudWatchPoliciesAreNotKeptAndAlarmsAreDeletedLater(t *testing.T) {
	t.Parallel()
	var watch watch
	w := newWorld(t, watch.with)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	watch.down = true
	err := w.putPolicy("q", tracking(nil))
	require.ErrorContains(t, err,
		"FailedResourceAccessException: Unable to create alarm TargetTracking-endpoint/e/variant/v")
	assert.Len(t, w.policies(), 1)
	w.fake.DeregisterEndpoint("eu-central-1", "e")
	w.pass(0)
	assert.Len(t, watch.alarms, 2)
	watch.down = false
	w.pass(0)
	assert.Empty(t, watch.alarms)
}

func TestAnEndpointThatGoesWhileItsPolicyIsPutLeavesNoAlarms(t *testing.T) {
	t.Parallel()
	var watch watch
	w := newWorld(t, watch.with)
	require.NoError(t, w.register(resource))
	watch.called = func() { w.fake.DeregisterEndpoint("eu-central-1", "e") }
	requireError(t, w.putPolicy("p", tracking(nil)), "ObjectNotFoundException",
		"No scalable target registered for "+named)
	assert.Empty(t, watch.alarms)
}
