package faults

import "net/http"

// s3Level is what a request to S3 is for.
type s3Level int

const (
	onService s3Level = iota
	onBucket
	onObject
)

// s3Request is what tells S3's operations apart.
type s3Request struct {
	method      string
	level       s3Level
	subresource string
}

// s3Operations is the operations of S3 that have a name of their own. Those on one property of a bucket or an object,
// such as its tags, are in s3Properties.
var s3Operations = map[s3Request]string{
	{http.MethodGet, onService, ""}: "ListBuckets",

	{http.MethodPut, onBucket, ""}:          "CreateBucket",
	{http.MethodHead, onBucket, ""}:         "HeadBucket",
	{http.MethodDelete, onBucket, ""}:       "DeleteBucket",
	{http.MethodGet, onBucket, ""}:          "ListObjects",
	{http.MethodGet, onBucket, "list-type"}: "ListObjectsV2",
	{http.MethodGet, onBucket, "versions"}:  "ListObjectVersions",
	{http.MethodGet, onBucket, "uploads"}:   "ListMultipartUploads",
	{http.MethodPost, onBucket, "delete"}:   "DeleteObjects",

	{http.MethodGet, onObject, ""}:            "GetObject",
	{http.MethodHead, onObject, ""}:           "HeadObject",
	{http.MethodPut, onObject, ""}:            "PutObject",
	{http.MethodDelete, onObject, ""}:         "DeleteObject",
	{http.MethodPost, onObject, "uploads"}:    "CreateMultipartUpload",
	{http.MethodPut, onObject, "uploadId"}:    "UploadPart",
	{http.MethodGet, onObject, "uploadId"}:    "ListParts",
	{http.MethodPost, onObject, "uploadId"}:   "CompleteMultipartUpload",
	{http.MethodDelete, onObject, "uploadId"}: "AbortMultipartUpload",

	{http.MethodDelete, onBucket, "lifecycle"}: "DeleteBucketLifecycle",
}

// s3Parameters is the parameters that are no part of a bucket or an object even when they are empty.
var s3Parameters = map[string]bool{
	"continuation-token": true, "delimiter": true, "encoding-type": true, "key-marker": true, "marker": true,
	"prefix": true, "start-after": true, "upload-id-marker": true, "versionId": true, "version-id-marker": true,
}

// s3Verbs starts the names of the operations on properties.
var s3Verbs = map[string]string{http.MethodGet: "Get", http.MethodPut: "Put", http.MethodDelete: "Delete"}

// s3Properties ends the names of the operations on properties.
var s3Properties = map[s3Level]map[string]string{
	onBucket: {
		"accelerate":        "BucketAccelerateConfiguration",
		"acl":               "BucketAcl",
		"cors":              "BucketCors",
		"encryption":        "BucketEncryption",
		"lifecycle":         "BucketLifecycleConfiguration",
		"location":          "BucketLocation",
		"logging":           "BucketLogging",
		"notification":      "BucketNotificationConfiguration",
		"object-lock":       "ObjectLockConfiguration",
		"ownershipControls": "BucketOwnershipControls",
		"policy":            "BucketPolicy",
		"policyStatus":      "BucketPolicyStatus",
		"publicAccessBlock": "PublicAccessBlock",
		"replication":       "BucketReplication",
		"requestPayment":    "BucketRequestPayment",
		"tagging":           "BucketTagging",
		"versioning":        "BucketVersioning",
		"website":           "BucketWebsite",
	},
	onObject: {
		"acl":        "ObjectAcl",
		"attributes": "ObjectAttributes",
		"legal-hold": "ObjectLegalHold",
		"retention":  "ObjectRetention",
		"tagging":    "ObjectTagging",
	},
}

func s3Property(method string, level s3Level, subresource string) string {
	verb, property := s3Verbs[method], s3Properties[level][subresource]
	if verb == "" || property == "" {
		return ""
	}
	return verb + property
}
