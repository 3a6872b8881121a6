package integrations

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"sagehost/localaws/services/stepfunctions/asl"
)

// sdk is an integration that makes a request with the AWS SDK. Its parameters are the members of the request.
func sdk[C, I, O, F any](
	service string, client func(region string) C,
	request func(C, context.Context, *I, ...F) (*O, error), required ...string,
) asl.Integration {
	known := fields{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[I]()) {
		if field.IsExported() {
			known[field.Name] = nil
		}
	}
	return asl.Integration{
		Check: func(parameters map[string]any) []string { return known.check(parameters, required...) },
		Start: func(ctx context.Context, call asl.Call) (any, error) {
			input := new(I)
			if err := read(call.Parameters, input); err != nil {
				return nil, &asl.Error{Name: "States.Runtime", Cause: "The Parameters '" + asl.Encode(call.Parameters) +
					"' could not be used to start the Task: [" + err.Error() + "]"}
			}
			output, err := request(client(call.Region), ctx, input)
			if err != nil {
				return nil, failure(service, err)
			}
			return written(output)
		},
	}
}

// read turns parameters into a request. The body of an object is the JSON of the parameter, with the quotes of a
// string, and its content type is what AWS Step Functions sends.
func read(parameters, input any) error {
	members, _ := parameters.(map[string]any)
	plain := map[string]any{}
	for name, value := range members {
		if name != "Body" {
			plain[name] = value
		}
	}
	if put, ok := input.(*s3.PutObjectInput); ok {
		put.ContentType = aws.String("text/plain; charset=UTF-8")
		if body, given := members["Body"]; given {
			put.Body = strings.NewReader(asl.Encode(body))
		}
	}
	return json.NewDecoder(strings.NewReader(asl.Encode(plain))).Decode(input)
}

// written turns an answer into JSON: members that are not set are left out.
func written(output any) (any, error) {
	text, err := json.Marshal(output)
	if err != nil {
		return nil, fmt.Errorf("answer of the service: %w", err)
	}
	value, err := asl.Decode(string(text))
	members, _ := value.(map[string]any)
	delete(members, "ResultMetadata")
	prune(members)
	return value, err
}

// prune drops null and empty strings, which stand for members that are not set.
func prune(value any) {
	switch typed := value.(type) {
	case map[string]any:
		for name, member := range typed {
			if member == nil || member == "" {
				delete(typed, name)
			}
			prune(member)
		}
	case []any:
		for _, element := range typed {
			prune(element)
		}
	}
}

// exceptions are the errors that have an exception of their own in the SDK of AWS Step Functions, by service.
var exceptions = map[string][]string{
	"S3": {
		"NoSuchKey", "NoSuchBucket", "EncryptionTypeMismatch", "InvalidRequest", "InvalidWriteOffset", "TooManyParts",
	},
	"SageMaker": {"ConflictException", "ResourceInUse", "ResourceLimitExceeded", "ResourceNotFound"},
	"Sfn":       {"InvalidArn", "StateMachineDoesNotExist"},
	"Sns": {
		"AuthorizationError", "EndpointDisabled", "InternalError", "InvalidParameter", "InvalidSecurity", "NotFound",
	},
}

// failure names and words an error as the integrations of the AWS SDK do.
func failure(service string, err error) error {
	if ctxErr := ended(err); ctxErr != nil {
		return ctxErr
	}
	told, isTold := errors.AsType[smithy.APIError](err)
	response, hasResponse := errors.AsType[*awshttp.ResponseError](err)
	if !isTold || !hasResponse {
		return unreachable(service, err)
	}
	code, message := told.ErrorCode(), told.ErrorMessage()
	if service == "S3" && code == "NotFound" {
		// The answer to a request of method HEAD has no body to say more.
		code, message = "NoSuchKey", "null"
	}
	name := service
	if slices.Contains(exceptions[service], code) {
		name = code
	}
	cause := fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s", message, service,
		response.HTTPStatusCode(), response.ServiceRequestID())
	if extended := extendedID(err); extended != "" {
		cause += ", Extended Request ID: " + extended
	}
	return &asl.Error{Name: service + "." + exception(name), Cause: cause + ")"}
}

// extendedID is the second id of a request that Amazon S3 has.
func extendedID(err error) string {
	withID, ok := errors.AsType[interface {
		error
		ServiceHostID() string
	}](err)
	if !ok {
		return ""
	}
	return withID.ServiceHostID()
}

// exception is the name of the class of an error.
func exception(code string) string {
	if strings.HasSuffix(code, "Exception") {
		return code
	}
	return code + "Exception"
}

// unreachable is the error for a request that was not answered.
func unreachable(service string, err error) error {
	return &asl.Error{Name: service + ".SdkClientException", Cause: "Unable to execute HTTP request: " + err.Error()}
}

// ended is the error of a context that has ended, which is no failure of the request; nil when none has.
func ended(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// discard reads what is left of an answer, so that its connection can be used again.
func discard(body io.Reader) []byte {
	var all bytes.Buffer
	// What cannot be read is not there.
	_, _ = all.ReadFrom(body)
	return all.Bytes()
}
