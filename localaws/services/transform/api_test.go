package transform_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
)

func TestAJobIsDescribedAsItWasAskedForWithDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	in := job(func(in *sdk.CreateTransformJobInput) {
		in.Environment = map[string]string{"B": "job"}
		in.ExperimentConfig = &types.ExperimentConfig{TrialName: aws.String("t")}
		in.DataCaptureConfig = &types.BatchDataCaptureConfig{DestinationS3Uri: aws.String("s3://capture")}
	})
	created, err := w.CreateTransformJob(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, arnPrefix+"job", *created.TransformJobArn)
	got := w.await("job", types.TransformJobStatusCompleted)

	assert.Equal(t, "Job", *got.TransformJobName)
	assert.Equal(t, arnPrefix+"job", *got.TransformJobArn)
	assert.Equal(t, "m", *got.ModelName)
	assert.Nil(t, got.FailureReason)
	assert.Nil(t, got.MaxPayloadInMB)
	assert.Equal(t, in.Environment, got.Environment)
	assert.Equal(t, in.ExperimentConfig, got.ExperimentConfig)
	assert.Equal(t, in.DataCaptureConfig, got.DataCaptureConfig)
	assert.Equal(t, in.TransformResources, got.TransformResources)
	in.TransformInput.CompressionType = types.CompressionTypeNone
	assert.Equal(t, in.TransformInput, got.TransformInput)
	assert.Equal(t, in.TransformOutput, got.TransformOutput)
	assert.Equal(t, &types.DataProcessing{
		InputFilter: aws.String("$"), OutputFilter: aws.String("$"), JoinSource: types.JoinSourceNone,
	}, got.DataProcessing)
	assert.WithinRange(t, *got.CreationTime, epoch, epoch.Add(time.Minute))
	assert.Equal(t, *got.CreationTime, *got.TransformStartTime)
	assert.WithinRange(t, *got.TransformEndTime, *got.CreationTime, epoch.Add(time.Minute))

	require.Len(t, w.specs, 1)
	assert.Equal(t, "transform-job/Job", w.specs[0].Name)
	assert.Equal(t, map[string]string{
		"A": "model", "B": "job", "SAGEMAKER_BATCH": "true", "SAGEMAKER_BATCH_STRATEGY": "MULTI_RECORD",
		"SAGEMAKER_MAX_PAYLOAD_IN_MB": "6", "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "1",
	}, w.specs[0].Containers[0].Environment)
}

func TestWrongRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	join := func(change func(*sdk.CreateTransformJobInput)) func(*sdk.CreateTransformJobInput) {
		return func(in *sdk.CreateTransformJobInput) {
			in.DataProcessing = &types.DataProcessing{JoinSource: types.JoinSourceInput}
			change(in)
		}
	}
	noObjects := func(uri, bucket string) string {
		return `No S3 objects found under S3 URL "` + uri + `" given in input data source. Please ensure that the bucket ` +
			`exists in the selected region (eu-central-1), that objects exist under that S3 prefix, and that the role "` +
			roleARN + `" has "s3:ListBucket" permissions on bucket "` + bucket + `".`
	}
	tests := []struct {
		name    string
		change  func(*sdk.CreateTransformJobInput)
		message string
	}{
		{
			"no instances",
			func(in *sdk.CreateTransformJobInput) { in.TransformResources.InstanceCount = aws.Int32(0) },
			"1 validation error detected: Value '0' at 'transformResources.instanceCount' failed to satisfy constraint: " +
				"Member must have value greater than or equal to 1",
		},
		{
			"too many tries",
			func(in *sdk.CreateTransformJobInput) {
				in.ModelClientConfig = &types.ModelClientConfig{InvocationsMaxRetries: aws.Int32(4)}
			},
			"1 validation error detected: Value '4' at 'modelClientConfig.invocationsMaxRetries' failed to satisfy " +
				"constraint: Member must have value less than or equal to 3",
		},
		{
			"a manifest of another kind",
			func(in *sdk.CreateTransformJobInput) {
				in.TransformInput.DataSource.S3DataSource.S3DataType = types.S3DataTypeAugmentedManifestFile
			},
			"S3DataType AugmentedManifestFile is not supported for batch transform. Use ManifestFile or S3Prefix.",
		},
		{
			"a key for disks that encrypt themselves",
			func(in *sdk.CreateTransformJobInput) {
				in.TransformResources.InstanceType = types.TransformInstanceTypeMlG5Xlarge
				in.TransformResources.VolumeKmsKeyId = aws.String("k")
			},
			"VolumeKmsKeyId is not supported for instance type ml.g5.xlarge, which has local storage.",
		},
		{
			"a large payload", func(in *sdk.CreateTransformJobInput) { in.MaxPayloadInMB = aws.Int32(101) },
			"MaxPayloadInMB must be less than or equal to 100.",
		},
		{
			"a large product",
			func(in *sdk.CreateTransformJobInput) {
				in.MaxPayloadInMB, in.MaxConcurrentTransforms = aws.Int32(50), aws.Int32(3)
			},
			"The product of MaxConcurrentTransforms and MaxPayloadInMB must be less than or equal to 100.",
		},
		{
			"a large product with the default",
			func(in *sdk.CreateTransformJobInput) { in.MaxConcurrentTransforms = aws.Int32(17) },
			"The product of MaxConcurrentTransforms and MaxPayloadInMB must be less than or equal to 100.",
		},
		{
			"images cannot be joined",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformInput.ContentType = aws.String("image/png") }),
			"DataProcessing requires a ContentType of text/csv, application/json or application/jsonlines.",
		},
		{
			"predictions of any kind cannot be joined",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformOutput.Accept = nil }),
			"DataProcessing requires an Accept of text/csv, application/json or application/jsonlines.",
		},
		{
			"rows cannot be joined with JSON",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformOutput.Accept = aws.String("application/json") }),
			"DataProcessing requires a ContentType and an Accept of the same format.",
		},
		{
			"rows that are not split",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformInput.SplitType = types.SplitTypeNone }),
			"DataProcessing of text/csv requires a SplitType of Line.",
		},
		{
			"rows in a binary format",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformInput.SplitType = types.SplitTypeRecordio }),
			"DataProcessing requires a SplitType of Line or None.",
		},
		{
			"rows that are not assembled",
			join(func(in *sdk.CreateTransformJobInput) { in.TransformOutput.AssembleWith = types.AssemblyTypeNone }),
			"DataProcessing of text/csv requires an AssembleWith of Line.",
		},
		{
			"no model", func(in *sdk.CreateTransformJobInput) { in.ModelName = aws.String("x") },
			`Could not find model "x" in eu-central-1.`,
		},
		{
			"a model of many models", func(in *sdk.CreateTransformJobInput) { in.ModelName = aws.String("multi") },
			"Batch transform does not support models with a container in mode MultiModel.",
		},
		{
			"a model that is not compressed",
			func(in *sdk.CreateTransformJobInput) { in.ModelName = aws.String("uncompressed") },
			"SageMaker Batch currently doesn't support Model entity with container definitions which use ModelDataSource " +
				"attribute.",
		},
		{
			"no input",
			func(in *sdk.CreateTransformJobInput) {
				in.TransformInput.DataSource.S3DataSource.S3Uri = aws.String("s3://other/x")
			},
			noObjects("s3://other/x", "other"),
		},
		{
			"a tag of AWS's",
			func(in *sdk.CreateTransformJobInput) {
				in.Tags = []types.Tag{{Key: aws.String("AWS:x"), Value: aws.String("")}}
			},
			"aws: prefixed tag key names are not allowed for external use.",
		},
	}
	for _, test := range tests {
		_, err := w.CreateTransformJob(t.Context(), job(test.change))
		requireError(t, err, "ValidationException", test.message)
	}
	w.refused["s3://in/data/"] = "AccessDenied"
	_, err := w.CreateTransformJob(t.Context(), job())
	requireError(t, err, "ValidationException", noObjects("s3://in/data/", "in"))
	assert.Empty(t, w.specs)
}

func TestAJobCannotMakeProgramsRunOtherCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	_, err := w.CreateTransformJob(t.Context(), job(func(in *sdk.CreateTransformJobInput) {
		in.Environment = map[string]string{"LD_PRELOAD": "/tmp/x.so", "LOG_LEVEL": "debug"}
	}))
	requireError(t, err, "ValidationException", "The local AWS refuses environment variables that can make a program run "+
		"other code: LD_PRELOAD, which is read by the dynamic loader. Its containers are processes of this machine. What an "+
		"image sets itself goes into images.yaml, under environment.")
	assert.Empty(t, w.specs)
}

func TestANameIsUsedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	w.create()
	_, err := w.CreateTransformJob(t.Context(), job(named("JOB")))
	requireError(t, err, "ResourceInUse", "Transform job names must be unique within an AWS account and region, and a "+
		"transform job with this name already exists ("+arnPrefix+"job)")
}

func TestUnknownJobsAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.DescribeTransformJob(t.Context(), &sdk.DescribeTransformJobInput{TransformJobName: aws.String("x")})
	requireError(t, err, "ValidationException", "Could not find requested job with name: x")
	requireError(t, w.stop("x"), "ValidationException", "Could not find job to update with name: x")
	_, ok := w.jobs.Progress(region, "x")
	assert.False(t, ok)
}

func TestJobsAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	for _, name := range []string{"b", "a", "cat"} {
		w.create(named(name))
		w.await(name, types.TransformJobStatusCompleted)
		// Times in requests end with milliseconds.
		require.NoError(t, w.clock.Sleep(t.Context(), time.Millisecond))
	}
	w.fleet.answer = func(ctx context.Context, _ *serving.Request, _ []byte) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	w.create(named("dog"))
	created := *w.describe("a").CreationTime
	tests := []struct {
		name string
		in   sdk.ListTransformJobsInput
		want []string
	}{
		{"newest first", sdk.ListTransformJobsInput{}, []string{"dog", "cat", "a", "b"}},
		{"oldest first", sdk.ListTransformJobsInput{SortOrder: types.SortOrderAscending}, []string{"b", "a", "cat", "dog"}},
		{
			"by name",
			sdk.ListTransformJobsInput{SortBy: types.SortByName, SortOrder: types.SortOrderAscending},
			[]string{"a", "b", "cat", "dog"},
		},
		{
			"by status",
			sdk.ListTransformJobsInput{SortBy: types.SortByStatus, SortOrder: types.SortOrderAscending},
			[]string{"a", "b", "cat", "dog"},
		},
		{"by part of the name", sdk.ListTransformJobsInput{NameContains: aws.String("a")}, []string{"cat", "a"}},
		{
			"by status equal",
			sdk.ListTransformJobsInput{StatusEquals: types.TransformJobStatusInProgress},
			[]string{"dog"},
		},
		{"after is included", sdk.ListTransformJobsInput{CreationTimeAfter: &created}, []string{"dog", "cat", "a"}},
		{"before is not", sdk.ListTransformJobsInput{CreationTimeBefore: &created}, []string{"b"}},
		{"changed after", sdk.ListTransformJobsInput{LastModifiedTimeAfter: aws.Time(epoch.Add(time.Hour))}, nil},
	}
	for _, test := range tests {
		out, err := w.ListTransformJobs(t.Context(), &test.in)
		require.NoError(t, err)
		var names []string
		for _, summary := range out.TransformJobSummaries {
			names = append(names, *summary.TransformJobName)
		}
		assert.Equal(t, test.want, names, test.name)
	}
	page, err := w.ListTransformJobs(t.Context(), &sdk.ListTransformJobsInput{MaxResults: aws.Int32(3)})
	require.NoError(t, err)
	assert.Len(t, page.TransformJobSummaries, 3)
	page, err = w.ListTransformJobs(t.Context(), &sdk.ListTransformJobsInput{NextToken: page.NextToken})
	require.NoError(t, err)
	require.Len(t, page.TransformJobSummaries, 1)
	last := page.TransformJobSummaries[0]
	assert.Equal(t, arnPrefix+"b", *last.TransformJobArn)
	assert.Equal(t, types.TransformJobStatusCompleted, last.TransformJobStatus)
	assert.Equal(t, *last.TransformEndTime, *last.LastModifiedTime)
	_, err = w.ListTransformJobs(t.Context(), &sdk.ListTransformJobsInput{NextToken: aws.String("x")})
	requireError(t, err, "ValidationException", "The NextToken is not valid.")
	require.NoError(t, w.stop("dog"))
	w.await("dog", types.TransformJobStatusStopped)
}

func TestTagsAreReadAndReplacedByARN(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a.csv"] = "a\n"
	w.create(func(in *sdk.CreateTransformJobInput) {
		in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	})
	tags, ok := w.jobs.Tags(arnPrefix + "Job")
	require.True(t, ok)
	assert.Equal(t, []awsjson.Object{{"Key": "k", "Value": "v"}}, tags)
	ok, err := w.jobs.SetTags(arnPrefix+"job", []awsjson.Object{{"Key": "l", "Value": "w"}})
	require.NoError(t, err)
	require.True(t, ok)
	tags, _ = w.jobs.Tags(arnPrefix + "job")
	assert.Equal(t, []awsjson.Object{{"Key": "l", "Value": "w"}}, tags)
	_, ok = w.jobs.Tags(arnPrefix + "other")
	assert.False(t, ok)
	ok, err = w.jobs.SetTags(arnPrefix+"other", nil)
	require.NoError(t, err)
	assert.False(t, ok)
}
