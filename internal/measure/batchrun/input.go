package batchrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sagehost/kit/s3uri"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Place is what an execution reads: one object, or all beneath a prefix.
type Place struct {
	Bucket string `json:"bucket"`
	// Prefix begins the objects' keys; empty when Key is given.
	Prefix string `json:"prefix,omitempty"`
	// Key is one object's.
	Key string `json:"key,omitempty"`
}

// URI is the place as an s3:// URI.
func (p Place) URI() string { return "s3://" + p.Bucket + "/" + p.Prefix + p.Key }

// Size is how much there is at a place.
type Size struct {
	// Objects counts those that are not empty; Bytes are as stored.
	Objects, Bytes int64
}

// executionInput is what the state machine is started with. Without a place it takes the declared input.
type executionInput struct {
	Input *Place `json:"input,omitempty"`
}

func (i executionInput) String() string {
	text, err := json.Marshal(i)
	if err != nil {
		return "{}" // a place is nothing but texts
	}
	return string(text)
}

// input is the place that the user names, which must hold something and be where the batch may read; for an empty URI
// the declared input.
func (b *Batch) input(ctx context.Context, uri string) (*Place, error) {
	if uri == "" {
		size, err := b.size(ctx, b.Input)
		if err == nil && (size == nil || size.Objects == 0) {
			err = fmt.Errorf("there are no objects with content beneath %s, the declared input", b.Input.URI())
		}
		return nil, err
	}
	bucket, key, ok := s3uri.Split(uri)
	if !ok || key == "" {
		return nil, fmt.Errorf("input %q is not an object or a prefix in Amazon S3; expected one like %q",
			uri, b.example())
	}
	readable := b.readable()
	if !slices.ContainsFunc(readable, func(p Place) bool { return p.holds(bucket, key) }) {
		return nil, fmt.Errorf("input %s: the batch may read only beneath %s", uri, uris(readable))
	}
	place := Place{Bucket: bucket, Key: key}
	size, err := b.size(ctx, place)
	if size == nil && err == nil {
		// No object has this very key: it is a folder's.
		place = Place{Bucket: bucket, Prefix: strings.TrimSuffix(key, "/") + "/"}
		size, err = b.size(ctx, place)
	}
	if err == nil && size.Objects == 0 {
		err = fmt.Errorf("input %s: there is nothing, or only empty objects", uri)
	}
	if err != nil {
		return nil, err
	}
	return &place, nil
}

// example is the URI of an object that the batch may read.
func (b *Batch) example() string {
	if b.Input.Key != "" {
		return b.Input.URI()
	}
	return b.Input.URI() + "rows.csv"
}

// readable are the places that the role of the batch's model may read.
func (b *Batch) readable() []Place {
	places := []Place{b.Input}
	for _, folder := range []string{"input/", EvaluationFolder} {
		if own := (Place{Bucket: b.Bucket, Prefix: b.Folder() + folder}); own != places[0] {
			places = append(places, own)
		}
	}
	return places
}

// uris names places.
func uris(places []Place) string {
	var all []string
	for _, place := range places {
		all = append(all, place.URI())
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last]
}

// holds reports whether a key is the place's own or beneath its prefix, by whole names: beneath "in" is "in/a", not
// "inn".
func (p Place) holds(bucket, key string) bool {
	if p.Key != "" {
		return bucket == p.Bucket && key == p.Key
	}
	folder := strings.TrimSuffix(p.Prefix, "/")
	return bucket == p.Bucket && (folder == "" || key == folder || strings.HasPrefix(key, folder+"/"))
}

// size is how much there is at a place; nil when it is an object that is not there.
func (b *Batch) size(ctx context.Context, place Place) (*Size, error) {
	if place.Key == "" {
		return b.count(ctx, place, func(string) bool { return true })
	}
	if strings.HasSuffix(place.Key, "/") {
		return nil, nil //nolint:nilnil // consoles make such objects to show folders
	}
	head, err := b.clients.Objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &place.Bucket, Key: &place.Key})
	if _, missing := errors.AsType[*types.NotFound](err); missing {
		return nil, nil //nolint:nilnil // as the comment of the function says
	}
	if err != nil {
		return nil, fmt.Errorf("input %s: %w", place.URI(), err)
	}
	size := &Size{Bytes: aws.ToInt64(head.ContentLength)}
	if size.Bytes > 0 {
		size.Objects = 1
	}
	return size, nil
}

// count counts the objects beneath a prefix whose keys are wanted.
func (b *Batch) count(ctx context.Context, place Place, wanted func(key string) bool) (*Size, error) {
	size := &Size{}
	pages := s3.NewListObjectsV2Paginator(b.clients.Objects, &s3.ListObjectsV2Input{
		Bucket: &place.Bucket, Prefix: &place.Prefix,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("objects beneath %s: %w", place.URI(), err)
		}
		for i := range page.Contents {
			bytes := aws.ToInt64(page.Contents[i].Size)
			if bytes == 0 || !wanted(aws.ToString(page.Contents[i].Key)) {
				continue
			}
			size.Objects++
			size.Bytes += bytes
		}
	}
	return size, nil
}
