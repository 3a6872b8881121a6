package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/smithy-go"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/internal/engine/stackfile"
	localsagemaker "sagehost/localaws/services/sagemaker"
)

// A flower of the examples, and what the model of all measures says about it.
const (
	testFlower = "5.1,3.5,1.4,0.2"
	testAnswer = "setosa,0.9995617568787971\n"
)

// Where an endpoint under test finds its model and leaves its answers.
const (
	testBucket   = "models"
	testArtifact = "s3://" + testBucket + "/flowers/model.tar.gz"
	testImage    = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:"
	testEndpoint = "flowers-test"
)

// hosted is an endpoint under test: the component in a program of its own, with a model of the examples.
type hosted struct {
	*world
	file    *stackfile.File
	runtime *sagemakerruntime.Client
}

// newHosted makes a world with a bucket and a model's archive in it.
func newHosted(t *testing.T) *hosted {
	t.Helper()
	w := newWorld(t, localsagemaker.Durations{})
	url := w.aws.URL()
	h := &hosted{world: w, file: w.file("test", "config:\n  aws:region: "+region+"\n")}
	h.runtime = sagemakerruntime.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: &url, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	_, err := w.clients.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String(testBucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
	})
	require.NoError(t, err)
	archive, err := os.ReadFile(filepath.Join(root, "examples", "flowers", "model.tar.gz"))
	require.NoError(t, err)
	h.store(t, "flowers/model.tar.gz", archive)
	return h
}

func (h *hosted) store(t *testing.T, key string, content []byte) {
	t.Helper()
	_, err := h.clients.s3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(testBucket), Key: &key, Body: bytes.NewReader(content),
	})
	require.NoError(t, err)
}

// program deploys an endpoint. Its variants serve the model, of an image of this version.
func (h *hosted) program(version string, args endpoint.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		// SageMaker serves no isolated model without instances.
		isolated := args.Variants[0].Serverless == nil
		m, err := model.New(ctx, "flowers", &model.Args{
			Spec: model.Spec{
				Container:        model.Container{Image: testImage + version, Artifact: testArtifact},
				NetworkIsolation: &isolated,
			},
			RoleARN: pulumi.String("arn:aws:iam::123456789012:role/runner"),
		})
		if err != nil {
			return err
		}
		own := args
		own.Name = testEndpoint
		own.AsyncBucket, own.CaptureBucket = pulumi.String(testBucket), pulumi.String(testBucket)
		own.Variants = append([]endpoint.Variant(nil), args.Variants...)
		for i := range own.Variants {
			own.Variants[i].ModelName = m.Name
		}
		if args.Shadow != nil {
			shadow := *args.Shadow
			shadow.ModelName = m.Name
			own.Shadow = &shadow
		}
		e, err := endpoint.New(ctx, "flowers", &own)
		if err != nil {
			return err
		}
		ctx.Export("configName", e.ConfigName)
		return nil
	}
}

// deploy deploys an endpoint that must come into service, and returns the number of resources by operation.
func (h *hosted) deploy(t *testing.T, version string, args endpoint.Args) map[string]int {
	t.Helper()
	h.out.Reset()
	changes, _, err := h.openProgram(h.file, h.program(version, args)).Up(t.Context())
	require.NoError(t, err, h.out.String())
	return changes
}

func (h *hosted) ask(ctx context.Context) (string, error) {
	answer, err := h.runtime.InvokeEndpoint(ctx, &sagemakerruntime.InvokeEndpointInput{
		EndpointName: aws.String(testEndpoint), ContentType: aws.String("text/csv"), Body: []byte(testFlower),
	})
	if err != nil {
		return "", err
	}
	return string(answer.Body), nil
}

func (h *hosted) requireServes(t *testing.T) {
	t.Helper()
	answer, err := h.ask(t.Context())
	require.NoError(t, err)
	require.Equal(t, testAnswer, answer)
}

// crowd asks the endpoint so often at once, with work that takes a while, and tells how many requests were answered and
// how many throttled.
func (h *hosted) crowd(t *testing.T, size int) (answered, throttled int) {
	t.Helper()
	flowers := []byte(strings.Repeat(testFlower+"\n", 50_000))
	outcomes := make(chan error, size)
	for range size {
		go func() {
			_, err := h.runtime.InvokeEndpoint(t.Context(), &sagemakerruntime.InvokeEndpointInput{
				EndpointName: aws.String(testEndpoint), ContentType: aws.String("text/csv"), Body: flowers,
			})
			outcomes <- err
		}()
	}
	for range size {
		err := <-outcomes
		if err == nil {
			answered++
			continue
		}
		refused, ok := errors.AsType[smithy.APIError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, "ThrottlingException", refused.ErrorCode())
		throttled++
	}
	return answered, throttled
}

// requireUpdatesAndEnds brings a new image into service on the same endpoint, and destroys everything.
func (h *hosted) requireUpdatesAndEnds(t *testing.T, args endpoint.Args) {
	t.Helper()
	before := h.clients.endpoint(t, testEndpoint)
	changes := h.deploy(t, "1.1.0", args)
	require.Equal(t, 2, changes["replace"], "model and configuration")
	after := h.clients.endpoint(t, testEndpoint)
	require.Equal(t, before.CreationTime, after.CreationTime, "it is the same endpoint")
	require.NotEqual(t, *before.EndpointConfigName, *after.EndpointConfigName)
	if args.Async == nil {
		h.requireServes(t)
	}
	require.NoError(t, h.openProgram(h.file, h.program("1.1.0", args)).Destroy(t.Context()), h.out.String())
	require.Equal(t, map[string]int{"buckets": 1}, h.clients.count(t), "what is left after the destruction")
}

// busy asks the endpoint all the time until the returned function is called, which tells how many requests failed.
func (h *hosted) busy(t *testing.T) (stop func() (asked, failed int)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var client sync.WaitGroup
	asked, failed := 0, 0
	client.Go(func() {
		for ctx.Err() == nil {
			_, err := h.ask(ctx)
			if ctx.Err() != nil {
				return
			}
			asked++
			if err != nil {
				failed++
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	return func() (int, int) {
		cancel()
		client.Wait()
		return asked, failed
	}
}

// speed makes the time of the local AWS run faster than the world's.
func (w *world) speed(t *testing.T, times int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.aws.URL()+"/_local/clock",
		strings.NewReader(fmt.Sprintf(`{"speed": %d}`, times)))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
}

func (h *hosted) submit(t *testing.T, key string) *sagemakerruntime.InvokeEndpointAsyncOutput {
	t.Helper()
	accepted, err := h.runtime.InvokeEndpointAsync(t.Context(), &sagemakerruntime.InvokeEndpointAsyncInput{
		EndpointName: aws.String(testEndpoint), InputLocation: aws.String("s3://" + testBucket + "/" + key),
		ContentType: aws.String("text/csv"),
	})
	require.NoError(t, err)
	return accepted
}

// awaitObject waits for an object by its URI and returns what is in it.
func (h *hosted) awaitObject(t *testing.T, uri string) string {
	t.Helper()
	key := strings.TrimPrefix(uri, "s3://"+testBucket+"/")
	var content []byte
	require.Eventually(t, func() bool {
		object, err := h.clients.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(testBucket), Key: &key})
		if err != nil {
			return false
		}
		defer func() { _ = object.Body.Close() }()
		content, err = io.ReadAll(object.Body)
		return err == nil
	}, time.Minute, 50*time.Millisecond, uri)
	return string(content)
}

// invocations is how many requests a variant got.
func (h *hosted) invocations(t *testing.T, variant string) float64 {
	t.Helper()
	statistics, err := h.clients.cloudwatch.GetMetricStatistics(t.Context(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("AWS/SageMaker"), MetricName: aws.String("Invocations"),
		StartTime: aws.Time(time.Now().Add(-time.Hour)), EndTime: aws.Time(time.Now().Add(23 * time.Hour)),
		Period: aws.Int32(3600), Statistics: []cwtypes.Statistic{cwtypes.StatisticSum},
		Dimensions: []cwtypes.Dimension{
			{Name: aws.String("EndpointName"), Value: aws.String(testEndpoint)},
			{Name: aws.String("VariantName"), Value: &variant},
		},
	})
	require.NoError(t, err)
	sum := 0.0
	for _, point := range statistics.Datapoints {
		sum += *point.Sum
	}
	return sum
}

// captured is how many files of captured data there are.
func (h *hosted) captured(t *testing.T) int {
	t.Helper()
	page, err := h.clients.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
		Bucket: aws.String(testBucket), Prefix: aws.String(testEndpoint + "/main/"),
	})
	require.NoError(t, err)
	return len(page.Contents)
}
