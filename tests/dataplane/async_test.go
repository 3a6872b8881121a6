package dataplane_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// later serves a container asynchronously, from an endpoint named "later".
func (w *world) later(container types.ContainerDefinition, topics *types.AsyncInferenceNotificationConfig) {
	w.tb.Helper()
	w.model("later", container)
	w.configOf(&sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("later"), ProductionVariants: []types.ProductionVariant{variant("main", "later")},
		AsyncInferenceConfig: &types.AsyncInferenceConfig{OutputConfig: &types.AsyncInferenceOutputConfig{
			S3OutputPath: aws.String("s3://models/out"), S3FailurePath: aws.String("s3://models/failed"),
			NotificationConfig: topics,
		}},
	})
	w.endpoint("later", "later")
}

// submit asks the endpoint "later" about an object.
func (w *world) submit(input, contentType string) *sagemakerruntime.InvokeEndpointAsyncOutput {
	w.tb.Helper()
	accepted, err := w.runtime.InvokeEndpointAsync(w.tb.Context(), &sagemakerruntime.InvokeEndpointAsyncInput{
		EndpointName: aws.String("later"), InputLocation: &input, ContentType: &contentType,
		InferenceId: aws.String("inference-1"),
	})
	require.NoError(w.tb, err)
	return accepted
}

func TestAnAsynchronousAnswerGoesToS3AndIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic, arrived := w.topic("done")
	w.later(scoring(w.uploadExample("flowers/model.tar.gz")),
		&types.AsyncInferenceNotificationConfig{SuccessTopic: &topic})
	accepted := w.submit(w.upload("in/flower.csv", []byte(flower)), "text/csv")
	assert.Equal(t, "inference-1", *accepted.InferenceId)
	assert.Regexp(t, `^s3://models/out/[0-9a-f-]{36}\.out$`, *accepted.OutputLocation)
	assert.Regexp(t, `^s3://models/failed/[0-9a-f-]{36}-error\.out$`, *accepted.FailureLocation)
	assert.Equal(t, flowerSeen, w.awaitObject(*accepted.OutputLocation))

	told := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(w.await(arrived).Message), &told))
	assert.Equal(t, "Completed", told["invocationStatus"])
	assert.Equal(t, "inference-1", told["inferenceId"])
	assert.Equal(t, map[string]any{"contentType": "text/csv", "outputLocation": *accepted.OutputLocation},
		told["responseParameters"])
	assert.Equal(t, map[string]any{
		"contentType": "text/csv", "endpointName": "later", "inputLocation": "s3://models/in/flower.csv",
	}, told["requestParameters"])
	_, ok := w.object(*accepted.FailureLocation)
	assert.False(t, ok)

	_, err := w.invoke(t.Context(), "later", flower)
	assert.ErrorContains(t, err, "Endpoint later is an asynchronous endpoint and does not support InvokeEndpoint.")
}

func TestAnAsynchronousFailureGoesToS3AndIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic, arrived := w.topic("failed")
	w.later(told("v1"), &types.AsyncInferenceNotificationConfig{ErrorTopic: &topic})
	accepted := w.submit(w.upload("in/bad.json", []byte(order{Status: 500, Say: "no idea"}.String())), "application/json")
	assert.Equal(t, "no idea", w.awaitObject(*accepted.FailureLocation))
	told := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(w.await(arrived).Message), &told))
	assert.Equal(t, "Failed", told["invocationStatus"])
	assert.Equal(t, *accepted.FailureLocation, told["failureLocation"])
	assert.Equal(t, "ClientError: Received server error (500) from primary. "+
		"See the SageMaker Endpoint logs in your account for more information.", told["failureReason"])

	missing := w.submit("s3://models/in/none.csv", "text/csv")
	assert.Contains(t, w.awaitObject(*missing.FailureLocation), "Unable to download the input")
	_, ok := w.object(*missing.OutputLocation)
	assert.False(t, ok)
	w.pass(minutes(2))
	w.assertSum(2, "InvocationFailures", "EndpointName", "later", "VariantName", "main")
}

func TestABacklogWaitsForTheFirstInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.later(told("v1"), nil)
	w.register("later", 0, 2)
	w.resize("later", 0)
	backlog := func(metric string) float64 { return w.total(metric, "EndpointName", "later").sum }
	var accepted []*sagemakerruntime.InvokeEndpointAsyncOutput
	for range 3 {
		accepted = append(accepted, w.submit(w.upload("in/one.txt", []byte("one")), "text/plain"))
	}
	w.pass(minutes(5))
	require.Eventually(t, func() bool { return backlog("HasBacklogWithoutCapacity") > 0 }, soon, often)
	assert.Empty(t, w.keys("out/"))
	assert.InDelta(t, 3*backlog("HasBacklogWithoutCapacity"), backlog("ApproximateBacklogSize"), 0)

	w.resize("later", 1)
	for _, one := range accepted {
		assert.Equal(t, "v1", w.awaitObject(*one.OutputLocation))
	}
}

func TestABacklogWithoutCapacityLeavesZero(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.later(told("v1"), nil)
	w.register("later", 0, 2)
	w.resize("later", 0)
	policy, err := w.scaling.PutScalingPolicy(t.Context(), &applicationautoscaling.PutScalingPolicyInput{
		PolicyName: aws.String("leave-zero"), PolicyType: scalingtypes.PolicyTypeStepScaling,
		ResourceId: aws.String(resource("later")), ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		StepScalingPolicyConfiguration: &scalingtypes.StepScalingPolicyConfiguration{
			AdjustmentType: scalingtypes.AdjustmentTypeChangeInCapacity, Cooldown: aws.Int32(300),
			MetricAggregationType: scalingtypes.MetricAggregationTypeAverage,
			StepAdjustments: []scalingtypes.StepAdjustment{{
				MetricIntervalLowerBound: aws.Float64(0), ScalingAdjustment: aws.Int32(1),
			}},
		},
	})
	require.NoError(t, err)
	w.alarm("backlog", "HasBacklogWithoutCapacity", dimensions("EndpointName", "later"), *policy.PolicyARN)
	accepted := w.submit(w.upload("in/one.txt", []byte("one")), "text/plain")
	w.speed(600)
	assert.Equal(t, "v1", w.awaitObject(*accepted.OutputLocation))
	w.speed(1)
	assert.Equal(t, int32(1), w.desired("later"))
	activities := w.activities("later")
	require.Len(t, activities, 1)
	assert.Equal(t, "monitor alarm backlog in state ALARM triggered policy leave-zero", *activities[0].Cause)
	assert.True(t, strings.HasPrefix(*activities[0].StatusMessage, "Successfully set desired instance count to 1."))
}

func TestARequestThatWaitsTooLongExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic, arrived := w.topic("failed")
	w.later(told("v1"), &types.AsyncInferenceNotificationConfig{ErrorTopic: &topic})
	w.register("later", 0, 2)
	w.resize("later", 0)
	accepted, err := w.runtime.InvokeEndpointAsync(t.Context(), &sagemakerruntime.InvokeEndpointAsyncInput{
		EndpointName: aws.String("later"), InputLocation: aws.String(w.upload("in/one.txt", []byte("one"))),
		ContentType: aws.String("text/plain"), RequestTTLSeconds: aws.Int32(60),
	})
	require.NoError(t, err)
	w.pass(minutes(3))
	told := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(w.await(arrived).Message), &told))
	assert.Equal(t, "Failed", told["invocationStatus"])
	assert.Equal(t, "ClientError: The request has been in the queue for more than its time to live of 60 seconds",
		told["failureReason"])
	w.awaitObject(*accepted.FailureLocation)
	w.pass(minutes(2))
	w.assertSum(1, "ExpiredRequests", "EndpointName", "later", "VariantName", "main")
}
