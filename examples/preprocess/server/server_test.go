package server_test

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/preprocess/server"
)

// ask sends a request, and gives the status, Content-Type and body of the answer.
func ask(s *server.Server, method, path, input, accept, body string) (int, string, string) {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", input)
	request.Header.Set("Accept", accept)
	answer := httptest.NewRecorder()
	s.Handler().ServeHTTP(answer, request)
	return answer.Code, answer.Header().Get("Content-Type"), answer.Body.String()
}

// loaded serves a recipe for records of a weight.
func loaded(t *testing.T) *server.Server {
	t.Helper()
	folder := t.TempDir()
	const weight = `{"columns": [{"name": "weight", "number": {"fill": 6, "mean": 5, "scale": 2}}]}`
	require.NoError(t, os.WriteFile(folder+"/preprocess.json", []byte(weight), 0o600))
	s := server.New(folder)
	status, _, _ := ask(s, "GET", "/ping", "", "", "")
	assert.Equal(t, 503, status)
	status, _, body := ask(s, "POST", "/invocations", "text/csv", "", "1")
	assert.Equal(t, 503, status)
	assert.JSONEq(t, `{"error":"the model is not loaded yet"}`, body)
	require.NoError(t, s.Load())
	return s
}

func TestPingSaysWhetherTheRecipeIsLoaded(t *testing.T) {
	t.Parallel()
	status, _, _ := ask(loaded(t), "GET", "/ping", "", "", "")
	assert.Equal(t, 200, status)
	assert.ErrorIs(t, server.New(t.TempDir()).Load(), os.ErrNotExist)
}

func TestInvocationsAnswerAsCSVUnlessAcceptWantsSomethingElse(t *testing.T) {
	t.Parallel()
	s := loaded(t)
	for _, given := range []struct{ input, accept, body, output, want string }{
		{"text/csv", "", "9\nNA", "", `{"error":"row 2, column 1 (weight): \"NA\" is not a finite number"}` + "\n"},
		{"text/csv", "", "9\n\"\"", "text/csv", "2\n0.5\n"},
		{"application/json", "", "[[9], [null]]", "text/csv", "2\n0.5\n"},
		{"application/jsonlines", "*/*", "[9]", "text/csv", "2\n"},
		{"text/csv", "application/json", "9", "application/json", `{"instances":[[2]]}` + "\n"},
		{"text/csv", "application/jsonlines", "9", "application/jsonlines", "[2]\n"},
	} {
		status, output, body := ask(s, "POST", "/invocations", given.input, given.accept, given.body)
		if given.output == "" {
			assert.Equal(t, 400, status)
			given.output = "application/json"
		} else {
			assert.Equal(t, 200, status)
		}
		assert.Equal(t, given.output, output)
		assert.Equal(t, given.want, body)
	}
}
