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
			"outcome is \"fail\"; it must be one of [\"rollback\" \"unchanged\" \"rollback-fails\" \"capacity\" \"slow\"]\n",
		},
		{
			"no reason", "PUT", "e/next-create", `{"outcome":"fail"}`, 400,
			"reason must not be empty\n",
		},
		{
			"no delay", "PUT", "e/next-create", `{"outcome":"slow"}`, 400,
			"delay is \"\"; it must be a duration such as \"90s\"\n",
		},
		{
			"a delay of a failure", "PUT", "e/next-update", `{"outcome":"rollback","delay":"1s"}`, 400,
			"delay belongs to the outcome \"slow\"\n",
		},
		{
			"an unknown member", "PUT", "e/next-create", `{"outcome":"fail","why":"r"}`, 400,
			"the body is not a JSON object of outcome, reason and delay\n",
		},
		{
			"a crash of what is not there", "POST", "e/crash", ``, 404,
			"ValidationException: Could not find endpoint \"arn:aws:sagemaker:us-east-1:123456789012:endpoint/e\".\n",
		},
		{"no JSON", "PUT", "e/next-update", `rollback`, 400, "the body is not a JSON object of outcome, reason and delay\n"},
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
