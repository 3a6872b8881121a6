package endpoint

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
)

// Async is an endpoint that answers through Amazon S3. The role of its model must be allowed to read the requests, to
// write below outputPath and failurePath, and to publish to the topics.
type Async struct {
	// OutputPath is the folder in Amazon S3 for answers. Default: `<endpoint>/async-output/` in the stack's bucket for
	// batch data.
	OutputPath string `json:"outputPath" aws:"endpointData"`

	// FailurePath is the folder in Amazon S3 for what containers say when they fail. Default: failures/ in outputPath.
	FailurePath string `json:"failurePath" aws:"endpointData"`

	// SuccessTopicARN is the SNS topic that is told of every answer. Default: unset, nobody is.
	SuccessTopicARN string `json:"successTopicArn" aws:"topic"`

	// ErrorTopicARN is the SNS topic that is told of every failure. Default: the stack's topic for alerts.
	ErrorTopicARN string `json:"errorTopicArn" aws:"topic"`

	// IncludeInferenceResponse puts answers of up to 128 KB into the messages to successTopicArn, which it requires.
	// Default: false.
	IncludeInferenceResponse bool `json:"includeInferenceResponse"`

	// MaxConcurrentInvocationsPerInstance is how many requests a container is given at a time. Range: 1 to 1000.
	// Default: unset, SageMaker decides.
	MaxConcurrentInvocationsPerInstance *int `json:"maxConcurrentInvocationsPerInstance"`
}

// failures is the folder for failures in that for answers.
const failures = "failures/"

func (a *Async) check(at check.At) {
	checkLocation(at.Key("outputPath"), a.OutputPath)
	checkLocation(at.Key("failurePath"), a.FailurePath)
	for key, arn := range map[string]string{"successTopicArn": a.SuccessTopicARN, "errorTopicArn": a.ErrorTopicARN} {
		if arn != "" {
			awsref.Topic.CheckForm(at.Key(key), arn)
		}
	}
	if a.IncludeInferenceResponse && a.SuccessTopicARN == "" {
		at.Key("includeInferenceResponse").Addf("needs a successTopicArn")
	}
	if n := a.MaxConcurrentInvocationsPerInstance; n != nil {
		low, high, _ := limits.Range("MaxConcurrentInvocationsPerInstance")
		check.Between(at.Key("maxConcurrentInvocationsPerInstance"), *n, int(low), int(high))
	}
}

// asyncConfig is the configuration of an asynchronous endpoint; nil for any other.
func (a *Args) asyncConfig() sagemaker.EndpointConfigurationAsyncInferenceConfigPtrInput {
	if a.Async == nil {
		return nil
	}
	output, failure := a.Async.Folders(a.Name, a.AsyncBucket)
	config := sagemaker.EndpointConfigurationAsyncInferenceConfigArgs{
		OutputConfig: sagemaker.EndpointConfigurationAsyncInferenceConfigOutputConfigArgs{
			KmsKeyId:           a.objectKey(),
			S3OutputPath:       output,
			S3FailurePath:      failure,
			NotificationConfig: a.notificationConfig(),
		},
	}
	if n := a.Async.MaxConcurrentInvocationsPerInstance; n != nil {
		config.ClientConfig = sagemaker.EndpointConfigurationAsyncInferenceConfigClientConfigArgs{
			MaxConcurrentInvocationsPerInstance: pulumi.Int(*n),
		}
	}
	return config
}

type notificationInput = sagemaker.EndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfigPtrInput

// notificationConfig is who is told of answers and failures; nil for nobody.
func (a *Args) notificationConfig() notificationInput {
	config := sagemaker.EndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfigArgs{}
	if a.Async.SuccessTopicARN != "" {
		config.SuccessTopic = pulumi.String(a.Async.SuccessTopicARN)
	}
	switch {
	case a.Async.ErrorTopicARN != "":
		config.ErrorTopic = pulumi.String(a.Async.ErrorTopicARN)
	case a.AlertsTopicARN != nil:
		config.ErrorTopic = a.AlertsTopicARN.ToStringOutput()
	}
	if config.SuccessTopic == nil && config.ErrorTopic == nil {
		return nil
	}
	if a.Async.IncludeInferenceResponse {
		config.IncludeInferenceResponseIns = pulumi.ToStringArray([]string{"SUCCESS_NOTIFICATION_TOPIC"})
	}
	return config
}

// Folders are the s3:// URIs, each ending in "/", beneath which the endpoint of this name leaves its answers and what
// containers say when they fail. The bucket is for answers of which the settings do not say where they go.
func (a *Async) Folders(endpointName string, bucket pulumi.StringInput) (output, failure pulumi.StringOutput) {
	output = pulumi.Sprintf("s3://%s/%s/async-output/", bucket, endpointName)
	if a.OutputPath != "" {
		output = folder(a.OutputPath)
	}
	failure = pulumi.Sprintf("%s%s", output, failures)
	if a.FailurePath != "" {
		failure = folder(a.FailurePath)
	}
	return output, failure
}

// folder is the s3:// URI of a folder, with a slash at its end.
func folder(uri string) pulumi.StringOutput {
	return pulumi.String(strings.TrimSuffix(s3uri.Normalize(uri), "/") + "/").ToStringOutput()
}
