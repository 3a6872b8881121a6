package awsjson

import (
	"errors"
	"fmt"
	"net/http"

	"sagehost/localaws/protocol/shape"
)

// Codes of errors that every service has.
const (
	ValidationException    = "ValidationException"
	SerializationException = "SerializationException"
	InternalFailure        = "InternalFailure"
)

// Error is an error that the client is told about.
type Error struct {
	// Code is the exception's name, such as "ValidationException".
	Code string
	// Message is in AWS's words: clients look for parts of it.
	Message string
}

// Error is the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf is an error with a code.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid is a ValidationException.
func Invalid(format string, args ...any) *Error { return Errorf(ValidationException, format, args...) }

// status is the HTTP status of an error.
func (e *Error) status() int {
	if e.Code == InternalFailure {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// toError finds the error to tell a client; what is not meant for one becomes an InternalFailure.
func toError(err error) *Error {
	var known *Error
	var mismatch *shape.Mismatch
	var violations shape.Violations
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &mismatch):
		return Errorf(SerializationException, "%s", mismatch.Error())
	case errors.As(err, &violations):
		return Invalid("%s", violations.Error())
	default:
		return Errorf(InternalFailure, "%s", err.Error())
	}
}
