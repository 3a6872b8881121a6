// Package modelprefix manages the archives under the prefix of a multi-model endpoint. An archive is never overwritten:
// containers keep models in memory by their names, and would go on with the old one.
package modelprefix

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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

// ErrNone is returned for a name that no archive has.
var ErrNone = errors.New("there is no model of this name")

// namePattern leaves out slashes, so that a list is flat, and what a shell or a URL would stumble over.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)

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

// Add uploads an archive under a name, with its checksum. It returns ErrExists when there is one of that name.
func (p Prefix) Add(ctx context.Context, name, path string) (*Model, error) {
	if !namePattern.MatchString(name) {
		return nil, fmt.Errorf("model %q: the name must begin with a letter or digit and have at most 200 letters, digits, "+
			"dots, hyphens and underscores", name)
	}
	target := strings.TrimSuffix(name, suffix) + suffix
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	defer func() { _ = file.Close() }()
	size, digest, err := readArchive(file)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
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
		return nil, fmt.Errorf("model %q: %w", name, ErrExists)
	}
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	return &Model{Name: target, Size: size, SHA256: sum, Added: time.Now()}, nil
}

// readArchive reads a file to its end and back: its size in bytes and the SHA-256 of its content. It refuses what
// SageMaker could not unpack.
func readArchive(file *os.File) (int64, []byte, error) {
	hash := sha256.New()
	content := bufio.NewReader(io.TeeReader(file, hash))
	if err := checkArchive(content); err != nil {
		return 0, nil, fmt.Errorf("%s %w", file.Name(), err)
	}
	// What follows the archive's end is part of the object.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return 0, nil, err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, nil, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return size, hash.Sum(nil), err
}

func checkArchive(content io.Reader) error {
	unpacked, err := gzip.NewReader(content)
	if err != nil {
		return fmt.Errorf("is not a .tar.gz archive: %w", err)
	}
	archive := tar.NewReader(unpacked)
	for files := 0; ; files++ {
		_, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF) && files == 0:
			return errors.New("holds no files")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("is not a .tar.gz archive: %w", err)
		}
	}
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

// Remove deletes an archive. Containers that have loaded it answer with it until they unload it. It returns ErrNone
// when there is none of that name.
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
