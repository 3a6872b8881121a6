package sagemaker_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScriptsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name, method, path, body string
		status                   int
		answer                   string
	}{
		{"unknown step", "PUT", "e/next-delete", `{}`, 404, "404 page not found\n"},
		{
			"unknown outcome", "PUT", "e/next-update", `{"outcome":"fail","reason":"r"}`, 400,
			"outcome must be \"rollback\", and reason must not be empty\n",
		},
		{
			"no reason", "PUT", "e/next-create", `{"outcome":"fail"}`, 400,
			"outcome must be \"fail\", and reason must not be empty\n",
		},
		{"no JSON", "PUT", "e/next-update", `rollback`, 400, "the body is not a JSON object with outcome and reason\n"},
		{"another method", "GET", "e/next-update", ``, 405, "Method Not Allowed\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			request, err := http.NewRequest(test.method, w.url+"/_local/sagemaker/endpoints/"+test.path,
				strings.NewReader(test.body))
			require.NoError(t, err)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			assert.Equal(t, test.status, response.StatusCode)
			assert.Equal(t, test.answer, string(body))
		})
	}
}
