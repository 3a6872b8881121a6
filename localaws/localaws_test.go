package localaws_test

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
	"sagehost/localaws"
)

// motoServer is the path of the emulator, which is a Python program of its own.
func motoServer(t *testing.T) string {
	t.Helper()
	tools, err := toolchain.Toolchain{Root: "..", Progress: os.Stderr}.Ensure(t.Context())
	require.NoError(t, err)
	return tools.Moto
}

func TestOneAddressServesTheFakesAndMoto(t *testing.T) {
	t.Parallel()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	config := aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(server.URL()),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}

	bucket := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	_, err = bucket.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String("models"),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-central-1"},
	})
	require.NoError(t, err)
	_, err = bucket.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("models"), Key: aws.String("a b/ü;x.tar.gz"), Body: strings.NewReader("weights"),
	})
	require.NoError(t, err)
	listed, err := bucket.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("models")})
	require.NoError(t, err)
	require.Len(t, listed.Contents, 1)
	assert.Equal(t, "a b/ü;x.tar.gz", *listed.Contents[0].Key)

	hosting := sagemaker.NewFromConfig(config)
	_, err = hosting.CreateModel(t.Context(), &sagemaker.CreateModelInput{
		ModelName:        aws.String("flowers"),
		ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/runner"),
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String("123456789012.dkr.ecr.eu-central-1.amazonaws.com/flowers:1"),
		},
	})
	require.NoError(t, err)
	_, err = hosting.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("flowers-1"),
		ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: aws.String("flowers"),
			InstanceType: types.ProductionVariantInstanceTypeMlG5Xlarge, InitialInstanceCount: aws.Int32(1),
		}},
	})
	require.NoError(t, err)
	_, err = hosting.CreateEndpoint(t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: aws.String("flowers"), EndpointConfigName: aws.String("flowers-1"),
	})
	require.NoError(t, err)
	described, err := hosting.DescribeEndpoint(t.Context(),
		&sagemaker.DescribeEndpointInput{EndpointName: aws.String("flowers")})
	require.NoError(t, err)
	assert.Equal(t, types.EndpointStatusInService, described.EndpointStatus)

	// An operation of SageMaker that only moto knows.
	trained, err := hosting.ListTrainingJobs(t.Context(), &sagemaker.ListTrainingJobsInput{})
	require.NoError(t, err)
	assert.Empty(t, trained.TrainingJobSummaries)

	motoPID := healthOf(t, server).Services[3].PID
	require.NoError(t, syscall.Kill(motoPID, 0))
	require.NoError(t, server.Close())
	assert.ErrorIs(t, syscall.Kill(motoPID, 0), syscall.ESRCH)
}

type health struct {
	PID      int
	Services []struct {
		Name, Version string
		PID           int
	}
}

func healthOf(t *testing.T, server *localaws.Server) health {
	t.Helper()
	response, err := http.Get(server.URL() + "/_local/health")
	require.NoError(t, err)
	defer response.Body.Close()
	var h health
	require.NoError(t, json.NewDecoder(response.Body).Decode(&h))
	assert.Equal(t, os.Getpid(), h.PID)
	require.Len(t, h.Services, 4)
	assert.Equal(t, "sagemaker", h.Services[0].Name)
	assert.Equal(t, "2017-07-24", h.Services[0].Version)
	assert.Equal(t, "application-autoscaling", h.Services[1].Name)
	assert.Equal(t, "2016-02-06", h.Services[1].Version)
	assert.Equal(t, "states", h.Services[2].Name)
	assert.Equal(t, "2016-11-23", h.Services[2].Version)
	assert.Equal(t, "moto", h.Services[3].Name)
	return h
}

func TestAddressesThatOthersCanReachAreRefused(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.5:80", "example.com:80"} {
		_, err := localaws.Start(t.Context(), localaws.Options{Addr: addr})
		assert.EqualError(t, err,
			"local AWS: address \""+addr+"\" is not on the loopback interface; use 127.0.0.1")
	}
	_, err := localaws.Start(t.Context(), localaws.Options{Addr: "127.0.0.1"})
	assert.EqualError(t, err, `local AWS: address "127.0.0.1": address 127.0.0.1: missing port in address`)
}

func TestATakenAddressIsNamed(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, taken.Close()) })
	_, err = localaws.Start(t.Context(), localaws.Options{Addr: taken.Addr().String()})
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	assert.ErrorContains(t, err, "local AWS: another program listens on "+taken.Addr().String()+": ")
}

func TestAMissingEmulatorFailsTheStartAndFreesTheAddress(t *testing.T) {
	t.Parallel()
	_, err := localaws.Start(t.Context(), localaws.Options{Moto: "/nowhere/moto_server"})
	assert.EqualError(t, err,
		"start moto: fork/exec /nowhere/moto_server: no such file or directory")
}

func TestABucketThatHeldDeletedObjectsCanBeEmptied(t *testing.T) {
	t.Parallel()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	client := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL()), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	bucket, key := aws.String("models"), aws.String("k")
	_, err = client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket})
	require.NoError(t, err)
	version := func(status s3types.BucketVersioningStatus) {
		_, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: bucket, VersioningConfiguration: &s3types.VersioningConfiguration{Status: status},
		})
		require.NoError(t, err)
	}
	version(s3types.BucketVersioningStatusEnabled)
	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x")})
	require.NoError(t, err)
	_, err = client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: key})
	require.NoError(t, err)
	version(s3types.BucketVersioningStatusSuspended)

	listed, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket})
	require.NoError(t, err)
	require.Len(t, listed.Versions, 1)
	require.Len(t, listed.DeleteMarkers, 1)
	_, err = client.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &s3types.Delete{
		Objects: []s3types.ObjectIdentifier{
			{Key: key, VersionId: listed.Versions[0].VersionId}, {Key: key, VersionId: listed.DeleteMarkers[0].VersionId},
		},
	}})
	require.NoError(t, err)
	_, err = client.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket})
	assert.NoError(t, err)
}
