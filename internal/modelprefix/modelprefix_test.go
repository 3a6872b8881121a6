package modelprefix_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/localaws"
	"sagehost/internal/modelprefix"
	"sagehost/internal/toolchain"
)

const flowers = "../../examples/flowers/"

// world is a local AWS with a bucket, "models".
type world struct {
	hosting *sagemaker.Client
	objects *s3.Client
}

func newWorld(t *testing.T) world {
	t.Helper()
	tools, err := toolchain.Toolchain{Root: "../..", Progress: os.Stderr}.Ensure(t.Context())
	require.NoError(t, err)
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	access := credentials.NewStaticCredentialsProvider("test", "test", "")
	url := server.URL()
	w := world{
		hosting: sagemaker.New(sagemaker.Options{Region: "us-east-1", BaseEndpoint: &url, Credentials: access}),
		objects: s3.New(s3.Options{Region: "us-east-1", BaseEndpoint: &url, Credentials: access, UsePathStyle: true}),
	}
	_, err = w.objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("models")})
	require.NoError(t, err)
	return w
}

func TestArchivesAreAddedOnceListedAndRemoved(t *testing.T) {
	t.Parallel()
	prefix := modelprefix.Prefix{S3: newWorld(t).objects, Bucket: "models", Key: "garden/"}
	petals, err := os.ReadFile(flowers + "petals.tar.gz")
	require.NoError(t, err)
	sum := sha256.Sum256(petals)

	added, err := prefix.Add(t.Context(), "petals-1", flowers+"petals.tar.gz")
	require.NoError(t, err)
	assert.Equal(t, "petals-1.tar.gz", added.Name)
	_, err = prefix.Add(t.Context(), "petals-1.tar.gz", flowers+"sepals.tar.gz")
	require.ErrorIs(t, err, modelprefix.ErrExists)

	models, err := prefix.List(t.Context())
	require.NoError(t, err)
	require.Len(t, models, 1)
	assert.WithinDuration(t, time.Now(), models[0].Added, time.Minute)
	models[0].Added = time.Time{}
	assert.Equal(t, modelprefix.Model{
		Name: "petals-1.tar.gz", Size: int64(len(petals)), SHA256: hex.EncodeToString(sum[:]),
	}, models[0], "what was there stays")

	require.NoError(t, prefix.Remove(t.Context(), "petals-1"))
	require.ErrorIs(t, prefix.Remove(t.Context(), "petals-1"), modelprefix.ErrNone)
	models, err = prefix.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, models)
}

func TestWhatSageMakerCouldNotUnpackIsRefused(t *testing.T) {
	t.Parallel()
	prefix := modelprefix.Prefix{Bucket: "models"}
	text := filepath.Join(t.TempDir(), "m.tar.gz")
	require.NoError(t, os.WriteFile(text, []byte("no archive"), 0o600))
	for _, row := range []struct{ name, file, want string }{
		{"a/b", flowers + "petals.tar.gz", `model "a/b": the name must begin with a letter or digit and have at most 200 ` +
			"letters, digits, dots, hyphens and underscores"},
		{"a", text, `model "a": ` + text + " is not a .tar.gz archive: gzip: invalid header"},
		{"a", text + "x", `model "a": open ` + text + "x: no such file or directory"},
	} {
		_, err := prefix.Add(t.Context(), row.name, row.file)
		assert.EqualError(t, err, row.want)
	}
}

func TestThePrefixIsThatOfTheEndpointsModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, mode := range map[string]types.ContainerMode{
		"many": types.ContainerModeMultiModel, "one": types.ContainerModeSingleModel,
	} {
		_, err := w.hosting.CreateModel(t.Context(), &sagemaker.CreateModelInput{
			ModelName: &name, ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
			PrimaryContainer: &types.ContainerDefinition{
				Image: aws.String("i"), Mode: mode, ModelDataUrl: aws.String("s3://models/garden"),
			},
		})
		require.NoError(t, err)
		_, err = w.hosting.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
			EndpointConfigName: &name, ProductionVariants: []types.ProductionVariant{{
				VariantName: aws.String("v"), ModelName: &name, InitialInstanceCount: aws.Int32(1),
				InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
			}},
		})
		require.NoError(t, err)
		_, err = w.hosting.CreateEndpoint(t.Context(),
			&sagemaker.CreateEndpointInput{EndpointName: &name, EndpointConfigName: &name})
		require.NoError(t, err)
	}
	prefix, err := modelprefix.OfEndpoint(t.Context(), w.hosting, w.objects, "many")
	require.NoError(t, err)
	assert.Equal(t, modelprefix.Prefix{S3: w.objects, Bucket: "models", Key: "garden/"}, prefix)
	_, err = modelprefix.OfEndpoint(t.Context(), w.hosting, w.objects, "one")
	assert.EqualError(t, err, `endpoint "one": it serves one model, not those under a prefix`)
}
