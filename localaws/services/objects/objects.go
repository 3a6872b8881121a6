// Package objects reads and writes the objects of the local S3 for what SageMaker does with them.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"sagehost/kit/s3uri"
	"sagehost/localaws/protocol"
)

// partBytes is how much of an upload is held in memory at a time, for each of a few parts. It is the least that S3
// takes: as many uploads may be under way as a transform job has objects.
const partBytes = 5 << 20

// Store is the objects of all regions.
type Store struct {
	clients *protocol.Clients[*s3.Client]
}

// New makes a store of the S3 at a URL.
func New(url string) *Store {
	return &Store{clients: protocol.NewClients(url, "sagemaker", func(c aws.Config) *s3.Client {
		return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle, o.RetryMaxAttempts = true, 2 })
	})}
}

// Object is an object that is being read.
type Object struct {
	Body        io.ReadCloser
	ContentType string
	// Size is in bytes.
	Size int64
}

// Entry is an object in a listing.
type Entry struct {
	URI string
	// Size is in bytes.
	Size int64
}

// Meta is what is stored with an object beside its content.
type Meta struct {
	ContentType string
	// KMSKey is the key to encrypt with; empty leaves it to the bucket.
	KMSKey string
}

// Error is S3's refusal.
type Error struct {
	// Code is S3's, such as "NoSuchKey", "NoSuchBucket" or "AccessDenied".
	Code string
	URI  string
	err  error
}

// Error names the object and the refusal.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.URI, e.err) }

// Unwrap is the client's error.
func (e *Error) Unwrap() error { return e.err }

// Code is the code of S3's refusal; empty when the error is something else.
func Code(err error) string {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Code
	}
	return ""
}

// Join appends a key to a prefix, with exactly one slash between them.
func Join(prefix, key string) string {
	return strings.TrimSuffix(prefix, "/") + "/" + strings.TrimPrefix(key, "/")
}

// Get opens an object. The caller closes its body.
func (s *Store) Get(ctx context.Context, region, uri string) (*Object, error) {
	bucket, key, err := split(uri)
	if err != nil {
		return nil, err
	}
	out, err := s.clients.Of(region).GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, refused(uri, err)
	}
	return &Object{
		Body: out.Body, ContentType: aws.ToString(out.ContentType), Size: aws.ToInt64(out.ContentLength),
	}, nil
}

// List goes through the objects under a prefix in the order of their keys.
func (s *Store) List(ctx context.Context, region, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		bucket, key, err := split(prefix)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		pages := s3.NewListObjectsV2Paginator(s.clients.Of(region), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &key})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Entry{}, refused(prefix, err))
				return
			}
			for _, object := range page.Contents {
				entry := Entry{
					URI: "s3://" + bucket + "/" + aws.ToString(object.Key), Size: aws.ToInt64(object.Size),
				}
				if !yield(entry, nil) {
					return
				}
			}
		}
	}
}

// Put writes an object, whole or not at all. Of long content only a few parts are in memory at a time.
func (s *Store) Put(ctx context.Context, region, uri string, content io.Reader, meta Meta) error {
	bucket, key, err := split(uri)
	if err != nil {
		return err
	}
	input := &transfermanager.UploadObjectInput{Bucket: &bucket, Key: &key, Body: content}
	if meta.ContentType != "" {
		input.ContentType = &meta.ContentType
	}
	if meta.KMSKey != "" {
		input.SSEKMSKeyID, input.ServerSideEncryption = &meta.KMSKey, types.ServerSideEncryptionAwsKms
	}
	uploader := transfermanager.New(s.clients.Of(region), func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = partBytes, partBytes, 2
	})
	if _, err := uploader.UploadObject(ctx, input); err != nil {
		return refused(uri, err)
	}
	return nil
}

func split(uri string) (bucket, key string, err error) {
	bucket, key, ok := s3uri.Split(uri)
	if !ok {
		return "", "", &Error{Code: "InvalidURI", URI: uri, err: errors.New("not a URI of Amazon S3")}
	}
	return bucket, key, nil
}

func refused(uri string, err error) error {
	refusal := &Error{URI: uri, err: err}
	if known, ok := errors.AsType[*s3types.NoSuchKey](err); ok {
		refusal.Code = known.ErrorCode()
	} else if api, ok := errors.AsType[smithy.APIError](err); ok {
		refusal.Code = api.ErrorCode()
	}
	return refusal
}
