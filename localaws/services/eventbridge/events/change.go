package events

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/eventbridge/deliveries"
)

// postObject is the operation of forms, as events call it.
const postObject = "POST Object"

// reasons are the operations that there are events for, and what the events call them (Amazon S3 user guide,
// "EventBridge event message structure").
var reasons = map[string]string{
	"PutObject":               "PutObject",
	"CopyObject":              "CopyObject",
	"CompleteMultipartUpload": "CompleteMultipartUpload",
	postObject:                postObject,
	"DeleteObject":            "DeleteObject",
	"DeleteObjects":           "DeleteObject",
}

// object is the object in an event. Its key is not encoded, other than in S3's notifications of other kinds.
type object struct {
	Key       string `json:"key"`
	Size      *int64 `json:"size,omitempty"`
	ETag      string `json:"etag,omitempty"`
	VersionID string `json:"version-id,omitempty"`
	Sequencer string `json:"sequencer"`
}

// detail is the detail of an event of S3.
type detail struct {
	Version string `json:"version"`
	Bucket  struct {
		Name string `json:"name"`
	} `json:"bucket"`
	Object       object `json:"object"`
	RequestID    string `json:"request-id"`
	Requester    string `json:"requester"`
	SourceIP     string `json:"source-ip-address"`
	Reason       string `json:"reason"`
	DeletionType string `json:"deletion-type,omitempty"`
}

// change is a request that changes objects, and its answer.
type change struct {
	operation           string
	region, bucket, key string
	request             *http.Request
	answer              *watched
	// sent gets the beginning of the request's body where that matters.
	sent *head
}

const (
	// maxList is how much of a list of objects to delete, and of its answer, is read, in bytes: 1,000 keys.
	maxList = 4 << 20
	// maxForm is how far into a form its fields may be. S3 takes fields of 20 KB.
	maxForm = 64 << 10
)

// prepare makes copies of what will be needed.
func (c *change) prepare() {
	switch c.operation {
	case "DeleteObjects":
		c.sent, c.answer.copied = &head{most: maxList}, &head{most: maxList}
	case postObject:
		c.sent = &head{most: maxForm}
	default:
		return
	}
	c.request.Body = &teed{c.request.Body, c.sent}
}

// details lists what the events say of the objects.
func (c *change) details(ctx context.Context, r *Router) []detail {
	header := c.answer.Header()
	changed := object{Key: c.key, VersionID: version(header), ETag: strings.Trim(header.Get("ETag"), `"`)}
	switch c.operation {
	case "DeleteObject":
		return []detail{c.detail(changed, deletionType(header.Get("X-Amz-Delete-Marker") == "true"))}
	case "DeleteObjects":
		return c.deleted()
	case "PutObject":
		size := c.request.ContentLength
		if decoded, err := strconv.ParseInt(c.request.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64); err == nil {
			size = decoded
		}
		changed.Size = &size
	case postObject:
		changed.Key = formKey(c.request.Header.Get("Content-Type"), c.sent.kept)
		fallthrough
	default:
		if err := r.look(ctx, c, &changed); err != nil {
			r.logf("%s of %s/%s: %v", c.operation, c.bucket, changed.Key, err)
		}
	}
	return []detail{c.detail(changed, "")}
}

// version is the version that an answer tells; empty when the bucket has none, for which the emulator has two words.
func version(header http.Header) string {
	if id := header.Get("X-Amz-Version-Id"); id != "null" && id != "None" {
		return id
	}
	return ""
}

// look asks S3 for the size and the tag of an object.
func (r *Router) look(ctx context.Context, c *change, changed *object) error {
	input := &s3.HeadObjectInput{Bucket: &c.bucket, Key: &changed.Key}
	if changed.VersionID != "" {
		input.VersionId = &changed.VersionID
	}
	found, err := r.buckets.clients.Of(c.region).HeadObject(ctx, input)
	if err != nil {
		return err
	}
	changed.Size, changed.ETag = found.ContentLength, strings.Trim(aws.ToString(found.ETag), `"`)
	return nil
}

func (c *change) detail(changed object, deletion string) detail {
	d := detail{
		Version: "0", Object: changed, Requester: protocol.Account, Reason: reasons[c.operation], DeletionType: deletion,
		RequestID: cmp.Or(c.answer.Header().Get("X-Amz-Request-Id"), deliveries.NewUUID()),
	}
	d.Bucket.Name = c.bucket
	d.SourceIP, _, _ = net.SplitHostPort(c.request.RemoteAddr)
	return d
}

// sendS3 publishes an event of S3.
func (r *Router) sendS3(ctx context.Context, about change, of detail) error {
	now := r.options.Clock.Now()
	of.Object.Sequencer = r.sequence(now.UnixNano())
	kind := "Object Created"
	if of.DeletionType != "" {
		kind = "Object Deleted"
	}
	bucketARN := fmt.Sprintf("arn:%s:s3:::%s", protocol.Partition(about.region), about.bucket)
	event := newEvent(deliveries.NewUUID(), about.region, "aws.s3", kind, now, []string{bucketARN}, of)
	return r.publish(ctx, defaultBus, event, now)
}

// sequence is a hexadecimal number that is greater than all before it.
func (r *Router) sequence(nanoseconds int64) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sequenced = max(r.sequenced+1, nanoseconds)
	return fmt.Sprintf("%018X", r.sequenced)
}
