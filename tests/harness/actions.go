package harness

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"sagehost/localaws/protocol"
)

// prefixes are those of the IAM actions of services that are signed for under another name.
var prefixes = map[string]string{"monitoring": "cloudwatch"}

// Action is the IAM action that a request to AWS needs, such as "sagemaker:CreateModel"; empty when it is not known.
func Action(r *http.Request) string {
	service := protocol.ScopeOf(r).Service
	if service == "s3" || service == "" {
		return s3Action(r)
	}
	if service == "sagemaker" && strings.HasPrefix(r.URL.Path, "/endpoints/") {
		return invocations[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
	}
	if service == "scheduler" {
		return schedulerAction(r)
	}
	if prefix, ok := prefixes[service]; ok {
		service = prefix
	}
	operation := operationOf(r)
	if operation == "" {
		return ""
	}
	return service + ":" + operation
}

// invocations are the actions of requests to endpoints, by the end of their path.
var invocations = map[string]string{
	"invocations": "sagemaker:InvokeEndpoint", "async-invocations": "sagemaker:InvokeEndpointAsync",
}

// operationOf finds an operation's name in each of the protocols: a header, a path, or a form.
func operationOf(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	if _, operation, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		return operation
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return ""
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}

// schedulerAction is the action of a request to Amazon EventBridge Scheduler, whose protocol has methods and paths.
func schedulerAction(r *http.Request) string {
	collection, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if action, known := schedulerActions[r.Method+" "+collection]; known {
		return "scheduler:" + action
	}
	return ""
}

// schedulerActions are the actions of requests to Amazon EventBridge Scheduler by what their paths begin with.
var schedulerActions = map[string]string{
	"POST schedules": "CreateSchedule", "GET schedules": "GetSchedule", "PUT schedules": "UpdateSchedule",
	"DELETE schedules":     "DeleteSchedule",
	"POST schedule-groups": "CreateScheduleGroup", "GET schedule-groups": "GetScheduleGroup",
	"DELETE schedule-groups": "DeleteScheduleGroup",
	"POST tags":              "TagResource", "GET tags": "ListTagsForResource", "DELETE tags": "UntagResource",
}

// s3Subresources are what IAM calls the properties of buckets and objects that a query names.
var s3Subresources = map[string]string{
	"accelerate":        "AccelerateConfiguration",
	"acl":               "BucketAcl",
	"cors":              "BucketCORS",
	"encryption":        "EncryptionConfiguration",
	"lifecycle":         "LifecycleConfiguration",
	"location":          "BucketLocation",
	"logging":           "BucketLogging",
	"notification":      "BucketNotification",
	"object-lock":       "BucketObjectLockConfiguration",
	"ownershipControls": "BucketOwnershipControls",
	"policy":            "BucketPolicy",
	"publicAccessBlock": "BucketPublicAccessBlock",
	"replication":       "ReplicationConfiguration",
	"requestPayment":    "BucketRequestPayment",
	"tagging":           "BucketTagging",
	"versioning":        "BucketVersioning",
	"website":           "BucketWebsite",
}

// s3Plain are the actions of requests for a bucket or an object itself.
var s3Plain = map[string]string{
	"GET bucket": "ListBucket", "HEAD bucket": "ListBucket", "PUT bucket": "CreateBucket",
	"DELETE bucket": "DeleteBucket",
	"GET object":    "GetObject", "HEAD object": "GetObject", "PUT object": "PutObject", "DELETE object": "DeleteObject",
	"GET service": "ListAllMyBuckets",
}

// s3Action is the action of a request to Amazon S3, whose names differ from those of its operations (Service
// Authorization Reference, "Actions defined by Amazon S3").
func s3Action(r *http.Request) string {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	level, query := "object", r.URL.Query()
	switch {
	case bucket == "":
		level = "service"
	case key == "":
		level = "bucket"
	}
	switch removes := r.Method == http.MethodDelete; {
	case level == "object" && query.Has("tagging"):
		return "s3:" + s3Verbs[r.Method] + "ObjectTagging"
	case level == "bucket" && query.Has("versions"):
		return "s3:ListBucketVersions"
	case level == "bucket" && query.Has("delete"), level == "object" && query.Has("versionId") && removes:
		return "s3:DeleteObjectVersion"
	case level == "bucket" && query.Has("policy") && removes:
		return "s3:DeleteBucketPolicy"
	}
	for parameter := range query {
		if name, ok := s3Subresources[parameter]; ok && level == "bucket" {
			// What removes a property of a bucket needs the action that sets it; its policy is the exception.
			return "s3:" + strings.Replace(s3Verbs[r.Method], "Delete", "Put", 1) + name
		}
	}
	if action, ok := s3Plain[r.Method+" "+level]; ok {
		return "s3:" + action
	}
	return ""
}

// s3Verbs begin the names of actions on properties.
var s3Verbs = map[string]string{http.MethodGet: "Get", http.MethodPut: "Put", http.MethodDelete: "Delete"}
