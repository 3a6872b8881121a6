package hosting_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"

	"sagehost/examples/hosting"
	"sagehost/examples/hosting/media"
)

func TestReadInvocationFallsBackToTheFormatOfTheRequest(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		accept         string
		fallback, want media.Format
	}{
		{"", "", media.Lines},
		{"", media.CSV, media.CSV},
		{"*/*", media.CSV, media.CSV},
		{"application/json", media.CSV, media.JSON},
	} {
		request := httptest.NewRequest("POST", "/invocations", strings.NewReader("[1]"))
		request.Header.Set("Content-Type", "application/jsonlines")
		request.Header.Set("Accept", given.accept)
		invocation, ok := hosting.ReadInvocation(httptest.NewRecorder(), request, given.fallback)
		assert.True(t, ok)
		assert.Equal(t, hosting.Invocation{Input: media.Lines, Output: given.want, Body: []byte("[1]")}, invocation)
	}
}

func TestReadInvocationAnswersARequestThatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		input, accept, body string
		status              int
	}{
		{"text/plain", "", "", 415},
		{"text/csv", "image/png", "", 406},
		{"text/csv", "", strings.Repeat(" ", hosting.MaxPayload+1), 413},
	} {
		request := httptest.NewRequest("POST", "/invocations", strings.NewReader(given.body))
		request.Header.Set("Content-Type", given.input)
		request.Header.Set("Accept", given.accept)
		answer := httptest.NewRecorder()
		_, ok := hosting.ReadInvocation(answer, request, "")
		assert.False(t, ok)
		assert.Equal(t, given.status, answer.Code)
	}
	answer := httptest.NewRecorder()
	request := httptest.NewRequest("POST", "/invocations", iotest.ErrReader(errors.New("cut off")))
	_, ok := hosting.ReadBody(answer, request)
	assert.False(t, ok)
	assert.Equal(t, 400, answer.Code)
	assert.JSONEq(t, `{"error":"read the body: cut off"}`, answer.Body.String())
}
