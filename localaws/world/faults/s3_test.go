package faults

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOperationsOfS3AreToldApart(t *testing.T) {
	t.Parallel()
	tests := []struct{ method, target, want string }{
		{"GET", "/", "ListBuckets"},
		{"GET", "/?x-id=ListBuckets", "ListBuckets"},
		{"POST", "/", ""},
		{"PUT", "/b", "CreateBucket"},
		{"PUT", "/b/", "CreateBucket"},
		{"HEAD", "/b", "HeadBucket"},
		{"DELETE", "/b", "DeleteBucket"},
		{"GET", "/b", "ListObjects"},
		{"GET", "/b?prefix=&delimiter=&marker=", "ListObjects"},
		{"GET", "/b?list-type=2&prefix=p", "ListObjectsV2"},
		{"GET", "/b?list-type=2&prefix=&start-after=&continuation-token=", "ListObjectsV2"},
		{"GET", "/b?versions", "ListObjectVersions"},
		{"GET", "/b?uploads=", "ListMultipartUploads"},
		{"POST", "/b?delete", "DeleteObjects"},
		{"GET", "/b?location", "GetBucketLocation"},
		{"PUT", "/b?tagging", "PutBucketTagging"},
		{"DELETE", "/b?lifecycle", "DeleteBucketLifecycle"},
		{"GET", "/b?publicAccessBlock", "GetPublicAccessBlock"},
		{"GET", "/b?unheard-of", ""},
		{"PATCH", "/b?tagging", ""},
		{"POST", "/b", ""},
		{"GET", "/b/k", "GetObject"},
		{"GET", "/b/a/k?versionId=&partNumber=1&response-content-type=x&x-id=GetObject", "GetObject"},
		{"HEAD", "/b/k", "HeadObject"},
		{"PUT", "/b/k?x-id=PutObject", "PutObject"},
		{"DELETE", "/b/k?versionId=v", "DeleteObject"},
		{"POST", "/b/k?uploads", "CreateMultipartUpload"},
		{"PUT", "/b/k?partNumber=1&uploadId=u", "UploadPart"},
		{"GET", "/b/k?uploadId=u", "ListParts"},
		{"POST", "/b/k?uploadId=u", "CompleteMultipartUpload"},
		{"DELETE", "/b/k?uploadId=u", "AbortMultipartUpload"},
		{"GET", "/b/k?tagging", "GetObjectTagging"},
		{"GET", "/b/k?acl&tagging", ""},
		{"POST", "/b/k?select&select-type=2", ""},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, recognise(signed(test.method, test.target, "s3", "")).operation(),
			"%s %s", test.method, test.target)
	}
}

func TestCopiesAreToldFromUploads(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/b/k": "CopyObject", "/b/k?partNumber=1&uploadId=u": "UploadPartCopy", "/b/k?tagging": "PutObjectTagging",
	} {
		r := signed("PUT", target, "s3", "")
		r.Header.Set("X-Amz-Copy-Source", "b/other")
		assert.Equal(t, want, recognise(r).operation())
	}
}

func TestTheBucketIsInTheHostOrInThePath(t *testing.T) {
	t.Parallel()
	tests := []struct{ host, path, want string }{
		{"127.0.0.1:4566", "/b/a/k", "b/a/k"},
		{"127.0.0.1:4566", "/b", "b"},
		{"127.0.0.1:4566", "/b/a%2Fk%20c", "b/a/k c"},
		{"[::1]:4566", "/b/k", "b/k"},
		{"localhost:4566", "/b/k", "b/k"},
		{"gateway", "/b/k", "b/k"},
		{"b.localhost:4566", "/a/k", "b/a/k"},
		{"b.localhost", "/", "b"},
		{"b.test:80", "/k", "b/k"},
		{"s3.amazonaws.com", "/b/k", "b/k"},
		{"s3.eu-west-1.amazonaws.com", "/b/k", "b/k"},
		{"s3-eu-west-1.amazonaws.com", "/b/k", "b/k"},
		{"b.s3.amazonaws.com", "/k", "b/k"},
		{"b.c.s3.eu-west-1.amazonaws.com", "/k", "b.c/k"},
		{"b.s3-eu-west-1.amazonaws.com", "/k", "b/k"},
		{"other.amazonaws.com", "/b/k", "b/k"},
	}
	for _, test := range tests {
		r := signed("GET", test.path, "s3", "")
		r.Host = test.host
		assert.Equal(t, []string{test.want}, recognise(r).resources(), "%s%s", test.host, test.path)
	}
}
