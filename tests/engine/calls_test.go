package engine_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/internal/awsprovider"
	"sagehost/internal/awsxprovider"
	"sagehost/internal/deploy"
	"sagehost/internal/localaws"
	"sagehost/internal/localaws/sagemaker"
	"sagehost/internal/localaws/scope"
)

// calls are what a provider asks of AWS, as the IAM actions that it needs for it.
type calls struct {
	mutex   sync.Mutex
	actions map[string]bool
	// unknown are the requests whose action is not known.
	unknown map[string]bool
}

func (c *calls) record(r *http.Request) {
	action := actionOf(r)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if action == "" {
		c.unknown[r.Method+" "+r.URL.RequestURI()] = true
	} else {
		c.actions[action] = true
	}
}

// sorted lists the actions, and separately the requests without one.
func (c *calls) sorted() (actions, unknown []string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Sorted(maps.Keys(c.actions)), slices.Sorted(maps.Keys(c.unknown))
}

// newRecordedWorld is newWorld with everything that the provider asks recorded on its way. What the services of the
// local AWS ask each other is not.
func newRecordedWorld(t *testing.T) (*world, *calls) {
	t.Helper()
	w := &world{tb: t, dir: t.TempDir()}
	quick := sagemaker.Durations{}
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Durations: quick, Root: root})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	target, err := url.Parse(server.URL())
	require.NoError(t, err)

	recorded := &calls{actions: map[string]bool{}, unknown: map[string]bool{}}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	door := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		recorded.record(r)
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(door.Close)

	w.aws, w.clients, w.env = server, newClients(server.URL()), deploy.LocalAWS(door.URL)
	awsx, err := awsxprovider.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, awsx.Close()) })
	w.env["PULUMI_DEBUG_PROVIDERS"] = awsx.Attach()
	if tools.AWSPlugin == "" {
		provider, err := awsprovider.Start(t.Context(), awsprovider.Options{
			Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider, Env: deploy.Environ(door.URL),
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, provider.Close()) })
		w.env["PULUMI_DEBUG_PROVIDERS"] += "," + provider.Attach()
	}
	return w, recorded
}

// prefixes are those of the IAM actions of services that are signed for under another name.
var prefixes = map[string]string{"monitoring": "cloudwatch"}

// actionOf is the IAM action that a request needs; empty when it is not known.
func actionOf(r *http.Request) string {
	service := scope.Of(r).Service
	if service == "s3" || service == "" {
		return s3Action(r)
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
	verb, known := map[string]string{
		http.MethodPost: "Create", http.MethodGet: "Get", http.MethodPut: "Update", http.MethodDelete: "Delete",
	}[r.Method]
	if !known || !strings.HasPrefix(r.URL.Path, "/schedules/") {
		return ""
	}
	return "scheduler:" + verb + "Schedule"
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
