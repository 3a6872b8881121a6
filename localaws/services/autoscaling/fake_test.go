package autoscaling_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *world) tags(arn string) map[string]string {
	w.t.Helper()
	out, err := w.ListTagsForResource(w.t.Context(), &sdk.ListTagsForResourceInput{ResourceARN: aws.String(arn)})
	require.NoError(w.t, err)
	return out.Tags
}

func TestTagsOfATarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	arn := w.targets()[0].ScalableTargetARN
	assert.Equal(t, map[string]string{}, w.tags(*arn))
	_, err := w.TagResource(t.Context(), &sdk.TagResourceInput{
		ResourceARN: arn, Tags: map[string]string{"a": "1", "b": ""},
	})
	require.NoError(t, err)
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceARN: arn, Tags: map[string]string{"a": "2"}})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "2", "b": ""}, w.tags(*arn))
	_, err = w.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"b", "c"}})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "2"}, w.tags(*arn))

	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint(i)] = ""
	}
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceARN: arn, Tags: many})
	requireError(t, err, "TooManyTagsException", "The scalable target would have 51 tags; at most 50 are allowed.")
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceARN: arn, Tags: map[string]string{"aws:x": ""}})
	requireError(t, err, "ValidationException", "Tag keys must not start with aws: aws:x")
	assert.Equal(t, map[string]string{"a": "2"}, w.tags(*arn))
	requireError(t, w.register(resource, func(in *sdk.RegisterScalableTargetInput) { in.Tags = many }),
		"ValidationException", "Tags can be given only when a scalable target is registered for the first time.")
}

func TestTagsOfAnUnknownTarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const arn = "arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target/x"
	const message = "No scalable target found for resource ARN: " + arn
	_, err := w.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceARN: aws.String(arn)})
	requireError(t, err, "ResourceNotFoundException", message)
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceARN: aws.String(arn), Tags: map[string]string{}})
	requireError(t, err, "ResourceNotFoundException", message)
	_, err = w.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceARN: aws.String(arn), TagKeys: []string{}})
	requireError(t, err, "ResourceNotFoundException", message)
}

func TestThereAreNoScalingActivities(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.DescribeScalingActivities(t.Context(),
		&sdk.DescribeScalingActivitiesInput{ServiceNamespace: types.ServiceNamespaceSagemaker})
	require.NoError(t, err)
	assert.Equal(t, []types.ScalingActivity{}, out.ScalingActivities)
}

func TestOtherNamespacesAreHandedOnWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const body = `{"ServiceNamespace":"ecs","ResourceId":"service/c/s","ScalableDimension":"ecs:service:DesiredCount"}`
	for _, operation := range []string{
		"RegisterScalableTarget", "DescribeScalableTargets", "GetPredictiveScalingForecast",
	} {
		code, message := w.call(operation, body)
		assert.Equal(t, "Elsewhere", code)
		assert.JSONEq(t, body, message)
	}
}

func TestInvalidRequestsAreRefusedInAWSsWords(t *testing.T) {
	t.Parallel()
	const (
		one    = "1 validation error detected: Value "
		failed = "' failed to satisfy constraint: "
		choice = "Member must satisfy enum value set: "
		target = `"ServiceNamespace":"sagemaker","ResourceId":"endpoint/e/variant/v",` +
			`"ScalableDimension":"sagemaker:variant:DesiredInstanceCount"`
		filter = `{"ServiceNamespace":"sagemaker","ScalableDimension":"sagemaker:variant:DesiredInstanceCount"}`
	)
	tests := []struct{ operation, body, code, message string }{
		{
			"RegisterScalableTarget", `{` + target + `,"MinCapacity":-1,"MaxCapacity":1}`, "ValidationException",
			one + "'-1' at 'minCapacity" + failed + "Member must have value greater than or equal to 0",
		},
		{
			"RegisterScalableTarget", `{"ServiceNamespace":"sagemaker","ResourceId":"r","ScalableDimension":"x"}`,
			"ValidationException", one + "'x' at 'scalableDimension" + failed + choice +
				"[sagemaker:variant:DesiredInstanceCount, sagemaker:variant:DesiredProvisionedConcurrency, " +
				"sagemaker:inference-component:DesiredCopyCount]",
		},
		{"DeregisterScalableTarget", `{}`, "ValidationException", "3 validation errors detected: " +
			"Value null at 'serviceNamespace" + failed + "Member must not be null; " +
			"Value null at 'resourceId" + failed + "Member must not be null; " +
			"Value null at 'scalableDimension" + failed + "Member must not be null"},
		{
			"DescribeScalableTargets", `{"ServiceNamespace":"sagemaker","MaxResults":51}`, "ValidationException",
			one + "'51' at 'maxResults" + failed + "Member must have value less than or equal to 50",
		},
		{
			"DescribeScalingPolicies", filter, "ValidationException",
			"ResourceId must be specified together with ScalableDimension.",
		},
		{
			"DescribeScheduledActions", filter, "ValidationException",
			"ResourceId must be specified together with ScalableDimension.",
		},
		{
			"DescribeScalingActivities", `{}`, "ValidationException",
			one + "null at 'serviceNamespace" + failed + "Member must not be null",
		},
		{
			"PutScalingPolicy", `{` + target + `,"PolicyName":"p","PolicyType":"Magic"}`, "ValidationException",
			one + "'Magic' at 'policyType" + failed + choice + "[StepScaling, TargetTrackingScaling, PredictiveScaling]",
		},
		{
			"PutScheduledAction", `{` + target + `,"ScheduledActionName":""}`, "ValidationException",
			one + "'' at 'scheduledActionName" + failed + "Member must have length greater than or equal to 1",
		},
		{
			"DeleteScalingPolicy", `{` + target + `}`, "ValidationException",
			one + "null at 'policyName" + failed + "Member must not be null",
		},
		{
			"DeleteScheduledAction", `{` + target + `,"ScheduledActionName":1}`, "SerializationException",
			"NUMBER_VALUE can not be converted to a String",
		},
		{
			"TagResource", `{"Tags":{}}`, "ValidationException",
			one + "null at 'resourceARN" + failed + "Member must not be null",
		},
		{
			"UntagResource", `{"ResourceARN":"arn:aws:application-autoscaling:eu-west-1:123456789012:scalable-target/a"}`,
			"ValidationException",
			one + "null at 'tagKeys" + failed + "Member must not be null",
		},
		{"ListTagsForResource", `[]`, "SerializationException", "the request body is not a JSON object"},
	}
	w := newWorld(t)
	for _, test := range tests {
		t.Run(test.operation, func(t *testing.T) {
			t.Parallel()
			code, message := w.call(test.operation, test.body)
			assert.Equal(t, test.code, code)
			assert.Equal(t, test.message, message)
		})
	}
}
