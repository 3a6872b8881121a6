package faults

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const (
	// MaxDelay is as long as the longest request that SageMaker allows: the 3600 seconds of InvocationsTimeoutInSeconds.
	MaxDelay = time.Hour
	// MinRate is the step in which rates are counted.
	MinRate = 1.0 / rateUnits

	maxStatus = 599
)

var (
	servicePattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	operationPattern = regexp.MustCompile(`^[A-Z][A-Za-z0-9_]*$`)
	codePattern      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`)
)

// Rule says which requests fail, and how.
type Rule struct {
	// Service is the name that the service's requests are signed for, such as "s3", or one of a few well-known other
	// names of it, such as "cloudwatch" for "monitoring". "sagemaker-runtime" is InvokeEndpoint and its relatives, which
	// "sagemaker" leaves out. Required.
	Service string `json:"service"`
	// Operation is the name in AWS's documentation, such as "CreateModel". Operations of REST services other than S3
	// and sagemaker-runtime are not told apart. Empty means all.
	Operation string `json:"operation,omitempty"`
	// Resource is what the request must be for, with * for any text and ? for any one character. It is compared with
	// the endpoint's name (sagemaker-runtime), "bucket" or "bucket/key" (S3), the path without its first slash (other
	// REST services), and otherwise with each text at the top of the request that is a name, an ARN or an ID, such as
	// EndpointName; one that fits is enough. Empty means all.
	Resource string `json:"resource,omitempty"`
	// Error is the code of the error to answer with, such as "ThrottlingException". Without one the request is only
	// delayed.
	Error string `json:"error,omitempty"`
	// Status is the HTTP status of the error, from 400 to 599; the default depends on the code.
	Status int `json:"status,omitempty"`
	// Message is the error's; the default depends on the code.
	Message string `json:"message,omitempty"`
	// Rate is the share of the requests that are hit, from MinRate to 1; nil means 1. Hits are spread evenly, and not by
	// chance: with 0.25 they are each fourth request, with 0.75 all but the first, the fifth and so on.
	Rate *float64 `json:"rate,omitempty"`
	// Count is the number of hits after which the fault ends; 0 means never.
	Count int `json:"count,omitempty"`
	// Delay is how long a hit waits before it is refused or handed on, as "1.5s" in the time of the local AWS; at most
	// MaxDelay. Empty means not at all.
	Delay string `json:"delay,omitempty"`
}

// problem is something that is wrong with a rule.
type problem struct {
	// members is the ones that the problem is about.
	members []string
	error
}

// problems is everything that is wrong with a rule.
func (r Rule) problems() []problem {
	var problems []problem
	require := func(ok bool, members string, format string, args ...any) {
		if !ok {
			problems = append(problems, problem{strings.Fields(members), fmt.Errorf(format, args...)})
		}
	}
	require(r.Service != "", "service", "service is required")
	require(r.Service == "" || servicePattern.MatchString(r.Service), "service",
		"service %q is not a name in small letters, such as \"sagemaker\"", r.Service)
	require(r.Operation == "" || operationPattern.MatchString(r.Operation), "operation",
		"operation %q is not a name such as \"CreateModel\"", r.Operation)
	require(r.Service != "sagemaker" || !strings.HasPrefix(r.Operation, "InvokeEndpoint"), "service operation",
		"operation %q belongs to the service \"sagemaker-runtime\"", r.Operation)
	require(r.Error == "" || codePattern.MatchString(r.Error), "error",
		"error %q is not a code such as \"ThrottlingException\"", r.Error)
	require(r.Status == 0 || r.Status >= http.StatusBadRequest && r.Status <= maxStatus, "status",
		"status %d is not between %d and %d", r.Status, http.StatusBadRequest, maxStatus)
	require(r.Rate == nil || *r.Rate >= MinRate && *r.Rate <= 1, "rate",
		"rate must be between %f and 1", MinRate)
	require(r.Count >= 0, "count", "count %d is below 0", r.Count)
	require(r.Error != "" || r.Status == 0, "error status", "status needs an error")
	require(r.Error != "" || r.Message == "", "error message", "message needs an error")
	require(r.Error != "" || r.Delay != "", "error delay", "error or delay is required")
	delay, err := r.delay()
	require(err == nil, "delay", "delay %q is not a duration such as \"1.5s\"", r.Delay)
	require(err != nil || r.Delay == "" || delay > 0 && delay <= MaxDelay, "delay",
		"delay %q is not above 0 and at most %v", r.Delay, MaxDelay)
	return problems
}

// delay is the delay as a span of time; 0 when there is none.
func (r Rule) delay() (time.Duration, error) { return time.ParseDuration(cmp.Or(r.Delay, "0s")) }
