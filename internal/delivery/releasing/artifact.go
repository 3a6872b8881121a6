package releasing

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"sagehost/components/model"
	"sagehost/internal/live/objecthash"
	"sagehost/internal/release"
	"sagehost/kit/files"
	"sagehost/kit/s3uri"
)

// maxUpload is how much Amazon S3 takes in one request (PutObject); in parts it would keep no checksum of the whole.
const maxUpload = 5 << 30

// isFile reports whether the archive of a container is a file of this machine.
func isFile(s model.Stage) bool {
	return s.ArtifactFile != "" || s.Artifact != "" && !isURI(s.Artifact)
}

// isURI tells a URI, even one of nothing in Amazon S3, from the path of a file.
func isURI(artifact string) bool { return strings.Contains(artifact, "://") }

// artifact is the archive of a container, uploaded if it is a file; nil where the model is part of the image.
func (o *Options) artifact(
	ctx context.Context, bucket string, s *model.Stage,
) (a *release.Artifact, uploaded bool, err error) {
	switch {
	case isURI(s.Artifact):
		// One form, so that the same object makes the same release.
		uri := s3uri.Normalize(s.Artifact)
		object, err := objecthash.Of(ctx, o.Objects, uri)
		return &release.Artifact{URI: uri, SHA256: object.SHA256, Size: object.Size}, false, err
	case s.Artifact != "":
		return o.upload(ctx, bucket, s.Artifact)
	case s.ArtifactFile != "":
		return o.upload(ctx, bucket, filepath.Join(o.Dir, filepath.FromSlash(s.ArtifactFile)))
	default:
		return nil, false, nil
	}
}

// upload takes a file to releases/<model>/<sha256>/model.tar.gz. That is no key of the stack's own archives, which go
// with the settings that name them.
func (o *Options) upload(ctx context.Context, bucket, path string) (*release.Artifact, bool, error) {
	sum, err := files.SHA256(path)
	if err != nil {
		return nil, false, fmt.Errorf("archive %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, false, fmt.Errorf("archive %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, false, fmt.Errorf("archive %w", err)
	}
	if info.Size() > maxUpload {
		return nil, false, fmt.Errorf("archive %s: has %d bytes; above 5 GiB, put it into Amazon S3 yourself and give "+
			"its URI",
			path, info.Size())
	}
	key := fmt.Sprintf("releases/%s/%s/model.tar.gz", o.Model, sum)
	a := &release.Artifact{URI: "s3://" + bucket + "/" + key, SHA256: sum, Size: info.Size()}
	digest, err := hex.DecodeString(sum)
	if err != nil {
		return nil, false, fmt.Errorf("archive %s: %w", path, err)
	}
	_, err = o.Objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: file, ContentType: aws.String("application/gzip"),
		// Amazon S3 refuses the object when its content is not this, and when there is one.
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(digest)), IfNoneMatch: aws.String("*"),
	})
	if refusal, ok := errors.AsType[smithy.APIError](err); ok && refusal.ErrorCode() == "PreconditionFailed" {
		return a, false, o.verify(ctx, a, path)
	}
	if err != nil {
		return nil, false, fmt.Errorf("archive %s: to %s: %w", path, a.URI, err)
	}
	return a, true, nil
}

// verify refuses an object that is there already and is something else.
func (o *Options) verify(ctx context.Context, a *release.Artifact, path string) error {
	object, err := objecthash.Of(ctx, o.Objects, a.URI)
	if err != nil {
		return err
	}
	if object.SHA256 != a.SHA256 {
		return fmt.Errorf("%s is there and has SHA-256 %s, the file %s has %s", a.URI, object.SHA256, path, a.SHA256)
	}
	return nil
}
