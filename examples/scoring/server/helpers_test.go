package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/linear"
	"sagehost/examples/scoring/server"
)

// even has probabilities that are easily written: one half for each class.
const even = `{"features": ["x", "y"], "classes": ["a", "b"], "weights": [[0, 0], [0, 0]],
	"bias": [0, 0], "means": [0, 0], "scales": [1, 1]}`

// evenSize is what the ten numbers of that model take, in bytes.
const evenSize = 80

// modelFolder makes a folder with a model.
func modelFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, linear.File), []byte(even), 0o600))
	return folder
}

// start serves on loopback until the test ends.
func start(t *testing.T, s *server.Server) string {
	t.Helper()
	web := httptest.NewServer(s.Handler())
	t.Cleanup(web.Close)
	return web.URL
}

// single serves the model of modelFolder.
func single(t *testing.T) string {
	t.Helper()
	s := server.New(server.Options{ModelFolder: modelFolder(t), ModelBytes: evenSize})
	require.NoError(t, s.Load())
	return start(t, s)
}

// ask sends a request with the given headers, and gives the status, Content-Type and body of the answer.
func ask(t *testing.T, method, url, body string, headers map[string]string) (int, string, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Get("Content-Type"), string(text)
}
