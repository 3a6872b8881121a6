package dataplane_test

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// inventory is what an AWS tells of everything around an endpoint whose model and configuration have its name, as JSON
// by the name of what was asked.
func (w *world) inventory(name string) map[string]string {
	w.tb.Helper()
	ctx, all := w.tb.Context(), map[string]string{}
	add := func(what string, answer any, err error) {
		require.NoError(w.tb, err, what)
		text, err := json.Marshal(answer)
		require.NoError(w.tb, err, what)
		var members map[string]any
		require.NoError(w.tb, json.Unmarshal(text, &members), what)
		// Request ids are new each time.
		delete(members, "ResultMetadata")
		all[what] = fmt.Sprint(members)
	}
	model, err := w.sagemaker.DescribeModel(ctx, &sagemaker.DescribeModelInput{ModelName: &name})
	add("model", model, err)
	config, err := w.sagemaker.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: &name})
	add("configuration", config, err)
	endpoint, err := w.sagemaker.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &name})
	add("endpoint", endpoint, err)
	targets, err := w.scaling.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
	})
	add("targets", targets, err)
	policies, err := w.scaling.DescribeScalingPolicies(ctx, &applicationautoscaling.DescribeScalingPoliciesInput{
		ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
	})
	add("policies", policies, err)
	described, err := w.cloudwatch.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	require.NoError(w.tb, err)
	// Two of the policy, and the test's own. Their states change with time.
	names := map[string]any{}
	for _, alarm := range described.MetricAlarms {
		names[*alarm.AlarmName] = alarm.AlarmActions
	}
	require.Len(w.tb, names, 3)
	add("alarms", names, nil)
	objects, err := w.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	add("objects", objects, err)
	topics, err := w.sns.ListTopics(ctx, &sns.ListTopicsInput{})
	add("topics", topics, err)
	return all
}
