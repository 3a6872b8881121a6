package hosting_test

import (
	"errors"
	"math"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/examples/hosting"
	"sagehost/examples/hosting/media"
)

func TestAnswersAreNeverTakenForAPage(t *testing.T) {
	t.Parallel()
	answer := httptest.NewRecorder()
	hosting.Send(answer, 200, media.CSV, []byte("<script>\n"))
	assert.Equal(t, 200, answer.Code)
	assert.Equal(t, "text/csv", answer.Header().Get("Content-Type"))
	assert.Equal(t, "nosniff", answer.Header().Get("X-Content-Type-Options"))
	assert.Equal(t, "<script>\n", answer.Body.String())
}

func TestErrorsAreJSON(t *testing.T) {
	t.Parallel()
	answer := httptest.NewRecorder()
	hosting.Refuse(answer, 400, errors.New(`no "rows"`))
	assert.Equal(t, 400, answer.Code)
	assert.Equal(t, "application/json", answer.Header().Get("Content-Type"))
	assert.JSONEq(t, `{"error":"no \"rows\""}`, answer.Body.String())

	answer = httptest.NewRecorder()
	hosting.Reply(answer, 200, math.NaN())
	assert.Equal(t, 500, answer.Code)
	assert.JSONEq(t, `{"error":"the answer cannot be written as JSON"}`, answer.Body.String())
}
