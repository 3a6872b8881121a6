package components_test

import (
	"maps"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/endpoint"
	"sagehost/tests/harness"
)

// declares is what a plain endpoint declares, with other text in its configuration and in its endpoint, and more.
func declares(config, serving string, more declaration) declaration {
	want := declaration{
		endpoint.Type + " flowers": `{"name": "flowers-test"}`,
		logGroupType + " flowers":  wantLogGroup,
		fleetsType + " flowers":    `{"input": {"main": "ml.m5.large"}}`,
		configType + " flowers":    `{` + config + `, ` + wantTags + `}`,
		endpointType + " flowers": `{"name": "flowers-test", "endpointConfigName": "flowers-endpointconfiguration", ` +
			serving + wantTags + `}`,
	}
	maps.Copy(want, more)
	return want
}

// wantVariant is the variant with all defaults.
const wantVariant = `"productionVariants": [{
	"variantName": "main", "modelName": "flowers-1", "instanceType": "ml.m5.large",
	"initialInstanceCount": 1, "initialVariantWeight": 1
}]`

// plain is an endpoint of the variant with all defaults.
func plain(spec endpoint.Spec) endpoint.Args {
	return endpoint.Args{
		Spec: spec, Name: "flowers-test", Variants: []endpoint.Variant{variant()},
		AsyncBucket: pulumi.String("answers"), CaptureBucket: pulumi.String("captured"),
	}
}

func TestAVariantHasAllOptionsOfItsInstances(t *testing.T) {
	t.Parallel()
	args := plain(endpoint.Spec{KMSKeyARN: "arn:aws-cn:kms:cn-north-1:123456789012:key/volumes"})
	v := &args.Variants[0]
	v.InstanceType = "ml.p3.2xlarge"
	v.ModelDataDownloadTimeout, v.VolumeSizeGB = new(10*time.Minute), new(30)
	v.RoutingStrategy, v.InferenceAMIVersion = "LEAST_OUTSTANDING_REQUESTS", "al2-ami-sagemaker-inference-gpu-2"
	requireDeclares(t, harness.Run(t, newEndpoint(args)), declares(`
		"kmsKeyArn": "arn:aws-cn:kms:cn-north-1:123456789012:key/volumes",
		"productionVariants": [{
			"variantName": "main", "modelName": "flowers-1", "instanceType": "ml.p3.2xlarge",
			"initialInstanceCount": 1, "initialVariantWeight": 1, "modelDataDownloadTimeoutInSeconds": 600,
			"volumeSizeInGb": 30, "routingConfigs": [{"routingStrategy": "LEAST_OUTSTANDING_REQUESTS"}],
			"inferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2"
		}]`, "", declaration{fleetsType + " flowers": `{"input": {"main": "ml.p3.2xlarge"}}`}))
}

func TestAServerlessVariantHasNoInstances(t *testing.T) {
	t.Parallel()
	args := plain(endpoint.Spec{})
	v := &args.Variants[0]
	v.InstanceType = ""
	v.Serverless = &endpoint.Serverless{MemorySizeMB: 2048, MaxConcurrency: 10, ProvisionedConcurrency: new(2)}
	requireDeclares(t, harness.Run(t, newEndpoint(args)), declares(`
		"productionVariants": [{
			"variantName": "main", "modelName": "flowers-1", "initialVariantWeight": 1,
			"serverlessConfig": {"memorySizeInMb": 2048, "maxConcurrency": 10, "provisionedConcurrency": 2}
		}]`, "", declaration{fleetsType + " flowers": `{"input": {"main": "serverless"}}`}))
}

func TestAShadowStandsBesideTheVariant(t *testing.T) {
	t.Parallel()
	args := plain(endpoint.Spec{})
	args.Shadow = &endpoint.Variant{ModelName: pulumi.String("flowers-2"), VariantSpec: endpoint.VariantSpec{
		Name: "next", InstanceType: "ml.p3.2xlarge", InitialInstanceCount: new(2), Weight: new(0.5), VolumeSizeGB: new(10),
		ModelDataDownloadTimeout: new(time.Minute), ContainerStartupHealthCheckTimeout: new(time.Minute),
		RoutingStrategy: "RANDOM", InferenceAMIVersion: "al2-ami-sagemaker-inference-gpu-2",
	}}
	requireDeclares(t, harness.Run(t, newEndpoint(args)), declares(wantVariant+`,
		"shadowProductionVariants": [{
			"variantName": "next", "modelName": "flowers-2", "instanceType": "ml.p3.2xlarge",
			"initialInstanceCount": 2, "initialVariantWeight": 0.5, "volumeSizeInGb": 10,
			"modelDataDownloadTimeoutInSeconds": 60, "containerStartupHealthCheckTimeoutInSeconds": 60,
			"routingConfigs": [{"routingStrategy": "RANDOM"}],
			"inferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2"
		}]`, "", nil))
}

func TestAnAsynchronousEndpointSaysWhereItsAnswersGo(t *testing.T) {
	t.Parallel()
	const success = "arn:aws-cn:sns:cn-north-1:123456789012:answers"
	for _, test := range []struct {
		name  string
		async endpoint.Async
		topic pulumi.StringInput
		want  string
	}{
		{"by default", endpoint.Async{}, nil, `"outputConfig": {
			"s3OutputPath": "s3://answers/flowers-test/async-output/",
			"s3FailurePath": "s3://answers/flowers-test/async-output/failures/"
		}`},
		{"by default, with a topic for alerts", endpoint.Async{}, pulumi.String(topicARN), `"outputConfig": {
			"s3OutputPath": "s3://answers/flowers-test/async-output/",
			"s3FailurePath": "s3://answers/flowers-test/async-output/failures/",
			"notificationConfig": {"errorTopic": "` + topicARN + `"}
		}`},
		{"beside what is given", endpoint.Async{OutputPath: "s3://mine"}, nil, `"outputConfig": {
			"s3OutputPath": "s3://mine/", "s3FailurePath": "s3://mine/failures/"
		}`},
		{"as given", endpoint.Async{
			OutputPath: "s3://mine/out/", FailurePath: "s3://mine/failed", SuccessTopicARN: success,
			ErrorTopicARN: success, IncludeInferenceResponse: true, MaxConcurrentInvocationsPerInstance: new(4),
		}, pulumi.String(topicARN), `"outputConfig": {
			"s3OutputPath": "s3://mine/out/", "s3FailurePath": "s3://mine/failed/",
			"notificationConfig": {
				"errorTopic": "` + success + `", "successTopic": "` + success + `",
				"includeInferenceResponseIns": ["SUCCESS_NOTIFICATION_TOPIC"]
			}
		}, "clientConfig": {"maxConcurrentInvocationsPerInstance": 4}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := plain(endpoint.Spec{Async: &test.async})
			args.AlertsTopicARN = test.topic
			requireDeclares(t, harness.Run(t, newEndpoint(args)),
				declares(wantVariant+`, "asyncInferenceConfig": {`+test.want+`}`, "", nil))
		})
	}
}

func TestCapturedDataGoesToTheBucket(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		capture endpoint.DataCapture
		want    string
	}{
		{"by default", endpoint.DataCapture{}, `{
			"enableCapture": true, "initialSamplingPercentage": 100, "destinationS3Uri": "s3://captured/",
			"captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}],
			"captureContentTypeHeader": {"csvContentTypes": ["text/csv"], "jsonContentTypes": ["application/json"]}
		}`},
		{"as given", endpoint.DataCapture{
			Percentage: new(0), Input: new(false), CSVContentTypes: []string{"a/csv", "b/csv"},
			JSONContentTypes: []string{"a/json"}, Destination: "s3://mine/captured",
		}, `{
			"enableCapture": true, "initialSamplingPercentage": 0, "destinationS3Uri": "s3://mine/captured/",
			"captureOptions": [{"captureMode": "Output"}],
			"captureContentTypeHeader": {"csvContentTypes": ["a/csv", "b/csv"], "jsonContentTypes": ["a/json"]}
		}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requireDeclares(t, harness.Run(t, newEndpoint(plain(endpoint.Spec{DataCapture: &test.capture}))),
				declares(wantVariant+`, "dataCaptureConfig": `+test.want, "", nil))
		})
	}
}

func TestWhatAnEndpointNeedsFromOthersIsRequired(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args func(*endpoint.Args)
		want string
	}{
		{"a bucket for answers", func(a *endpoint.Args) {
			a.Async, a.AsyncBucket = &endpoint.Async{}, nil
		}, "asyncBucket: is required for async without an outputPath"},
		{"a bucket for captured data", func(a *endpoint.Args) {
			a.DataCapture, a.CaptureBucket = &endpoint.DataCapture{}, nil
		}, "captureBucket: is required for dataCapture without a destination"},
		{"a model for the shadow", func(a *endpoint.Args) {
			shadow := variant()
			shadow.Name, shadow.ModelName = "next", nil
			a.Shadow = &shadow
		}, "shadow.modelName: is required"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := plain(endpoint.Spec{})
			test.args(&args)
			requireFails(t, newEndpoint(args), `endpoint "flowers": `+test.want)
		})
	}
}
