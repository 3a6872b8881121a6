// Package modelprefix manages the archives under the prefix of a multi-model endpoint. An archive is never overwritten:
// containers keep models in memory by their names, and would go on with the old one.
package modelprefix

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// suffix ends the names of archives, as SageMaker wants it.
const suffix = ".tar.gz"

// hashKey is the metadata of an object that holds the SHA-256 of its content.
const hashKey = "sha256"

// ErrExists is returned for a name that an archive has already.
var ErrExists = errors.New("there is a model of this name already; choose another, such as one with a version")

// ErrRemoved is returned for a name that an archive had. Containers that loaded it would answer with the old content.
var ErrRemoved = errors.New("a model of this name was removed, and instances that have loaded it may go on answering " +
	"with it; choose another name, such as one with a version")

// ErrNone is returned for a name that no archive has.
var ErrNone = errors.New("there is no model of this name")

// namePattern is one name, or several with slashes between them, such as a folder for each tenant. It leaves out what a
// shell or a URL would stumble over, and what leads out of the prefix.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

// maxName is the longest name in characters, suffix included. It leaves room for prefixes in the 1,024 bytes of a key.
const maxName = 200

// Prefix is a place in Amazon S3 where a multi-model endpoint finds its archives.
type Prefix struct {
	// S3 reads and writes the bucket.
	S3 *s3.Client
	// Bucket is the bucket's name.
	Bucket string
	// Key begins the archives' keys. It is empty or ends with a slash.
	Key string
}

// Model is an archive under a prefix.
type Model struct {
	// Name is what a request names as its target: the key without the prefix.
	Name string
	// Size is in bytes.
	Size int64
	// SHA256 is the hash of the content in hexadecimal digits; empty when another program has put it there.
	SHA256 string
	// Added is when it was put there.
	Added time.Time
}

// Add uploads an archive of at most 5 GiB under a name, with its checksum. The name is one, or several with slashes
// between them. Add returns ErrExists when there is an archive of that name, and ErrRemoved when there was one, as long
// as the bucket keeps versions of it.
func (p Prefix) Add(ctx context.Context, name, path string) (*Model, error) {
	target := strings.TrimSuffix(name, suffix) + suffix
	if !namePattern.MatchString(name) || len(target) > maxName {
		return nil, fmt.Errorf("model %q: the name must have letters, digits, dots, hyphens and underscores, and begin with "+
			"a letter or digit, as must what follows a slash; at most %d characters with %s", name, maxName, suffix)
	}
	added, err := p.add(ctx, target, path)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	return added, nil
}

func (p Prefix) add(ctx context.Context, target, path string) (*Model, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	size, digest, err := readArchive(file)
	if err != nil {
		return nil, err
	}
	if err := p.checkUnused(ctx, target); err != nil {
		return nil, err
	}
	sum := hex.EncodeToString(digest)
	_, err = p.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &p.Bucket, Key: aws.String(p.Key + target), Body: file, ContentType: aws.String("application/gzip"),
		// Amazon S3 refuses the object when its content is not this, and when there is one.
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(digest)),
		IfNoneMatch:    aws.String("*"),
		Metadata:       map[string]string{hashKey: sum},
	})
	if refusal, ok := errors.AsType[smithy.APIError](err); ok && refusal.ErrorCode() == "PreconditionFailed" {
		return nil, ErrExists
	}
	if err != nil {
		return nil, err
	}
	return &Model{Name: target, Size: size, SHA256: sum, Added: time.Now()}, nil
}

// checkUnused returns an error for a name that an archive has or had.
func (p Prefix) checkUnused(ctx context.Context, target string) error {
	key := p.Key + target
	// Keys are listed in their order, so that this one stands before those that it begins.
	listed, err := p.S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &p.Bucket, Prefix: &key})
	if err != nil {
		return err
	}
	used := false
	for i := range listed.Versions {
		if v := &listed.Versions[i]; aws.ToString(v.Key) == key {
			if aws.ToBool(v.IsLatest) {
				return ErrExists
			}
			used = true
		}
	}
	for _, marker := range listed.DeleteMarkers {
		used = used || aws.ToString(marker.Key) == key
	}
	if used {
		return ErrRemoved
	}
	return nil
}

// List lists the archives in the order of their names.
func (p Prefix) List(ctx context.Context) ([]Model, error) {
	var models []Model
	pages := s3.NewListObjectsV2Paginator(p.S3, &s3.ListObjectsV2Input{Bucket: &p.Bucket, Prefix: &p.Key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("models under s3://%s/%s: %w", p.Bucket, p.Key, err)
		}
		for _, object := range page.Contents {
			name := strings.TrimPrefix(aws.ToString(object.Key), p.Key)
			if !strings.HasSuffix(name, suffix) {
				continue
			}
			head, err := p.head(ctx, name)
			if err != nil {
				return nil, err
			}
			models = append(models, Model{
				Name: name, Size: aws.ToInt64(object.Size), SHA256: head.Metadata[hashKey],
				Added: aws.ToTime(object.LastModified),
			})
		}
	}
	return models, nil
}

// Remove deletes an archive, whose name cannot be used again. Containers that have loaded it answer with it until they
// unload it. It returns ErrNone when there is none of that name.
func (p Prefix) Remove(ctx context.Context, name string) error {
	target := strings.TrimSuffix(name, suffix) + suffix
	if _, err := p.head(ctx, target); err != nil {
		return err
	}
	_, err := p.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &p.Bucket, Key: aws.String(p.Key + target)})
	if err != nil {
		return fmt.Errorf("model %q: %w", name, err)
	}
	return nil
}

func (p Prefix) head(ctx context.Context, target string) (*s3.HeadObjectOutput, error) {
	head, err := p.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &p.Bucket, Key: aws.String(p.Key + target)})
	if _, missing := errors.AsType[*types.NotFound](err); missing {
		return nil, fmt.Errorf("model %q: %w", target, ErrNone)
	}
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", target, err)
	}
	return head, nil
}
