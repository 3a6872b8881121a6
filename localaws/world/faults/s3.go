package faults

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// S3Request tells which operation of S3 a request is for, on which bucket and object. The operation is empty when it is
// not known, and so is the bucket of a request for another service.
func S3Request(r *http.Request) (operation, bucket, key string) {
	q := recognise(r)
	if q.protocol != restXML {
		return "", "", ""
	}
	return q.operation(), q.bucket, q.key
}

// bucketAndKey finds the bucket in the host or at the start of the path, by the rules that moto has.
func bucketAndKey(r *http.Request) (bucket, key string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if bucket := bucketOfHost(r.Host); bucket != "" {
		return bucket, path
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}

// bucketOfHost is the bucket of "bucket.s3.eu-west-1.amazonaws.com" or "bucket.localhost:4566"; empty for an address
// and for the host of all buckets.
func bucketOfHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if net.ParseIP(strings.Trim(host, "[]")) != nil || strings.HasPrefix(host, "localhost") ||
		strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") {
		return ""
	}
	for _, service := range []string{".s3.", ".s3-"} {
		if at := strings.LastIndex(host, service); at >= 0 {
			return host[:at]
		}
	}
	bucket, _, dotted := strings.Cut(host, ".")
	if !dotted || strings.HasSuffix(host, ".amazonaws.com") {
		return ""
	}
	return bucket
}

// s3Operation is the name of S3's operation; empty when it is not known.
func s3Operation(r *http.Request, bucket, key string) string {
	subresource, ok := subresourceOf(r.URL.Query())
	if !ok {
		return ""
	}
	level := onObject
	switch {
	case bucket == "":
		level = onService
	case key == "":
		level = onBucket
	}
	name := s3Operations[s3Request{r.Method, level, subresource}]
	if r.Header.Get("X-Amz-Copy-Source") != "" {
		switch name {
		case "PutObject":
			return "CopyObject"
		case "UploadPart":
			return "UploadPartCopy"
		}
	}
	if name == "" && subresource != "" {
		name = s3Property(r.Method, level, subresource)
	}
	return name
}

// subresourceOf is the part of a bucket or an object that a request is about: the parameter without a value, or one of
// two that have one. It is not ok when there are several.
func subresourceOf(parameters url.Values) (name string, ok bool) {
	for parameter, values := range parameters {
		isPart := parameter == "uploadId" || parameter == "list-type" ||
			values[0] == "" && !s3Parameters[parameter] && !strings.HasPrefix(strings.ToLower(parameter), "x-amz-")
		if isPart && name != "" {
			return "", false
		}
		if isPart {
			name = parameter
		}
	}
	return name, true
}
