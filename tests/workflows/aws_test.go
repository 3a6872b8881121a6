package workflows_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/awsprovider"
	"sagehost/internal/engine/awsxprovider"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/live/cloud"
	"sagehost/internal/release"
	"sagehost/localaws"
	localclock "sagehost/localaws/world/clock"
)

// maxSpeed is how fast time passes on what stands for AWS at most: a bake of half an hour takes 12 seconds.
const maxSpeed = 150

const (
	region = "eu-west-1"
	// store is the bucket of releases.
	store = "sagehost-releases"
	image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:" +
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

// useAWS makes a local AWS of its own stand for the account that the environment leads to, with both stacks created.
func (r *runner) useAWS() *localclock.Clock {
	r.t.Helper()
	t := r.t
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	clock := localclock.New(time.Now())
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Root: root, Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	r.roles = newRoles(t, server.URL())
	r.acting = &atomic.Pointer[role]{}
	awsx, err := awsxprovider.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, awsx.Close()) })
	backend := filepath.Join(t.TempDir(), "backend")
	require.NoError(t, os.MkdirAll(backend, 0o700))
	maps.Copy(r.env, deploy.LocalAWS(server.URL()))
	maps.Copy(r.env, map[string]string{
		"AWS_CA_BUNDLE": "", "AWS_CONFIG_FILE": os.DevNull, "PULUMI_HOME": t.TempDir(), "PULUMI_CONFIG_PASSPHRASE": "test",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true", "PULUMI_DEBUG_PROVIDERS": awsx.Attach(),
		"SAGEHOST_PULUMI": tools.Pulumi,
		// What is measured counts as on AWS.
		"SAGEHOST_LOCAL_AWS_STANDS_IN": "true",
	})
	for _, name := range []string{"vars.PULUMI_BACKEND_URL", "vars.PREVIEW_BACKEND_URL"} {
		r.known[name] = "file://" + backend
	}
	if tools.AWSPlugin == "" {
		provider, err := awsprovider.Start(t.Context(), awsprovider.Options{
			Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider,
			Env: deploy.Environ(door(t, server.URL(), r.acting.Load)),
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, provider.Close()) })
		r.env["PULUMI_DEBUG_PROVIDERS"] += "," + provider.Attach()
	} else {
		require.NoError(t, os.Symlink(filepath.Dir(tools.AWSPlugin), filepath.Join(r.env["PULUMI_HOME"], "plugins")))
	}
	for _, stack := range []string{"dev", "prod"} {
		out, code := r.command(map[string]string{"PULUMI_BACKEND_URL": "file://" + backend},
			tools.Pulumi, "stack", "init", stack, "--non-interactive")
		require.Zero(t, code, out)
	}
	return clock
}

// config leads clients to what stands for AWS.
func (r *runner) config() aws.Config { return cloud.Local(r.env["AWS_ENDPOINT_URL"], region) }

// keep uploads the archive of the flowers' model to the store of releases.
func (r *runner) keep(archive []byte) {
	r.t.Helper()
	client := cloud.S3(r.config())
	_, err := client.CreateBucket(r.t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(store), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region},
	})
	require.NoError(r.t, err)
	_, err = client.PutObject(r.t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(store), Key: aws.String(archiveKey(archive)), Body: bytes.NewReader(archive),
	})
	require.NoError(r.t, err)
}

func archiveKey(archive []byte) string {
	sum := sha256.Sum256(archive)
	return "releases/flowers/" + hex.EncodeToString(sum[:]) + "/model.tar.gz"
}

// flowers is a release of the flowers' model that logs at this level.
func flowers(t *testing.T, archive []byte, level string) *release.Release {
	t.Helper()
	sum := sha256.Sum256(archive)
	r, err := release.New(release.Subject{Containers: []release.Container{{
		Image: image, Environment: release.Environment{"LOG_LEVEL": level},
		Artifact: &release.Artifact{
			URI: "s3://" + store + "/" + archiveKey(archive), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(archive)),
		},
	}}})
	require.NoError(t, err)
	r.Source = release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
	return r
}

// customers ask an endpoint, once it is there, until the test ends. Time passes as fast as they are answered: half an
// hour has some hundred answers on a slow machine, too.
func (r *runner) customers(endpoint string, clock *localclock.Clock) {
	client, ended := sagemakerruntime.NewFromConfig(r.config()), make(chan struct{})
	ask := func() int {
		_, err := client.InvokeEndpoint(r.t.Context(), &sagemakerruntime.InvokeEndpointInput{
			EndpointName: &endpoint, Body: []byte("5.1,3.5,1.4,0.2"), ContentType: aws.String("text/csv"),
		})
		if err != nil {
			return 0
		}
		return 1
	}
	go func() {
		defer close(ended)
		for r.t.Context().Err() == nil {
			answers := 0
			for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				answers += ask()
			}
			assert.NoError(r.t, clock.SetSpeed(float64(min(max(5*answers, 1), maxSpeed))))
		}
	}()
	r.t.Cleanup(func() { <-ended })
}
