package transform

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/transform/records"
)

// maxReason is the length of a FailureReason, in characters, by the service model.
const maxReason = 1024

// noAnswer is what AWS logs when a container does not answer.
const noAnswer = "Unable to get response from algorithm"

// failure is why an object could not be transformed.
type failure struct {
	// uri is the object; records are the ones of the request, or empty.
	uri, records string
	err          error
}

// Error names the place and the reason as the log of a job does: the bucket and the key, without the scheme.
func (f *failure) Error() string {
	place := strings.TrimPrefix(s3uri.Normalize(f.uri), "s3://")
	if f.records != "" {
		place += ", " + f.records
	}
	return place + ": " + explain(f.err)
}

// Unwrap is the reason.
func (f *failure) Unwrap() error { return f.err }

// explain words an error as AWS does, where it is known how.
func explain(err error) string {
	if answer, ok := errors.AsType[*serving.ModelError](err); ok {
		switch {
		case answer.Status == 0:
			return noAnswer + ": " + answer.Message
		case answer.Status < 500:
			return fmt.Sprintf("ClientError: %d: %s", answer.Status, answer.Message)
		default:
			return fmt.Sprintf("AlgorithmError: %d: %s", answer.Status, answer.Message)
		}
	}
	if refusal, ok := errors.AsType[*objects.Error](err); ok && refusal.Code != "" {
		return refusal.Code + ": " + refusal.Error()
	}
	if errors.Is(err, records.ErrTooLarge) {
		return err.Error() + ": it exceeds MaxPayloadInMB"
	}
	return err.Error()
}

// reason is the FailureReason for what ended a job. The class blames the algorithm only for what it did.
func reason(err error) string {
	if start, ok := errors.AsType[*serving.FailedStart](err); ok {
		return short(start.Reason)
	}
	class := "ClientError"
	if answer, ok := errors.AsType[*serving.ModelError](err); ok && (answer.Status == 0 || answer.Status >= 500) {
		class = "AlgorithmError"
	}
	return short(class + ": See job logs for more information. " + strings.TrimSpace(err.Error()))
}

// short cuts a text to the length that a reason may have.
func short(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if runes := []rune(text); len(runes) > maxReason {
		return string(runes[:maxReason])
	}
	return text
}
