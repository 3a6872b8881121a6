package dataplane_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
)

// onlyBucket is a template that the emulator makes as a whole, with what the CDK adds.
const onlyBucket = `{"Resources": {
	"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "from-a-stack"}},
	"CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2"}}
}}`

// with is a template with a bucket, and a resource that the local AWS does not make.
func with(resource string) string {
	return `{"Resources": {"Data": {"Type": "AWS::S3::Bucket"}, "Flowers": ` + resource + `}}`
}

func (w *world) formation() *cloudformation.Client {
	return cloudformation.NewFromConfig(cloud.Local(w.url, region))
}

func TestAStackOfWhatTheEmulatorMakesIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.formation().CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("data"), TemplateBody: aws.String(onlyBucket),
	})
	require.NoError(t, err)
	described, err := w.formation().DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	require.NoError(t, err)
	assert.Equal(t, cfntypes.StackStatusCreateComplete, described.Stacks[0].StackStatus)
	_, err = w.s3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("from-a-stack")})
	require.NoError(t, err)
}

func TestARuleThatAStackMakesMatchesWhatComesAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.notify(true)
	w.upload("in/before.csv", []byte("no rule yet"))
	topicARN, arrived := w.topic("arrivals")
	template := fmt.Sprintf(`{"Resources": {"Arrivals": {"Type": "AWS::Events::Rule", "Properties": {
		"EventPattern": %s, "State": "ENABLED", "Targets": [{"Id": "topic", "Arn": %q}]}}}}`, created, topicARN)
	_, err := w.formation().CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("rules"), TemplateBody: &template,
	})
	require.NoError(t, err)
	w.upload("in/after.csv", []byte("5.1,3.5"))
	assert.Equal(t, "in/after.csv", w.awaitEvent(arrived).Detail.Object.Key)
	assert.Empty(t, arrived)
}

// TestAStackWithNothingBehindItIsRefused: no stack reports success for a resource that nobody finds.
func TestAStackWithNothingBehindItIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfn := w.formation()
	_, err := cfn.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("data"), TemplateBody: aws.String(onlyBucket),
	})
	require.NoError(t, err)
	for resource, why := range map[string]string{
		`{"Type": "AWS::SageMaker::Model"}`: "AWS::SageMaker::Model, " +
			"which the local AWS makes by its service's own API alone",
		`{"Type": "AWS::ApplicationAutoScaling::ScalableTarget"}`: "AWS::ApplicationAutoScaling::ScalableTarget, " +
			"which the local AWS makes by its service's own API alone",
		`{"Type": "AWS::StepFunctions::StateMachine"}`: "AWS::StepFunctions::StateMachine, " +
			"which the local AWS makes by its service's own API alone",
		`{"Type": "AWS::Bedrock::Agent"}`: "AWS::Bedrock::Agent, which the local AWS does not make",
		`{"Type": "Custom::Warmup"}`:      "Custom::Warmup, whose function the local AWS does not call",
		`{"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)"}}`: "a rule whose schedule the " +
			"local AWS does not follow",
	} {
		template := aws.String(with(resource))
		_, created := cfn.CreateStack(t.Context(), &cloudformation.CreateStackInput{
			StackName: aws.String("flowers"), TemplateBody: template,
		})
		_, updated := cfn.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{
			StackName: aws.String("data"), TemplateBody: template,
		})
		_, changed := cfn.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("flowers"), ChangeSetName: aws.String("c"), ChangeSetType: cfntypes.ChangeSetTypeCreate,
			TemplateBody: template,
		})
		for _, err := range []error{created, updated, changed} {
			require.ErrorContains(t, err, "ValidationError: The local AWS makes nothing of a stack with Flowers", resource)
			require.ErrorContains(t, err, why)
		}
	}
	described, err := cfn.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	require.NoError(t, err)
	assert.Len(t, described.Stacks, 1)
	buckets, err := w.s3.ListBuckets(t.Context(), nil)
	require.NoError(t, err)
	var names []string
	for _, b := range buckets.Buckets {
		names = append(names, *b.Name)
	}
	assert.ElementsMatch(t, []string{bucket, "from-a-stack"}, names)
}

func TestANestedStackWithNothingBehindItIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.s3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("inner.yaml"),
		Body: strings.NewReader("Resources:\n  Model:\n    Type: AWS::SageMaker::Model\n" +
			"    Properties: {ModelName: !Ref X}\n"),
	})
	require.NoError(t, err)
	_, err = w.formation().CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("outer"), TemplateBody: aws.String(`{"Resources": {"Inner": {
			"Type": "AWS::CloudFormation::Stack",
			"Properties": {"TemplateURL": "https://s3.amazonaws.com/` + bucket + `/inner.yaml"}
		}}}`),
	})
	require.ErrorContains(t, err, "The local AWS makes nothing of a stack with Inner.Model of type AWS::SageMaker::Model")
}

func TestASearchIsRefusedWhereItWouldFindNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.sagemaker.Search(t.Context(), &sagemaker.SearchInput{Resource: smtypes.ResourceTypeModel})
	require.ErrorContains(t, err, "ValidationException: the local AWS does not search")
	for body, refused := range map[string]string{
		`{}`: "application-autoscaling, sagemaker, states",
		`{"ResourceTypeFilters": ["sagemaker:endpoint", "s3"]}`:                                "sagemaker",
		`{"ResourceARNList": ["arn:aws:states:eu-west-1:123456789012:stateMachine:m"]}`:        "states",
		`{"ResourceTypeFilters": ["s3"]}`:                                                      "",
		`{"ResourceTypeFilters": ["ec2:instance"], "TagFilters": [{"Key": "sagehost:stack"}]}`: "",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("X-Amz-Target", "ResourceGroupsTaggingAPI_20170126.GetResources")
		request.Header.Set("Content-Type", "application/x-amz-json-1.1")
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261201/eu-west-1/tagging/aws4_request, "+
			"SignedHeaders=host, Signature=0")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		if refused == "" {
			assert.Equal(t, http.StatusOK, response.StatusCode, "%s: %s", body, text)
			continue
		}
		assert.Equal(t, http.StatusBadRequest, response.StatusCode, body)
		assert.JSONEq(t, fmt.Sprintf(`{"__type": "InvalidParameterException", "Message": "the local AWS does not find the `+
			`resources of %s by their tags; name other types of resources, or ask the services themselves"}`, refused),
			string(text), body)
	}
}
