package runtime

import (
	"errors"
	"fmt"
	"net/http"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol"
)

// Codes of the errors of the API.
const (
	validationError    = "ValidationError"
	modelError         = "ModelError"
	modelNotReady      = "ModelNotReadyException"
	throttling         = "ThrottlingException"
	internalFailure    = "InternalFailure"
	serviceUnavailable = "ServiceUnavailable"
	internalDependency = "InternalDependencyException"
	// tooLarge is no code of the service model: what stands before the service answers without one.
	tooLarge = ""
)

// statuses are from the service model of 2017-05-13. Throttling is not in it; SageMaker answers 400.
var statuses = map[string]int{
	validationError:    http.StatusBadRequest,
	throttling:         http.StatusBadRequest,
	tooLarge:           http.StatusRequestEntityTooLarge,
	modelError:         http.StatusFailedDependency,
	modelNotReady:      http.StatusTooManyRequests,
	internalFailure:    http.StatusInternalServerError,
	serviceUnavailable: http.StatusServiceUnavailable,
	internalDependency: 530,
}

// failure is an error as the client is told about it.
type failure struct {
	code string
	// body is the answer; its members are spelled as in the service model.
	body failureBody
}

type failureBody struct {
	// ErrorCode is a finer code, such as "TARGET_MODEL_HEADER_NOT_SUPPORTED".
	ErrorCode    string `json:"ErrorCode,omitempty"`
	LogStreamArn string `json:"LogStreamArn,omitempty"`
	// Message is null where SageMaker has none to tell.
	Message            *string `json:"Message"`
	OriginalMessage    *string `json:"OriginalMessage,omitempty"`
	OriginalStatusCode *int    `json:"OriginalStatusCode,omitempty"`
}

// Error is the code and the message.
func (f *failure) Error() string {
	if f.body.Message == nil {
		return f.code
	}
	return f.code + ": " + *f.body.Message
}

func (f *failure) status() int { return statuses[f.code] }

func failuref(code, format string, args ...any) *failure {
	message := fmt.Sprintf(format, args...)
	return &failure{code: code, body: failureBody{Message: &message}}
}

// invalid is a ValidationError.
func invalid(format string, args ...any) *failure { return failuref(validationError, format, args...) }

// throttled is what a serverless variant answers above its MaxConcurrency; its message is null.
func throttled() *failure { return &failure{code: throttling} }

// modelFailure tells a client what a container said.
func modelFailure(region, endpoint string, said *serving.ModelError) *failure {
	told := failuref(modelError, "%s", said.Sentence(region, endpoint, protocol.Account))
	told.body.ErrorCode = "INTERNAL_FAILURE_FROM_MODEL"
	if clientsFault(said) {
		told.body.ErrorCode = "CLIENT_ERROR_FROM_MODEL"
	}
	told.body.LogStreamArn = protocol.ARN("logs", region, "log-group:/aws/sagemaker/Endpoints/"+endpoint)
	told.body.OriginalMessage, told.body.OriginalStatusCode = &said.Message, &said.Status
	return told
}

// clientsFault tells a container's 4xx from its 5xx and from no answer at all.
func clientsFault(said *serving.ModelError) bool { return said.Status >= 400 && said.Status < 500 }

// toFailure finds the failure to tell a client; what is not meant for one becomes an InternalFailure.
func toFailure(err error) *failure {
	if known, ok := errors.AsType[*failure](err); ok {
		return known
	}
	if refusal, ok := errors.AsType[*serving.Refusal](err); ok && statuses[refusal.Code] != 0 && refusal.Code != "" {
		return failuref(refusal.Code, "%s", refusal.Message)
	}
	return failuref(internalFailure, "%v", err)
}
