package smoke

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"sagehost/kit/s3uri"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"sagehost/kit/check"
)

// DefaultAsyncTimeout is how long to wait for an asynchronous answer: an endpoint without instances needs some minutes
// to get one.
const DefaultAsyncTimeout = 15 * time.Minute

// The wait before the next look for an answer is twice the one before, between these.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = time.Second
)

// onceAsync puts the request where the endpoint reads it, and waits for the answer or the failure.
func (t *Test) onceAsync(ctx context.Context, a asked) (answer, time.Duration, error) {
	limit := t.AsyncTimeout
	if limit == 0 {
		limit = DefaultAsyncTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer came within %s", limit))
	defer cancel()
	input, err := t.upload(ctx, a.Body)
	if err != nil {
		return answer{}, 0, err
	}
	began := time.Now()
	accepted, err := t.Runtime.InvokeEndpointAsync(ctx, &sagemakerruntime.InvokeEndpointAsyncInput{
		EndpointName: &t.Endpoint.Name, InputLocation: &input, ContentType: aws.String(a.contentType()),
		Accept: check.TextOrNil(a.Accept),
	})
	if err != nil {
		return answer{}, time.Since(began), fmt.Errorf("not accepted: %w", err)
	}
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		for _, place := range []struct {
			uri    *string
			status int
		}{{accepted.OutputLocation, http.StatusOK}, {accepted.FailureLocation, 0}} {
			body, there, err := t.read(ctx, aws.ToString(place.uri))
			if there || err != nil && ctx.Err() == nil {
				return answer{status: place.status, body: body}, time.Since(began), err
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return answer{}, time.Since(began), context.Cause(ctx)
		}
	}
}

// upload puts a request under the hash of its content, so that runs leave no more than one object for each request.
func (t *Test) upload(ctx context.Context, body string) (string, error) {
	folder := t.Input
	if folder == "" {
		bucket, _, _ := s3uri.Split(aws.ToString(t.Endpoint.Async.S3OutputPath))
		folder = "s3://" + bucket + "/" + t.Endpoint.Name + "/async-input"
	}
	folder = s3uri.Normalize(folder)
	sum := sha256.Sum256([]byte(body))
	uri := strings.TrimSuffix(folder, "/") + "/smoke/" + hex.EncodeToString(sum[:])
	bucket, key, _ := s3uri.Split(uri)
	_, err := t.Objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		return "", fmt.Errorf("request %s: %w", uri, err)
	}
	return uri, nil
}

// read is an object, if it is there. Who may not list a bucket is refused what is not there.
func (t *Test) read(ctx context.Context, uri string) (body string, there bool, err error) {
	if uri == "" {
		return "", false, nil
	}
	bucket, key, _ := s3uri.Split(uri)
	out, err := t.Objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if refused, ok := errors.AsType[*smithyhttp.ResponseError](err); ok &&
		(refused.HTTPStatusCode() == http.StatusNotFound || refused.HTTPStatusCode() == http.StatusForbidden) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("answer %s: %w", uri, err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(io.LimitReader(out.Body, maxBody))
	if err != nil {
		return "", false, fmt.Errorf("answer %s: %w", uri, err)
	}
	return string(text), true, nil
}
