package modelprefix_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
	"sagehost/internal/measure/modelprefix"
	"sagehost/localaws"
)

const flowers = "../../../examples/flowers/"

// world is a local AWS with a bucket, "models".
type world struct {
	hosting *sagemaker.Client
	objects *s3.Client
}

func newWorld(t *testing.T) world {
	t.Helper()
	tools, err := toolchain.Toolchain{Root: "../../..", Progress: os.Stderr}.Ensure(t.Context())
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

// mark puts empty objects at prefixes: SageMaker takes no prefix without an object.
func (w world) mark(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		_, err := w.objects.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("models"), Key: &key})
		require.NoError(t, err)
	}
}

func TestArchivesAreAddedOnceListedAndRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mark(t, "garden/") // as a stack does, and no model
	prefix := modelprefix.Prefix{S3: w.objects, Bucket: "models", Key: "garden/"}
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

// keepVersions makes the bucket keep what is deleted in it, as a stack's own buckets do.
func (w world) keepVersions(t *testing.T) {
	t.Helper()
	_, err := w.objects.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String("models"),
		VersioningConfiguration: &s3types.VersioningConfiguration{
			Status: s3types.BucketVersioningStatusEnabled,
		},
	})
	require.NoError(t, err)
}

func TestANameIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keepVersions(t)
	prefix := modelprefix.Prefix{S3: w.objects, Bucket: "models", Key: "garden/"}
	add := func(name, file string) error {
		_, err := prefix.Add(t.Context(), name, flowers+file)
		return err
	}
	// A name that the other one begins with is another name.
	require.NoError(t, add("a/petals.tar.gz.tar.gz", "petals.tar.gz"))
	require.NoError(t, prefix.Remove(t.Context(), "a/petals.tar.gz.tar.gz"))

	require.NoError(t, add("a/petals", "petals.tar.gz"))
	require.ErrorIs(t, add("a/petals", "sepals.tar.gz"), modelprefix.ErrExists)
	require.NoError(t, prefix.Remove(t.Context(), "a/petals"))
	err := add("a/petals", "petals.tar.gz")
	require.ErrorIs(t, err, modelprefix.ErrRemoved)
	require.EqualError(t, err, `model "a/petals": a model of this name was removed, and instances that have loaded it `+
		"may go on answering with it; choose another name, such as one with a version")
	models, err := prefix.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, models)
}

func TestTenantsHaveFolders(t *testing.T) {
	t.Parallel()
	prefix := modelprefix.Prefix{S3: newWorld(t).objects, Bucket: "models", Key: "garden/"}
	for _, name := range []string{"two/petals", "one/2026/petals", "one/petals-1.0_a"} {
		_, err := prefix.Add(t.Context(), name, flowers+"petals.tar.gz")
		require.NoError(t, err)
	}
	models, err := prefix.List(t.Context())
	require.NoError(t, err)
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	assert.Equal(t, []string{"one/2026/petals.tar.gz", "one/petals-1.0_a.tar.gz", "two/petals.tar.gz"}, names)
	require.NoError(t, prefix.Remove(t.Context(), "two/petals"))
}

func TestNamesThatLeadElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	prefix := modelprefix.Prefix{Bucket: "models"}
	for _, name := range []string{
		"", "/a", "a/", "a//b", "..", "a/../b", "a/.hidden", "a/-b", "a b", "a?b", `a\b`, strings.Repeat("a", 194),
	} {
		_, err := prefix.Add(t.Context(), name, flowers+"petals.tar.gz")
		require.EqualError(t, err, fmt.Sprintf("model %q: the name must have letters, digits, dots, hyphens and "+
			"underscores, and begin with a letter or digit, as must what follows a slash; at most 200 characters "+
			"with .tar.gz", name))
	}
}

func TestAnArchiveThatIsTooLargeIsNotEvenRead(t *testing.T) {
	t.Parallel()
	large := filepath.Join(t.TempDir(), "large.tar.gz")
	require.NoError(t, os.WriteFile(large, nil, 0o600))
	// No byte of it is on a disk.
	require.NoError(t, os.Truncate(large, 5<<30+1))
	_, err := modelprefix.Prefix{Bucket: "models"}.Add(t.Context(), "a", large)
	require.EqualError(t, err, `model "a": `+large+" has 5368709121 bytes; at most 5368709120 can be uploaded with a "+
		"SHA-256 for Amazon S3 to check")
	require.NoError(t, os.Truncate(large, 5<<30))
	_, err = modelprefix.Prefix{Bucket: "models"}.Add(t.Context(), "a", large)
	assert.EqualError(t, err, `model "a": `+large+" is not a .tar.gz archive: gzip: invalid header")
}

func TestWhatSageMakerCouldNotUnpackIsRefused(t *testing.T) {
	t.Parallel()
	prefix := modelprefix.Prefix{Bucket: "models"}
	text := filepath.Join(t.TempDir(), "m.tar.gz")
	require.NoError(t, os.WriteFile(text, []byte("no archive"), 0o600))
	for _, row := range []struct{ name, file, want string }{
		{"a", text, `model "a": ` + text + " is not a .tar.gz archive: gzip: invalid header"},
		{"a", text + "x", `model "a": open ` + text + "x: no such file or directory"},
	} {
		_, err := prefix.Add(t.Context(), row.name, row.file)
		assert.EqualError(t, err, row.want)
	}
}
