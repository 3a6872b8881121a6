package server_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/server"
)

// load asks a server to load a model, and gives the status and body of the answer.
func load(t *testing.T, url, name, folder string) (int, string) {
	t.Helper()
	wanted, err := json.Marshal(map[string]string{"model_name": name, "url": folder})
	require.NoError(t, err)
	status, _, body := ask(t, "POST", url+"/models", string(wanted), nil)
	return status, body
}

func TestModelsAreLoadedInvokedAndUnloadedByName(t *testing.T) {
	t.Parallel()
	url := start(t, server.New(server.Options{MultiModel: true, ModelBytes: 2 * evenSize}))
	folder := modelFolder(t)
	status, _, _ := ask(t, "GET", url+"/ping", "", nil)
	assert.Equal(t, 200, status, "many models are served from the start")
	status, _, _ = ask(t, "POST", url+"/invocations", "1,2", nil)
	assert.Equal(t, 404, status)

	status, body := load(t, url, "a", folder)
	assert.Equal(t, 200, status)
	shown := fmt.Sprintf(`{"modelName":"a","modelUrl":%q}`, folder)
	assert.Equal(t, shown+"\n", body)
	status, _, body = ask(t, "GET", url+"/models/a", "", nil)
	assert.Equal(t, 200, status)
	assert.Equal(t, shown+"\n", body)
	_, _, body = ask(t, "GET", url+"/models", "", nil)
	assert.Equal(t, `{"models":[`+shown+"]}\n", body)
	status, _, body = ask(t, "POST", url+"/models/a/invoke", "1,2", map[string]string{"Content-Type": "text/csv"})
	assert.Equal(t, 200, status)
	assert.Equal(t, "a,0.5\n", body)

	status, _, body = ask(t, "DELETE", url+"/models/a", "", nil)
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"modelName":"a"}`, body)
	_, _, body = ask(t, "GET", url+"/models", "", nil)
	assert.JSONEq(t, `{"models":[]}`, body)
}

func TestModelsAreRefusedWithTheStatusThatSageMakerExpects(t *testing.T) {
	t.Parallel()
	url := start(t, server.New(server.Options{MultiModel: true, ModelBytes: 2*evenSize - 1}))
	folder := modelFolder(t)
	for method, path := range map[string]string{"GET": "/models/a", "DELETE": "/models/a", "POST": "/models/a/invoke"} {
		status, _, body := ask(t, method, url+path, "", nil)
		assert.Equal(t, 404, status, method)
		assert.JSONEq(t, `{"error":"model \"a\": not loaded"}`, body, method)
	}

	status, _ := load(t, url, "a", folder)
	require.Equal(t, 200, status)
	status, body := load(t, url, "a", folder)
	assert.Equal(t, 409, status)
	assert.JSONEq(t, `{"error":"model \"a\": already loaded"}`, body)
	status, body = load(t, url, "b", folder)
	assert.Equal(t, 507, status)
	assert.JSONEq(t, `{"error":"model \"b\" takes 80 bytes, 79 of 159 are free: no memory left"}`, body)

	status, _, _ = ask(t, "DELETE", url+"/models/a", "", nil)
	require.Equal(t, 200, status)
	status, _ = load(t, url, "b", folder)
	assert.Equal(t, 200, status, "unloading makes room")

	status, _ = load(t, url, "c", t.TempDir())
	assert.Equal(t, 400, status, "a folder without a model")
	status, body = load(t, url, "", folder)
	assert.Equal(t, 400, status)
	assert.JSONEq(t, `{"error":"model_name and url are required"}`, body)
	status, _, _ = ask(t, "POST", url+"/models", "{", nil)
	assert.Equal(t, 400, status)
}

func TestModelsAreListedInPagesOfAHundred(t *testing.T) {
	t.Parallel()
	url := start(t, server.New(server.Options{MultiModel: true, ModelBytes: 101 * evenSize}))
	folder := modelFolder(t)
	for i := range 101 {
		status, body := load(t, url, fmt.Sprintf("m%03d", i), folder)
		require.Equal(t, 200, status, body)
	}
	var page struct {
		Models []struct{ ModelName string }
		Next   string `json:"nextPageToken"`
	}
	_, _, body := ask(t, "GET", url+"/models", "", nil)
	require.NoError(t, json.Unmarshal([]byte(body), &page))
	require.Len(t, page.Models, 100)
	assert.Equal(t, "m000", page.Models[0].ModelName)
	assert.Equal(t, "m099", page.Next)
	_, _, body = ask(t, "GET", url+"/models?next_page_token="+page.Next, "", nil)
	assert.Equal(t, fmt.Sprintf(`{"models":[{"modelName":"m100","modelUrl":%q}]}`, folder)+"\n", body)
}
