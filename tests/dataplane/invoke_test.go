package dataplane_test

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
)

// invoke asks an endpoint about a text in CSV.
func (c clients) invoke(
	ctx context.Context, endpoint, body string, changes ...func(*sagemakerruntime.InvokeEndpointInput),
) (*sagemakerruntime.InvokeEndpointOutput, error) {
	input := &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &endpoint, ContentType: aws.String("text/csv"), Body: []byte(body),
	}
	for _, change := range changes {
		change(input)
	}
	return c.runtime.InvokeEndpoint(ctx, input)
}

// assertAnswer asks an endpoint and compares the answer.
func (w *world) assertAnswer(want, endpoint, body string, changes ...func(*sagemakerruntime.InvokeEndpointInput)) {
	w.tb.Helper()
	answer, err := w.invoke(w.tb.Context(), endpoint, body, changes...)
	if assert.NoError(w.tb, err) {
		assert.Equal(w.tb, want, string(answer.Body))
	}
}

// statusOf is the HTTP status of a refusal; 0 when there was no answer.
func statusOf(err error) int {
	if refusal, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return refusal.HTTPStatusCode()
	}
	return 0
}
