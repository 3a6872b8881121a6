package transform

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"sagehost/kit/s3uri"
)

// source is one object to transform.
type source struct {
	// index is its place in the input.
	index int
	uri   string
	// name is the key relative to the folder of the prefix, or to the prefix of the manifest.
	name string
	// size is in bytes; -1 for objects of a manifest.
	size int64
}

// measure counts the input for the progress. It fails when there is none.
func (r *run) measure(ctx context.Context, role string) error {
	var count, size int64
	err := r.each(ctx, func(s source) error {
		count++
		size += max(s.size, 0)
		return nil
	})
	if err != nil {
		return err
	}
	if count == 0 {
		return errors.New(noObjects(r.job.Region, r.uri, role))
	}
	r.job.progress.totalObjects.Store(count)
	r.job.progress.totalBytes.Store(size)
	return nil
}

// each goes through the input in order. Objects are listed anew each time: their list may be long.
func (r *run) each(ctx context.Context, visit func(source) error) error {
	if r.manifest {
		return r.eachOfManifest(ctx, visit)
	}
	bucket, key, _ := s3uri.Split(r.uri)
	folder := "s3://" + bucket + "/" + key[:strings.LastIndex(key, "/")+1]
	index := 0
	for entry, err := range r.options.Objects.List(ctx, r.job.Region, r.uri) {
		if err != nil {
			return &failure{uri: r.uri, err: err}
		}
		s := source{index: index, uri: entry.URI, name: strings.TrimPrefix(entry.URI, folder), size: entry.Size}
		if err := visit(s); err != nil {
			return err
		}
		index++
	}
	return nil
}

var errManifest = errors.New(`the manifest is not a JSON array of {"prefix": "s3://..."} and relative paths`)

// eachOfManifest reads a manifest as TransformS3DataSource describes it: its paths follow the prefix as they are.
func (r *run) eachOfManifest(ctx context.Context, visit func(source) error) error {
	object, err := r.options.Objects.Get(ctx, r.job.Region, r.uri)
	if err != nil {
		return &failure{uri: r.uri, err: err}
	}
	defer object.Body.Close()
	prefix, names, err := parseManifest(object.Body)
	if err != nil {
		return &failure{uri: r.uri, err: err}
	}
	for i, name := range names {
		if err := visit(source{index: i, uri: prefix + name, name: strings.TrimPrefix(name, "/"), size: -1}); err != nil {
			return err
		}
	}
	return nil
}

func parseManifest(content io.Reader) (prefix string, names []string, err error) {
	var elements []json.RawMessage
	if err := json.NewDecoder(content).Decode(&elements); err != nil {
		return "", nil, fmt.Errorf("%w: %w", errManifest, err)
	}
	var head struct {
		Prefix string `json:"prefix"`
	}
	if len(elements) == 0 || json.Unmarshal(elements[0], &head) != nil {
		return "", nil, errManifest
	}
	if _, _, ok := s3uri.Split(head.Prefix); !ok {
		return "", nil, errManifest
	}
	for _, element := range elements[1:] {
		var name string
		if json.Unmarshal(element, &name) != nil || name == "" {
			return "", nil, errManifest
		}
		names = append(names, name)
	}
	return s3uri.Normalize(head.Prefix), names, nil
}

// errEmpty says that an object has no content, so that there is nothing to predict.
var errEmpty = errors.New("the object has no content")

// content is an object that is being read.
type content struct {
	io.Reader
	stored *counting
}

// Close ends the reading. What was read is complete without it.
func (c *content) Close() { c.stored.Close() }

// counting counts the bytes of an object as they are stored.
type counting struct {
	io.ReadCloser
	total *atomic.Int64
	read  int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.read += int64(n)
	c.total.Add(int64(n))
	return n, err
}

// open opens an object. The caller closes it.
func (r *run) open(ctx context.Context, s source) (*content, error) {
	object, err := r.options.Objects.Get(ctx, r.job.Region, s.uri)
	if err != nil {
		return nil, err
	}
	if object.Size == 0 {
		object.Body.Close()
		return nil, errEmpty
	}
	stored := &counting{ReadCloser: object.Body, total: &r.job.progress.bytes}
	c := &content{Reader: stored, stored: stored}
	if r.compressed {
		unzipped, err := gzip.NewReader(stored)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.Reader = unzipped
	}
	return c, nil
}
