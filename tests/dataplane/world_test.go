// Package dataplane_test asks endpoints and transform jobs of a whole local AWS for predictions, with real containers
// and through the clients that programs use.
package dataplane_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
	"sagehost/localaws"
	"sagehost/localaws/world/clock"
)

const (
	region  = "eu-west-1"
	bucket  = "models"
	roleARN = "arn:aws:iam::123456789012:role/runner"
	// registry begins the images of the account in the region.
	registry = "123456789012.dkr.ecr." + region + ".amazonaws.com/"
	// soon is how long anything may take that is bound to happen, on a machine that is busy.
	soon  = 60 * time.Second
	often = 20 * time.Millisecond
)

// root is the checkout.
const root = "../.."

// programs is what all worlds share: it is found or built once.
var programs struct {
	moto, scoring, preprocess, container string
}

func TestMain(m *testing.M) {
	if os.Getenv(containerRole) != "" {
		os.Exit(runContainer())
	}
	if dir := os.Getenv(gatewayRole); dir != "" {
		os.Exit(runGateway(dir))
	}
	dir, err := os.MkdirTemp("", "dataplane")
	if err == nil {
		err = findPrograms(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// findPrograms builds the examples once, where each world would build them again.
func findPrograms(dir string) error {
	tools, err := toolchain.Toolchain{Root: root, Progress: os.Stderr}.Ensure(context.Background())
	if err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", dir, "./examples/scoring", "./examples/preprocess")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the examples: %w", err)
	}
	programs.moto = tools.Moto
	programs.scoring, programs.preprocess = filepath.Join(dir, "scoring"), filepath.Join(dir, "preprocess")
	programs.container, err = os.Executable()
	return err
}

// images has the examples, and a container that does what it is told, as "told".
func images() string {
	return fmt.Sprintf(`images:
  - {repository: scoring, command: [%q, serve]}
  - {repository: preprocess, command: [%q, serve]}
  - {repository: told, command: [%q], environment: {%s: "yes"}}
`, programs.scoring, programs.preprocess, programs.container, containerRole)
}

// clients are those of one AWS. None of them tries again.
type clients struct {
	sagemaker  *sagemaker.Client
	runtime    *sagemakerruntime.Client
	s3         *s3.Client
	sns        *sns.Client
	cloudwatch *cloudwatch.Client
	scaling    *applicationautoscaling.Client

	eventbridge *eventbridge.Client
	scheduler   *scheduler.Client
	sfn         *sfn.Client
}

func newClients(url string) clients { return newClientsIn(url, region) }

// configOf is the configuration of clients that do not try again.
func configOf(url, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &url, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

func newClientsIn(url, region string) clients {
	config := configOf(url, region)
	return clients{
		sagemaker:  sagemaker.NewFromConfig(config),
		runtime:    sagemakerruntime.NewFromConfig(config),
		s3:         s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
		sns:        sns.NewFromConfig(config),
		cloudwatch: cloudwatch.NewFromConfig(config),
		scaling:    applicationautoscaling.NewFromConfig(config),

		eventbridge: eventbridge.NewFromConfig(config),
		scheduler:   scheduler.NewFromConfig(config),
		sfn:         sfn.NewFromConfig(config),
	}
}

// world is a local AWS of a test's own, with a bucket.
type world struct {
	clients
	tb    testing.TB
	url   string
	clock *clock.Clock
	dir   string
}

// newWorld starts a local AWS that ends with the test. Changes are made to its options.
func newWorld(tb testing.TB, changes ...func(*localaws.Options)) *world {
	tb.Helper()
	w := &world{tb: tb, clock: clock.New(time.Now()), dir: tb.TempDir()}
	require.NoError(tb, os.WriteFile(localaws.ImagesPath(w.dir), []byte(images()), 0o600))
	options := localaws.Options{Moto: programs.moto, Root: root, Clock: w.clock, Dir: w.dir}
	for _, change := range changes {
		change(&options)
	}
	server, err := localaws.Start(tb.Context(), options)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, server.Close()) })
	w.connect(server.URL())
	w.makeBucket()
	return w
}

func (w *world) connect(url string) { w.url, w.clients = url, newClients(url) }

func (w *world) makeBucket() {
	w.tb.Helper()
	_, err := w.s3.CreateBucket(w.tb.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
	})
	require.NoError(w.tb, err)
}

// speed makes an hour pass in 3600/times seconds.
func (w *world) speed(times float64) {
	w.tb.Helper()
	require.NoError(w.tb, w.clock.SetSpeed(times))
}

// upload puts an object into the bucket and returns its URI.
func (w *world) upload(key string, content []byte) string {
	w.tb.Helper()
	_, err := w.s3.PutObject(w.tb.Context(), &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(content),
	})
	require.NoError(w.tb, err)
	return "s3://" + bucket + "/" + key
}

// discard removes an object that is there no longer when somebody wants it.
func (w *world) discard(key string) {
	w.tb.Helper()
	_, err := w.s3.DeleteObject(w.tb.Context(), &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: &key})
	require.NoError(w.tb, err)
}

// uploadExample puts a file of the examples into the bucket, such as "flowers/model.tar.gz", and returns its URI.
func (w *world) uploadExample(name string) string {
	w.tb.Helper()
	content, err := os.ReadFile(filepath.Join(root, "examples", filepath.FromSlash(name)))
	require.NoError(w.tb, err)
	return w.upload(name, content)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
