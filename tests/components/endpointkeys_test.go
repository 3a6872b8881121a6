package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/endpoint"
	"sagehost/kit/limits"
	"sagehost/tests/harness"
)

const volumeKey = "arn:aws-cn:kms:cn-north-1:123456789012:key/volumes"

// fleet is a variant of this name on instances of this type.
func fleet(name string, instances limits.InstanceType) endpoint.Variant {
	v := variant()
	v.Name, v.InstanceType = name, instances
	return v
}

func TestVolumesAreUnderTheStacksKeyWhereAllInstancesHaveThem(t *testing.T) {
	t.Parallel()
	serverless := fleet("main", "")
	serverless.Serverless = &endpoint.Serverless{MemorySizeMB: 2048, MaxConcurrency: 10}
	onVolumes, onDisks := fleet("main", "ml.m5.large"), fleet("disks", "ml.g5.xlarge")
	for _, test := range []struct {
		name     string
		variants []endpoint.Variant
		shadow   *endpoint.Variant
		own      string
		want     any
	}{
		{"volumes", []endpoint.Variant{onVolumes}, nil, "", stackKey},
		{"volumes, shadow too", []endpoint.Variant{onVolumes}, new(fleet("next", "ml.c5.large")), "", stackKey},
		{"volumes, under a key of their own", []endpoint.Variant{onVolumes}, nil, volumeKey, volumeKey},
		{"disks", []endpoint.Variant{onDisks}, nil, "", nil},
		{"volumes beside disks", []endpoint.Variant{onVolumes, onDisks}, nil, "", nil},
		{"volumes, the shadow's disks", []endpoint.Variant{onVolumes}, &onDisks, "", nil},
		{"no instances", []endpoint.Variant{serverless}, nil, "", stackKey},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, newEndpoint(endpoint.Args{
				Spec: endpoint.Spec{KMSKeyARN: test.own}, Name: "flowers-test", Variants: test.variants, Shadow: test.shadow,
				KMSKeyARN: pulumi.String(stackKey),
			}))
			assert.Equal(t, test.want, graph.One(t, configType).Inputs["kmsKeyArn"])
		})
	}
}

// Neither the volumes' own key nor the kind of the instances matters to what goes to Amazon S3.
func TestStoredObjectsAreUnderTheStacksKey(t *testing.T) {
	t.Parallel()
	const (
		answers = `"outputConfig": {
			"s3OutputPath": "s3://answers/flowers-test/async-output/",
			"s3FailurePath": "s3://answers/flowers-test/async-output/failures/", "kmsKeyId": "` + stackKey + `"
		}`
		captured = `
			"enableCapture": true, "initialSamplingPercentage": 100, "destinationS3Uri": "s3://captured/",
			"captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}], "kmsKeyId": "` + stackKey + `",
			"captureContentTypeHeader": {"csvContentTypes": ["text/csv"], "jsonContentTypes": ["application/json"]}`
		disks = `"productionVariants": [{
			"variantName": "main", "modelName": "flowers-1", "instanceType": "ml.g5.xlarge",
			"initialInstanceCount": 1, "initialVariantWeight": 1
		}]`
	)
	for _, test := range []struct {
		name string
		spec endpoint.Spec
		on   limits.InstanceType
		want string
	}{
		{
			"answers",
			endpoint.Spec{Async: &endpoint.Async{}},
			"ml.m5.large",
			wantVariant + `, "kmsKeyArn": "` + stackKey + `", "asyncInferenceConfig": {` + answers + `}`,
		},
		{
			"answers beside volumes under a key of their own",
			endpoint.Spec{Async: &endpoint.Async{}, KMSKeyARN: volumeKey},
			"ml.m5.large",
			wantVariant + `, "kmsKeyArn": "` + volumeKey + `", "asyncInferenceConfig": {` + answers + `}`,
		},
		{
			"answers of instances with disks",
			endpoint.Spec{Async: &endpoint.Async{}},
			"ml.g5.xlarge",
			disks + `, "asyncInferenceConfig": {` + answers + `}`,
		},
		{
			"captured data",
			endpoint.Spec{DataCapture: &endpoint.DataCapture{}},
			"ml.m5.large",
			wantVariant + `, "kmsKeyArn": "` + stackKey + `", "dataCaptureConfig": {` + captured + `}`,
		},
		{
			"captured data of instances with disks",
			endpoint.Spec{DataCapture: &endpoint.DataCapture{}},
			"ml.g5.xlarge",
			disks + `, "dataCaptureConfig": {` + captured + `}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := plain(test.spec)
			args.Variants[0].InstanceType, args.KMSKeyARN = test.on, pulumi.String(stackKey)
			requireDeclares(t, harness.Run(t, newEndpoint(args)), declares(test.want, "", declaration{
				fleetsType + " flowers": `{"input": {"main": "` + string(test.on) + `"}}`,
			}))
		})
	}
}

func TestAKeyThatIsMadeAlongWithTheEndpointIsNotKnownInAPreview(t *testing.T) {
	t.Parallel()
	args := plain(endpoint.Spec{DataCapture: &endpoint.DataCapture{}})
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		key, err := newStackKey(ctx)
		if err != nil {
			return err
		}
		args.KMSKeyARN = key
		return newEndpoint(args)(ctx)
	}, harness.Preview())
	config := graph.One(t, configType).Inputs
	assert.Equal(t, harness.Unknown, config["kmsKeyArn"])
	assert.Equal(t, harness.Unknown, config["dataCaptureConfig"].(map[string]any)["kmsKeyId"])
}
