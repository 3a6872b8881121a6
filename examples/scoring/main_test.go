package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/server"
)

func TestTheShippedModelAnswersTheExampleInTheReadme(t *testing.T) {
	t.Parallel()
	s := server.New(server.Options{ModelFolder: "../flowers", ModelBytes: 1 << 20})
	require.NoError(t, s.Load())
	web := httptest.NewServer(s.Handler())
	defer web.Close()
	response, err := http.Post(web.URL+"/invocations", "text/csv", strings.NewReader("5.1,3.5,1.4,0.2"))
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	// The last digits of the probability differ between architectures.
	assert.Regexp(t, `^setosa,0\.99956\d*\n$`, string(answer))
}

func TestRunExplainsHowItIsStarted(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	assert.EqualError(t, run(t.Context(), nil, none), "usage: scoring serve")
	assert.EqualError(t, run(t.Context(), []string{"train"}, none), "usage: scoring serve")
	malformed := func(string) string { return "x" }
	assert.ErrorContains(t, run(t.Context(), []string{"serve"}, malformed), `SAGEMAKER_BIND_TO_PORT is "x"`)
}
