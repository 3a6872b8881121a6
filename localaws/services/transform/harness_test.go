package transform_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/transform"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

const (
	region    = "eu-central-1"
	roleARN   = "arn:aws:iam::123456789012:role/runner"
	arnPrefix = "arn:aws:sagemaker:eu-central-1:123456789012:transform-job/"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type models map[string]serving.Spec

func (m models) Model(region, name string) (serving.Spec, error) {
	spec, ok := m[name]
	if !ok {
		return serving.Spec{}, awsjson.Invalid("Could not find model %q in %s.", name, region)
	}
	return spec, nil
}

// world is the jobs with a client, a bucket and a fleet that echoes.
type world struct {
	*sdk.Client
	*bucket
	t     *testing.T
	jobs  *transform.Jobs
	clock *clock.Clock
	fleet *fleet
	log   *lockedBuffer
	specs []serving.Spec
	state state.Dir
	// start fails to start the fleet when it is set.
	start error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, clock: clock.New(epoch), log: &lockedBuffer{}, state: state.Dir(t.TempDir()),
		bucket: &bucket{
			content: map[string]string{}, meta: map[string]objects.Meta{},
			refused: map[string]string{}, held: map[string]bool{},
		},
		fleet: &fleet{answer: echo, closed: make(chan struct{})},
	}
	w.open()
	return w
}

// open makes the jobs from the state.
func (w *world) open() {
	w.t.Helper()
	container := serving.Container{Image: "repo/m:1", Environment: map[string]string{"A": "model", "B": "model"}}
	jobs, err := transform.New(transform.Options{
		Models: models{
			"m":            {Region: region, RoleARN: roleARN, Containers: []serving.Container{container}},
			"multi":        {Containers: []serving.Container{{MultiModel: true}}},
			"uncompressed": {Containers: []serving.Container{{Uncompressed: true}}},
		},
		Start: func(_ context.Context, spec serving.Spec) (transform.Fleet, error) {
			w.specs = append(w.specs, spec)
			return w.fleet, w.start
		},
		Objects: w.bucket, Clock: w.clock, State: w.state, Log: w.log,
	})
	require.NoError(w.t, err)
	w.jobs = jobs
	w.t.Cleanup(jobs.Close)
	server := httptest.NewServer(&awsjson.Service{
		Prefix: "SageMaker", Operations: jobs.Operations(), Other: http.NotFoundHandler(), Log: io.Discard,
	})
	w.t.Cleanup(server.Close)
	w.Client = sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// job is a request that reads lines of CSV under s3://in/data/ and writes to s3://out.
func job(changes ...func(*sdk.CreateTransformJobInput)) *sdk.CreateTransformJobInput {
	in := &sdk.CreateTransformJobInput{
		TransformJobName: aws.String("Job"), ModelName: aws.String("m"),
		TransformInput: &types.TransformInput{
			DataSource: &types.TransformDataSource{S3DataSource: &types.TransformS3DataSource{
				S3DataType: types.S3DataTypeS3Prefix, S3Uri: aws.String("s3://in/data/"),
			}},
			ContentType: aws.String("text/csv"), SplitType: types.SplitTypeLine,
		},
		TransformOutput: &types.TransformOutput{
			S3OutputPath: aws.String("s3://out"), Accept: aws.String("text/csv"), AssembleWith: types.AssemblyTypeLine,
		},
		TransformResources: &types.TransformResources{
			InstanceType: types.TransformInstanceTypeMlM5Large, InstanceCount: aws.Int32(1),
		},
	}
	for _, change := range changes {
		change(in)
	}
	return in
}

func named(name string) func(*sdk.CreateTransformJobInput) {
	return func(in *sdk.CreateTransformJobInput) { in.TransformJobName = aws.String(name) }
}

// create makes a job that must be accepted.
func (w *world) create(changes ...func(*sdk.CreateTransformJobInput)) {
	w.t.Helper()
	_, err := w.CreateTransformJob(w.t.Context(), job(changes...))
	require.NoError(w.t, err)
}

func (w *world) describe(name string) *sdk.DescribeTransformJobOutput {
	w.t.Helper()
	out, err := w.DescribeTransformJob(w.t.Context(), &sdk.DescribeTransformJobInput{TransformJobName: aws.String(name)})
	require.NoError(w.t, err)
	return out
}

// await waits until a job has a status.
func (w *world) await(name string, status types.TransformJobStatus) *sdk.DescribeTransformJobOutput {
	w.t.Helper()
	var out *sdk.DescribeTransformJobOutput
	require.Eventually(w.t, func() bool {
		out = w.describe(name)
		return out.TransformJobStatus == status
	}, 30*time.Second, time.Millisecond, "%v", lazy{func() any { return aws.ToString(out.FailureReason) }})
	return out
}

// lazy prints what is known only later.
type lazy struct{ value func() any }

func (l lazy) String() string { return fmt.Sprint(l.value()) }

// transform runs a job that must succeed, and returns what it wrote.
func (w *world) transform(changes ...func(*sdk.CreateTransformJobInput)) map[string]string {
	w.t.Helper()
	w.create(changes...)
	w.await("Job", types.TransformJobStatusCompleted)
	return w.outputs()
}

// fails runs a job that must fail, and returns why.
func (w *world) fails(changes ...func(*sdk.CreateTransformJobInput)) string {
	w.t.Helper()
	w.create(changes...)
	return aws.ToString(w.await("Job", types.TransformJobStatusFailed).FailureReason)
}

func (w *world) stop(name string) error {
	_, err := w.StopTransformJob(w.t.Context(), &sdk.StopTransformJobInput{TransformJobName: aws.String(name)})
	return err
}

// requireError checks what the client was told.
func requireError(t *testing.T, err error, code, message string) {
	t.Helper()
	var told smithy.APIError
	require.ErrorAs(t, err, &told)
	require.Equal(t, code, told.ErrorCode())
	require.Equal(t, message, told.ErrorMessage())
}
