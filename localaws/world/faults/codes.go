package faults

import (
	"net/http"
	"strings"
)

// defaults is what goes with a code where the rule says nothing else.
type defaults struct {
	status  int
	message string
}

const (
	internalMessage    = "The request processing has failed because of an unknown error, exception or failure."
	unavailableMessage = "The request has failed due to a temporary failure of the server."
	rateMessage        = "Rate exceeded"
	notFoundMessage    = "The requested resource does not exist."
)

// codes is the defaults of the codes that are asked for most. Where the service models give a status, it is theirs; for
// ResourceNotFound it is SageMaker's.
var codes = map[string]defaults{
	"AccessDenied":                {http.StatusForbidden, "Access Denied"},
	"AccessDeniedException":       {http.StatusBadRequest, "You do not have sufficient access to perform this action."},
	"ConcurrentUpdateException":   {http.StatusBadRequest, "Another update of the resource is in progress."},
	"ExpiredToken":                {http.StatusForbidden, "The security token included in the request is expired"},
	"ExpiredTokenException":       {http.StatusBadRequest, "The security token included in the request is expired"},
	"InsufficientCapacity":        {http.StatusBadRequest, "There is not enough capacity to fulfill the request."},
	"InternalDependencyException": {530, "The request caused an exception with an internal dependency."},
	"InternalError":               {http.StatusInternalServerError, "We encountered an internal error. Please try again."},
	"InternalFailure":             {http.StatusInternalServerError, internalMessage},
	"InternalServerError":         {http.StatusInternalServerError, internalMessage},
	"InternalServerException":     {http.StatusInternalServerError, internalMessage},
	"InternalServiceError":        {http.StatusInternalServerError, internalMessage},
	"InternalServiceException":    {http.StatusInternalServerError, internalMessage},
	"ModelError":                  {http.StatusFailedDependency, "The model answered with an error."},
	"ModelNotReadyException":      {http.StatusTooManyRequests, "The model is not ready to serve requests."},
	"NoSuchBucket":                {http.StatusNotFound, "The specified bucket does not exist"},
	"NoSuchEntity":                {http.StatusNotFound, notFoundMessage},
	"NoSuchKey":                   {http.StatusNotFound, "The specified key does not exist."},
	"NotFound":                    {http.StatusNotFound, notFoundMessage},
	"RequestLimitExceeded":        {http.StatusServiceUnavailable, "Request limit exceeded."},
	"ResourceInUse":               {http.StatusBadRequest, "The resource is in use."},
	"ResourceLimitExceeded":       {http.StatusBadRequest, "A service limit for the resource has been reached."},
	"ResourceNotFound":            {http.StatusBadRequest, notFoundMessage},
	"ServiceFailure":              {http.StatusInternalServerError, internalMessage},
	"ServiceUnavailable":          {http.StatusServiceUnavailable, unavailableMessage},
	"ServiceUnavailableException": {http.StatusServiceUnavailable, unavailableMessage},
	"SlowDown":                    {http.StatusServiceUnavailable, "Please reduce your request rate."},
	"Throttled":                   {http.StatusTooManyRequests, rateMessage},
	"ThrottledException":          {http.StatusBadRequest, rateMessage},
	"Throttling":                  {http.StatusBadRequest, rateMessage},
	"ThrottlingException":         {http.StatusBadRequest, rateMessage},
	"TooManyRequestsException":    {http.StatusTooManyRequests, rateMessage},
}

// defaultsOf is the status and the message of a code at a service.
func defaultsOf(code, service string) defaults {
	known, ok := codes[code]
	if !ok {
		known = defaults{http.StatusBadRequest, "The local AWS was told to refuse this request with " + code + "."}
	}
	if service == runtimeService && strings.HasPrefix(code, "Thrott") {
		known.status = http.StatusTooManyRequests
	}
	return known
}
