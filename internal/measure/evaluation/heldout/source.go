// Package heldout reads labelled rows that no model has been trained with, one at a time.
package heldout

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/kit/s3uri"
)

// Source is where the rows are. It is read more than once.
type Source struct {
	// Name is how the user calls it; one that ends with ".gz" is unpacked.
	Name string
	// Open opens it as it is stored. The caller closes it.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Objects is what is needed of a client of Amazon S3.
type Objects interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Locate is a file, or an object by its S3 URI.
func Locate(objects Objects, place string) (Source, error) {
	if !strings.Contains(place, "://") {
		return Source{Name: place, Open: func(context.Context) (io.ReadCloser, error) {
			return os.Open(filepath.Clean(place))
		}}, nil
	}
	at, ok := s3uri.Parse(place)
	if !ok || at.IsPrefix() {
		return Source{}, fmt.Errorf("%q is not an object in Amazon S3; expected one like \"s3://bucket/held-out.csv\"", place)
	}
	return Source{Name: place, Open: func(ctx context.Context) (io.ReadCloser, error) {
		object, err := objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &at.Bucket, Key: &at.Key})
		if err != nil {
			return nil, err
		}
		return object.Body, nil
	}}, nil
}

// content is a source that is being read: Read gives it unpacked, while its hash is that of what is stored.
type content struct {
	io.Reader
	stored io.ReadCloser
	hashed io.Reader
	hash   hash.Hash
}

func (s Source) open(ctx context.Context) (*content, error) {
	stored, err := s.Open(ctx)
	if err != nil {
		return nil, err
	}
	c := &content{stored: stored, hash: sha256.New()}
	c.hashed = io.TeeReader(stored, c.hash)
	c.Reader = c.hashed
	if strings.HasSuffix(s.Name, ".gz") {
		if c.Reader, err = gzip.NewReader(c.hashed); err != nil {
			_ = stored.Close()
			return nil, fmt.Errorf("is not compressed with gzip: %w", err)
		}
	}
	return c, nil
}

// sum is the SHA-256 of all that is stored, in hexadecimal digits. It reads what is left.
func (c *content) sum() (string, error) {
	if _, err := io.Copy(io.Discard, c.hashed); err != nil {
		return "", err
	}
	return hex.EncodeToString(c.hash.Sum(nil)), nil
}

// Close ends the reading. What was read is complete without it.
func (c *content) Close() { _ = c.stored.Close() }

// byteOrderMark begins files that some spreadsheets write. It is no part of the first column's name.
var byteOrderMark = []byte("\ufeff")

// unmarked is a text without its byte order mark.
func unmarked(text io.Reader) io.Reader {
	buffered := bufio.NewReaderSize(text, 64<<10)
	// An error comes again with the next read.
	if head, _ := buffered.Peek(len(byteOrderMark)); bytes.Equal(head, byteOrderMark) {
		_, _ = buffered.Discard(len(byteOrderMark))
	}
	return buffered
}
