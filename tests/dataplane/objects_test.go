package dataplane_test

import (
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// object is the content of an object of the bucket; ok is false when it is not there.
func (w *world) object(uri string) (content string, ok bool) {
	w.tb.Helper()
	got, err := w.s3.GetObject(w.tb.Context(), &s3.GetObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(strings.TrimPrefix(uri, "s3://"+bucket+"/")),
	})
	if err != nil {
		return "", false
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	require.NoError(w.tb, err)
	return string(text), true
}

// awaitObject waits for an object of the bucket.
func (w *world) awaitObject(uri string) string {
	w.tb.Helper()
	var content string
	require.Eventually(w.tb, func() bool {
		text, ok := w.object(uri)
		content = text
		return ok
	}, soon, often, "no object %s", uri)
	return content
}

// keys lists the objects of the bucket below a prefix.
func (w *world) keys(prefix string) []string {
	w.tb.Helper()
	listed, err := w.s3.ListObjectsV2(w.tb.Context(), &s3.ListObjectsV2Input{
		Bucket: aws.String(bucket), Prefix: &prefix,
	})
	require.NoError(w.tb, err)
	var keys []string
	for _, object := range listed.Contents {
		keys = append(keys, *object.Key)
	}
	return keys
}
