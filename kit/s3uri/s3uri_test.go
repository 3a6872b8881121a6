package s3uri_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/kit/s3uri"
)

func TestEveryFormOfAURINamesABucketAndAKey(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]s3uri.Location{
		"s3://bucket/a/b.csv":   {Bucket: "bucket", Key: "a/b.csv"},
		"s3://bucket/a/":        {Bucket: "bucket", Key: "a/"},
		"s3://bucket//a":        {Bucket: "bucket", Key: "/a"},
		"s3://bucket/":          {Bucket: "bucket"},
		"s3://bucket":           {Bucket: "bucket"},
		"s3://bucket/100%25?#+": {Bucket: "bucket", Key: "100%25?#+"},

		"https://bucket.s3.eu-west-1.amazonaws.com/a/b.csv":           {"bucket", "a/b.csv", "eu-west-1"},
		"https://bucket.s3.eu-west-1.amazonaws.com/":                  {"bucket", "", "eu-west-1"},
		"https://bucket.s3.eu-west-1.amazonaws.com":                   {"bucket", "", "eu-west-1"},
		"https://bucket.s3.eu-west-1.amazonaws.com:443/a":             {"bucket", "a", "eu-west-1"},
		"https://my.bucket.s3.eu-west-1.amazonaws.com/a":              {"my.bucket", "a", "eu-west-1"},
		"https://a.s3.s3.eu-west-1.amazonaws.com/a":                   {"a.s3", "a", "eu-west-1"},
		"https://bucket.s3.eu-west-1.amazonaws.com/a%20b%25/c+d":      {"bucket", "a b%/c+d", "eu-west-1"},
		"https://BUCKET.S3.EU-WEST-1.amazonaws.com/A":                 {"bucket", "A", "eu-west-1"},
		"https://bucket.s3-us-west-2.amazonaws.com/a":                 {"bucket", "a", "us-west-2"},
		"https://bucket.s3.amazonaws.com/a":                           {"bucket", "a", ""},
		"https://bucket.s3.dualstack.eu-west-1.amazonaws.com/a":       {"bucket", "a", "eu-west-1"},
		"https://bucket.s3-fips.us-gov-west-1.amazonaws.com/a":        {"bucket", "a", "us-gov-west-1"},
		"https://bucket.s3-fips.dualstack.us-east-2.amazonaws.com/a":  {"bucket", "a", "us-east-2"},
		"https://bucket.s3.cn-north-1.amazonaws.com.cn/a":             {"bucket", "a", "cn-north-1"},
		"https://bucket.s3.dualstack.cn-north-1.amazonaws.com.cn/a":   {"bucket", "a", "cn-north-1"},
		"https://bucket.s3.us-iso-east-1.c2s.ic.gov/a":                {"bucket", "a", "us-iso-east-1"},
		"https://bucket.s3.eusc-de-east-1.amazonaws.eu/a":             {"bucket", "a", "eusc-de-east-1"},
		"https://s3.eu-west-1.amazonaws.com/bucket/a/b.csv":           {"bucket", "a/b.csv", "eu-west-1"},
		"https://s3.eu-west-1.amazonaws.com/bucket/":                  {"bucket", "", "eu-west-1"},
		"https://s3.eu-west-1.amazonaws.com/bucket":                   {"bucket", "", "eu-west-1"},
		"https://s3.eu-west-1.amazonaws.com/Old_Bucket/a":             {"Old_Bucket", "a", "eu-west-1"},
		"https://s3-eu-west-1.amazonaws.com/bucket/a":                 {"bucket", "a", "eu-west-1"},
		"https://s3.amazonaws.com/bucket/a":                           {"bucket", "a", ""},
		"https://s3-external-1.amazonaws.com/bucket/a":                {"bucket", "a", "us-east-1"},
		"https://s3.dualstack.eu-west-1.amazonaws.com/bucket/a":       {"bucket", "a", "eu-west-1"},
		"https://s3-fips.dualstack.us-east-1.amazonaws.com/bucket/a":  {"bucket", "a", "us-east-1"},
		"https://s3.cn-northwest-1.amazonaws.com.cn/bucket/a%2Bb/c/":  {"bucket", "a+b/c/", "cn-northwest-1"},
		"https://s3.dualstack.cn-north-1.amazonaws.com.cn/bucket/a//": {"bucket", "a//", "cn-north-1"},
	} {
		at, ok := s3uri.Parse(uri)
		assert.True(t, ok, uri)
		assert.Equal(t, want, at, uri)
	}
}

func TestWhatNamesNoBucketIsNoURIOfAmazonS3(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{
		"", "bucket/key", "s3://", "s3:///key", "S3://bucket/key", "http://bucket.s3.eu-west-1.amazonaws.com/a",
		"https://", "https://example.com/a", "https://s3.eu-west-1.amazonaws.com", "https://s3.eu-west-1.amazonaws.com/",
		"https://bucket.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=1", "https://bucket.s3.eu-west-1.amazonaws.com/a#b",
		"https://bucket.s3.eu-west-1.amazonaws.com/a?", "https://user@bucket.s3.eu-west-1.amazonaws.com/a",
		"https://bucket.s3.eu-west-1.amazonaws.com:8443/a", "https://bucket.s3.eu-west-1.amazonaws.com/%zz",
		"https://bucket.s3.eu-west-1.amazonaws.com.example.com/a", "https://bucket.s3.amazonaws.example/a",
		"https://bucket.s3-website.eu-west-1.amazonaws.com/a", "https://buckets3.eu-west-1.amazonaws.com/a",
		"https://console.aws.amazon.com/s3/buckets/bucket",
	} {
		_, ok := s3uri.Parse(uri)
		assert.False(t, ok, uri)
		assert.Equal(t, uri, s3uri.Normalize(uri))
	}
}

func TestAllFormsOfALocationAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bucket := rapid.StringMatching(`[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]`).Draw(t, "bucket")
		key := rapid.StringMatching(`[a-zA-Z0-9/._-]{0,20}`).Draw(t, "key")
		want := "s3://" + bucket + "/" + key
		for _, uri := range []string{
			want, "https://" + bucket + ".s3.eu-west-1.amazonaws.com/" + key, "https://s3.amazonaws.com/" + bucket + "/" + key,
		} {
			assert.Equal(t, want, s3uri.Normalize(uri))
		}
	})
}

func TestAFolderOrABucketIsAPrefixAndAnObjectIsNone(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"": true, "a/": true, "a": false, "a/b.csv": false} {
		assert.Equal(t, want, s3uri.Location{Bucket: "bucket", Key: key}.IsPrefix(), key)
	}
}

func TestABucketsNameFollowsTheRulesOfAmazonS3(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"abc": true, "my.bucket-1": true, "ab": false, "Bucket": false, "a_bucket": false, "-bucket": false, "bucket.": false,
		"192.168.1.1": false, "1.2.3": true, "a..b": false,
	} {
		assert.Equal(t, want, s3uri.Location{Bucket: name}.NamesBucket(), name)
	}
}
