package faults

import (
	"net/http"
	"net/url"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

const (
	// runtimeService is signed for "sagemaker" too, and told apart by its paths.
	runtimeService = "sagemaker-runtime"
	formContent    = "application/x-www-form-urlencoded"
)

// wireFormat is how a service's requests and errors are written.
type wireFormat int

const (
	// restJSON has methods and paths; it is what a request is taken for that shows no sign of another protocol.
	restJSON wireFormat = iota
	// jsonRPC names the operation in a header.
	jsonRPC
	// query names the operation in a form, and is answered in XML.
	query
	// ec2Query is query with errors of another form.
	ec2Query
	// restXML is S3's.
	restXML
)

// aliases is other names of services than those that requests are signed for.
var aliases = map[string]string{
	"applicationautoscaling": "application-autoscaling",
	"cloudwatch":             "monitoring",
	"cloudwatchlogs":         "logs",
	"elb":                    "elasticloadbalancing",
	"elbv2":                  "elasticloadbalancing",
	"eventbridge":            "events",
	"sagemakerruntime":       runtimeService,
	"service-quotas":         "servicequotas",
	"sfn":                    "states",
	"stepfunctions":          "states",
}

// targets is the services that take requests without a signature by what their target header starts with.
var targets = map[string]string{
	"SageMaker": "sagemaker", "AnyScaleFrontendService": "application-autoscaling", "AWSStepFunctions": "states",
	"GraniteServiceVersion20100801": "monitoring",
}

// runtimeOperations is the operations of sagemaker-runtime by the last part of their path.
var runtimeOperations = map[string]string{
	"invocations":                 "InvokeEndpoint",
	"async-invocations":           "InvokeEndpointAsync",
	"invocations-response-stream": "InvokeEndpointWithResponseStream",
}

// signingName is what the requests of a service are signed for.
func signingName(service string) string {
	if name, ok := aliases[service]; ok {
		return name
	}
	return service
}

// request is what is known of an HTTP request without reading its body, and finds out the rest when it is asked.
type request struct {
	http     *http.Request
	service  string
	protocol wireFormat
	// bucket and key are S3's; the key is empty when the request is for the bucket.
	bucket, key string
	// endpoint and invocation are the parts of a path of sagemaker-runtime.
	endpoint, invocation string

	peeked     bool
	body       []byte
	parameters url.Values
}

// recognise tells which service a request is for, and in which protocol.
func recognise(r *http.Request) *request {
	q := &request{http: r, service: protocol.ScopeOf(r).Service}
	target, isForm := r.Header.Get(awsjson.TargetHeader), strings.HasPrefix(r.Header.Get("Content-Type"), formContent)
	unsigned := q.service == ""
	switch {
	case target != "":
		q.protocol = jsonRPC
		if unsigned {
			prefix, _, _ := strings.Cut(target, ".")
			q.service = targets[prefix]
		}
	case (unsigned || q.service == "sagemaker") && q.isInvocation():
		q.service = runtimeService
	case unsigned && r.Method == http.MethodPost && r.URL.Path == "/" && isForm:
		// AssumeRoleWithWebIdentity and AssumeRoleWithSAML are the only forms that AWS takes without a signature.
		q.service, q.protocol = "sts", query
	case unsigned || q.service == "s3":
		q.service, q.protocol = "s3", restXML
		q.bucket, q.key = bucketAndKey(r)
	case q.service == "ec2":
		q.protocol = ec2Query
	case isForm || r.URL.Query().Has("Action"):
		q.protocol = query
	}
	return q
}

// isInvocation takes the path of an invocation apart, "/endpoints/{name}/invocations".
func (q *request) isInvocation() bool {
	parts := strings.Split(q.http.URL.Path, "/")
	if q.http.Method != http.MethodPost || len(parts) != 4 || parts[1] != "endpoints" {
		return false
	}
	q.endpoint, q.invocation = parts[2], parts[3]
	return runtimeOperations[q.invocation] != ""
}

// operation is the name of the operation; empty when it is not known.
func (q *request) operation() string {
	switch q.protocol {
	case jsonRPC:
		target := q.http.Header.Get(awsjson.TargetHeader)
		return target[strings.LastIndexByte(target, '.')+1:]
	case query, ec2Query:
		return q.form().Get("Action")
	case restXML:
		return s3Operation(q.http, q.bucket, q.key)
	default:
		return runtimeOperations[q.invocation]
	}
}

// resources is what the request is for; see Rule.Resource.
func (q *request) resources() []string {
	switch {
	case q.service == runtimeService:
		return []string{q.endpoint}
	case q.protocol == jsonRPC:
		return namesInJSON(q.peek())
	case q.protocol == query, q.protocol == ec2Query:
		return namesInForm(q.form())
	case q.protocol == restXML && q.key != "":
		return []string{q.bucket + "/" + q.key}
	case q.protocol == restXML:
		return []string{q.bucket}
	default:
		return []string{strings.TrimPrefix(q.http.URL.Path, "/")}
	}
}
