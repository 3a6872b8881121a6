package objecthash_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/objecthash"
)

// bucket is an object in Amazon S3, and how often it was read.
type bucket struct {
	head    *s3.HeadObjectOutput
	headErr error
	content string
	reads   int
}

func (b *bucket) HeadObject(
	_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options),
) (*s3.HeadObjectOutput, error) {
	if *in.Bucket != "models" || *in.Key != "flowers/model.tar.gz" || in.ChecksumMode != types.ChecksumModeEnabled {
		return nil, errors.New("asked for something else")
	}
	return b.head, b.headErr
}

func (b *bucket) GetObject(
	context.Context, *s3.GetObjectInput, ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	b.reads++
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(b.content))}, nil
}

const (
	uri     = "s3://models/flowers/model.tar.gz"
	sum     = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // of "test"
	encoded = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
)

func TestTheChecksumThatS3KeepsIsTakenWhereItCoversTheObject(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		checksum *string
		kind     types.ChecksumType
		reads    int
	}{
		"of the whole":                    {aws.String(encoded), types.ChecksumTypeFullObject, 0},
		"of an unnamed kind":              {aws.String(encoded), "", 0},
		"of parts":                        {aws.String(encoded), types.ChecksumTypeComposite, 1},
		"of parts, as it was once told":   {aws.String(encoded + "-2"), "", 1},
		"none":                            {nil, "", 1},
		"of another length than SHA-256s": {aws.String("AAAA"), types.ChecksumTypeFullObject, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bucket{content: "test", head: &s3.HeadObjectOutput{
				ContentLength: aws.Int64(4), ChecksumSHA256: test.checksum, ChecksumType: test.kind,
			}}
			have, err := objecthash.Of(t.Context(), b, uri)
			require.NoError(t, err)
			assert.Equal(t, objecthash.Object{SHA256: sum, Size: 4}, have)
			assert.Equal(t, test.reads, b.reads)
		})
	}
}

func TestAnObjectThatIsNotThereDoesNotExist(t *testing.T) {
	t.Parallel()
	_, err := objecthash.Of(t.Context(), &bucket{headErr: &types.NotFound{}}, uri)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.EqualError(t, err, uri+": file does not exist")
	_, err = objecthash.Of(t.Context(), &bucket{headErr: errors.New("denied")}, uri)
	require.EqualError(t, err, uri+": denied")
	for _, wrong := range []string{"", "s3://", "s3://models", "s3://models/", "s3:///key", "https://models/key"} {
		_, err = objecthash.Of(t.Context(), &bucket{}, wrong)
		assert.ErrorContains(t, err, "is not the s3:// URI of an object", wrong)
	}
}
