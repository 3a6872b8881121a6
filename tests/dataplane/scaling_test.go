package dataplane_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"
)

// resource is how Application Auto Scaling names the variant "main" of an endpoint.
func resource(endpoint string) string { return "endpoint/" + endpoint + "/variant/main" }

// register lets Application Auto Scaling scale the variant "main" of an endpoint between bounds.
func (w *world) register(endpoint string, low, high int32) {
	w.tb.Helper()
	_, err := w.scaling.RegisterScalableTarget(w.tb.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ResourceId: aws.String(resource(endpoint)), ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		MinCapacity:       &low, MaxCapacity: &high,
	})
	require.NoError(w.tb, err)
}

// resize sets the number of instances of the variant "main".
func (w *world) resize(endpoint string, count int32) {
	w.tb.Helper()
	_, err := w.sagemaker.UpdateEndpointWeightsAndCapacities(w.tb.Context(),
		&sagemaker.UpdateEndpointWeightsAndCapacitiesInput{
			EndpointName: &endpoint, DesiredWeightsAndCapacities: []types.DesiredWeightAndCapacity{{
				VariantName: aws.String("main"), DesiredInstanceCount: &count,
			}},
		})
	require.NoError(w.tb, err)
	w.settled(endpoint)
}

// alarm goes off when the sum of a metric of invocations within a minute is at least 1, and is not bothered by missing
// data.
func (w *world) alarm(name, metric string, by []cwtypes.Dimension, actions ...string) {
	w.tb.Helper()
	_, err := w.cloudwatch.PutMetricAlarm(w.tb.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/SageMaker"), MetricName: &metric, Dimensions: by,
		Statistic: cwtypes.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1),
		Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanOrEqualToThreshold,
		TreatMissingData: aws.String("notBreaching"), AlarmActions: actions, OKActions: actions,
	})
	require.NoError(w.tb, err)
}

// activities are those of the variant "main" of an endpoint, newest first.
func (w *world) activities(endpoint string) []scalingtypes.ScalingActivity {
	w.tb.Helper()
	described, err := w.scaling.DescribeScalingActivities(w.tb.Context(),
		&applicationautoscaling.DescribeScalingActivitiesInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker, ResourceId: aws.String(resource(endpoint)),
		})
	require.NoError(w.tb, err)
	return described.ScalingActivities
}

// idleAlarm goes off when an endpoint has had no invocation for a minute.
func (w *world) idleAlarm(name, endpoint, action string) {
	w.tb.Helper()
	_, err := w.cloudwatch.PutMetricAlarm(w.tb.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("Invocations"),
		Dimensions: dimensions("EndpointName", endpoint, "VariantName", "main"), AlarmActions: []string{action},
		Statistic: cwtypes.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1),
		Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorLessThanThreshold,
	})
	require.NoError(w.tb, err)
}

// schedule sets the bounds of the variant "main" of an endpoint at a time.
func (w *world) schedule(endpoint string, at time.Time, low, high int32) {
	w.tb.Helper()
	_, err := w.scaling.PutScheduledAction(w.tb.Context(), &applicationautoscaling.PutScheduledActionInput{
		ScheduledActionName: aws.String("evening"), ResourceId: aws.String(resource(endpoint)),
		ServiceNamespace:     scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension:    scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		Schedule:             aws.String("at(" + at.UTC().Format("2006-01-02T15:04:05") + ")"),
		ScalableTargetAction: &scalingtypes.ScalableTargetAction{MinCapacity: &low, MaxCapacity: &high},
	})
	require.NoError(w.tb, err)
}
