package access

import (
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

// CallerSpec is what a user decides about somebody who calls an endpoint.
type CallerSpec struct {
	// TargetModels are the models of a multi-model endpoint that the caller may ask, as the values of the header
	// TargetModel; "*" stands for any characters and "?" for one, so that "acme/*" is all models of a tenant. A request
	// that names no model is refused then. Default: none, all models.
	TargetModels []string `json:"targetModels" nonempty:"true"`

	// TrustedRoles are the ARNs of IAM roles, in any account, that may assume a role that is made for this caller.
	// Default: none, there is only a policy to attach to roles of this account.
	TrustedRoles []string `json:"trustedRoles" aws:"role"`
}

// targetModel and its length are what TargetModelHeader of the SageMaker runtime's service model accepts.
var targetModel = regexp.MustCompile(`^[^\s\pC][^\pC]*$`)

// Check reports what is wrong.
func (s *CallerSpec) Check(at check.At) {
	for i, pattern := range s.TargetModels {
		// IAM would put variables into the pattern.
		if !targetModel.MatchString(pattern) || len(pattern) > 1024 || strings.Contains(pattern, "${") {
			at.Key("targetModels").Index(i).Addf("%q is not a model's name or the pattern of one", pattern)
		}
	}
	at.Key("targetModels").Unique("", s.TargetModels)
	for i, arn := range s.TrustedRoles {
		awsref.Role.CheckForm(at.Key("trustedRoles").Index(i), arn)
	}
	at.Key("trustedRoles").Unique("", s.TrustedRoles)
}

// CallerArgs configures a Caller.
type CallerArgs struct {
	CallerSpec

	// EndpointARN is the endpoint. Required.
	EndpointARN pulumi.StringInput

	// Async is where an asynchronous endpoint's requests and answers are. Default: unset, the endpoint answers at once.
	Async *Async

	// KMSKeyARN is the key under which requests and answers are stored. Only with Async. Default: unset, no use of KMS is
	// allowed.
	KMSKeyARN pulumi.StringInput

	// PermissionsBoundary is the ARN of the managed policy that limits what the role may do, whatever its policies say.
	// Default: none.
	PermissionsBoundary string

	// Path is the path in IAM of policy and role, such as "/vision/": changing it replaces both. Default: "/".
	Path string

	// Tags are added to policy and role, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Async is the places of an asynchronous endpoint, as s3:// URIs of prefixes; a caller may use everything beneath.
type Async struct {
	// InputURI is where the caller puts requests. Required.
	InputURI pulumi.StringInput
	// OutputURI is where it finds answers. Required.
	OutputURI pulumi.StringInput
	// FailureURI is where it finds why there is no answer. Default: unset.
	FailureURI pulumi.StringInput
}

func (a *CallerArgs) check(at check.At) {
	a.Check(at)
	if a.EndpointARN == nil {
		at.Key("endpointArn").Addf("is required")
	}
	if a.Async == nil {
		if a.KMSKeyARN != nil {
			at.Key("kmsKeyArn").Addf("belongs to async: nothing else of a call is stored")
		}
		return
	}
	if len(a.TargetModels) > 0 {
		// InvokeEndpointAsync takes no TargetModel.
		at.Key("targetModels").Addf("contradicts async: a multi-model endpoint answers at once")
	}
	if a.Async.InputURI == nil {
		at.Key("async").Key("inputUri").Addf("is required")
	}
	if a.Async.OutputURI == nil {
		at.Key("async").Key("outputUri").Addf("is required")
	}
}
