// Package objecthash names the content of objects in Amazon S3.
package objecthash

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"sagehost/kit/s3uri"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Reader is what of Amazon S3 it takes.
type Reader interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Object is what is known of an object's content.
type Object struct {
	// SHA256 is the hash of the content, in lower-case hexadecimal digits.
	SHA256 string
	// Size is in bytes.
	Size int64
}

// Of is the content of the object with an s3:// URI. The checksum that Amazon S3 keeps is taken where it covers the
// whole object; otherwise the object is read. The error matches fs.ErrNotExist where there is no such object.
func Of(ctx context.Context, client Reader, uri string) (Object, error) {
	bucket, key, ok := Split(uri)
	if !ok {
		return Object{}, fmt.Errorf("%q is not the s3:// URI of an object", uri)
	}
	head, err := client.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: &bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled,
	})
	if _, missing := errors.AsType[*types.NotFound](err); missing {
		return Object{}, fmt.Errorf("%s: %w", uri, fs.ErrNotExist)
	}
	if err != nil {
		return Object{}, fmt.Errorf("%s: %w", uri, err)
	}
	if sum, ok := whole(head); ok {
		return Object{SHA256: sum, Size: aws.ToInt64(head.ContentLength)}, nil
	}
	return read(ctx, client, uri, bucket, key)
}

// Split takes the s3:// URI of an object apart, which has a key.
func Split(uri string) (bucket, key string, ok bool) {
	bucket, key, ok = s3uri.Split(uri)
	return bucket, key, ok && key != ""
}

// whole is the checksum of the whole object. That of an object uploaded in parts can be the checksum of the parts'
// checksums, which ends with their number.
func whole(head *s3.HeadObjectOutput) (string, bool) {
	if head.ChecksumType == types.ChecksumTypeComposite {
		return "", false
	}
	sum, err := base64.StdEncoding.DecodeString(aws.ToString(head.ChecksumSHA256))
	if err != nil || len(sum) != sha256.Size {
		return "", false
	}
	return hex.EncodeToString(sum), true
}

func read(ctx context.Context, client Reader, uri, bucket, key string) (Object, error) {
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return Object{}, fmt.Errorf("%s: %w", uri, err)
	}
	defer func() { _ = out.Body.Close() }()
	hash := sha256.New()
	n, err := io.Copy(hash, out.Body)
	if err != nil {
		return Object{}, fmt.Errorf("%s: %w", uri, err)
	}
	return Object{SHA256: hex.EncodeToString(hash.Sum(nil)), Size: n}, nil
}
