// Package s3uri takes the URIs of buckets, objects and prefixes in Amazon S3 apart, in every form that SageMaker takes.
package s3uri

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// Location is an object, or everything beneath a prefix.
type Location struct {
	// Bucket is the bucket's name.
	Bucket string
	// Key is the object's key, or a prefix; empty for the whole bucket.
	Key string
	// Region is the one that an https:// URL names; empty where the URI names none.
	Region string
}

// Both forms of a URL (Amazon S3 User Guide, "Virtual hosting of general purpose buckets") with every kind of endpoint
// (AWS General Reference, "Amazon S3 endpoints and quotas"): of a region, of old with a hyphen or without any region,
// of dual-stack and FIPS; and the suffixes of all partitions (partitions.json of the AWS SDKs).
var host = regexp.MustCompile(`^(?:([a-z0-9][a-z0-9._-]*)\.)?s3(?:-fips)?(?:\.dualstack)?` +
	`(?:[.-]((?:[a-z]+-)+\d+))?\.` +
	`(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$`)

// legacyRegion is the region of the endpoint s3-external-1.amazonaws.com.
const legacyRegion = "us-east-1"

// Parse takes a URI apart: s3://bucket/key, https://bucket.s3.region.amazonaws.com/key or
// https://s3.region.amazonaws.com/bucket/key. Ok is false for anything else, such as a URL with a query.
func Parse(uri string) (at Location, ok bool) {
	if rest, found := strings.CutPrefix(uri, "s3://"); found {
		at.Bucket, at.Key, _ = strings.Cut(rest, "/")
		return at, at.Bucket != ""
	}
	if !strings.HasPrefix(uri, "https://") {
		return at, false
	}
	// A question mark without a query, too, is no part of a key.
	parsed, err := url.Parse(uri)
	if err != nil || parsed.User != nil || strings.ContainsAny(uri, "?#") {
		return at, false
	}
	if port := parsed.Port(); port != "" && port != "443" {
		return at, false
	}
	name := host.FindStringSubmatch(strings.ToLower(parsed.Hostname()))
	if name == nil {
		return at, false
	}
	at.Bucket, at.Region, at.Key = name[1], name[2], strings.TrimPrefix(parsed.Path, "/")
	if at.Region == "external-1" {
		at.Region = legacyRegion
	}
	if at.Bucket == "" {
		at.Bucket, at.Key, _ = strings.Cut(at.Key, "/")
	}
	return at, at.Bucket != ""
}

// String is the location as "s3://bucket/key".
func (l Location) String() string { return "s3://" + l.Bucket + "/" + l.Key }

// IsPrefix reports whether the location is a whole bucket or a folder in it, and not one object.
func (l Location) IsPrefix() bool { return l.Key == "" || strings.HasSuffix(l.Key, "/") }

// bucketName is a general purpose bucket's (Amazon S3 User Guide, "General purpose bucket naming rules").
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// NamesBucket reports whether the bucket's name is one that a bucket can have.
func (l Location) NamesBucket() bool {
	_, notAddress := netip.ParseAddr(l.Bucket)
	return bucketName.MatchString(l.Bucket) && notAddress != nil && !strings.Contains(l.Bucket, "..")
}

// Split is Parse for those who need bucket and key alone.
func Split(uri string) (bucket, key string, ok bool) {
	at, ok := Parse(uri)
	return at.Bucket, at.Key, ok
}

// Normalize turns URLs of objects and prefixes into "s3://bucket/key". What is s3:// already, or nothing in Amazon S3,
// stays as it is.
func Normalize(uri string) string {
	if at, ok := Parse(uri); ok && !strings.HasPrefix(uri, "s3://") {
		return at.String()
	}
	return uri
}
