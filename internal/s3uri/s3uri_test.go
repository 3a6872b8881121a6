package s3uri_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/s3uri"
)

func TestAURIIsABucketAndAKey(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]struct {
		bucket, key string
		ok          bool
	}{
		"s3://bucket/a/b.csv": {"bucket", "a/b.csv", true},
		"s3://bucket/a/":      {"bucket", "a/", true},
		"s3://bucket//a":      {"bucket", "/a", true},
		"s3://bucket/":        {"bucket", "", true},
		"s3://bucket":         {"bucket", "", true},
		"s3:///key":           {"", "key", false},
		"bucket/key":          {"bucket", "key", false},
		"S3://bucket/key":     {"S3:", "/bucket/key", false},
		"":                    {"", "", false},
	} {
		bucket, key, ok := s3uri.Split(uri)
		assert.Equal(t, want.bucket, bucket, uri)
		assert.Equal(t, want.key, key, uri)
		assert.Equal(t, want.ok, ok, uri)
	}
}
