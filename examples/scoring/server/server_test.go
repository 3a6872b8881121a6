package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/hosting"
	"sagehost/examples/scoring/server"
)

func TestPingSaysWhetherTheModelIsLoaded(t *testing.T) {
	t.Parallel()
	s := server.New(server.Options{ModelFolder: modelFolder(t), ModelBytes: evenSize})
	url := start(t, s)
	csv := map[string]string{"Content-Type": "text/csv"}

	status, _, body := ask(t, "GET", url+"/ping", "", nil)
	assert.Equal(t, 503, status)
	assert.Empty(t, body)
	status, _, body = ask(t, "POST", url+"/invocations", "1,2", csv)
	assert.Equal(t, 503, status)
	assert.JSONEq(t, `{"error":"the model is not loaded yet"}`, body)

	require.NoError(t, s.Load())
	status, _, _ = ask(t, "GET", url+"/ping", "", nil)
	assert.Equal(t, 200, status)
	status, _, _ = ask(t, "POST", url+"/invocations", "1,2", csv)
	assert.Equal(t, 200, status)
}

func TestLoadRefusesAModelThatTakesTooMuchMemory(t *testing.T) {
	t.Parallel()
	s := server.New(server.Options{ModelFolder: modelFolder(t), ModelBytes: evenSize - 1})
	assert.EqualError(t, s.Load(), "the model takes 80 bytes, but the limit is 79")
}

func TestInvocationsAnswerInTheTypeThatIsAskedFor(t *testing.T) {
	t.Parallel()
	url := single(t) + "/invocations"
	const object = `{"class":"a","probabilities":{"a":0.5,"b":0.5}}`
	for _, given := range []struct{ input, accept, body, output, want string }{
		{"text/csv", "", "1,2\n3,4\n", "text/csv", "a,0.5\na,0.5\n"},
		{"application/json", "", "[[1,2]]", "application/json", `{"predictions":[` + object + "]}\n"},
		{"application/jsonlines", "*/*", "[1,2]\n[3,4]", "application/jsonlines", object + "\n" + object + "\n"},
		{"text/csv; charset=utf-8", "application/json", "1,2", "application/json", `{"predictions":[` + object + "]}\n"},
	} {
		headers := map[string]string{"Content-Type": given.input, "Accept": given.accept}
		status, output, body := ask(t, "POST", url, given.body, headers)
		assert.Equal(t, 200, status)
		assert.Equal(t, given.output, output)
		assert.Equal(t, given.want, body)
	}
}

func TestInvocationsSayWhyTheyAreRefused(t *testing.T) {
	t.Parallel()
	url := single(t)
	for _, given := range []struct {
		input, accept, body string
		status              int
		want                string
	}{
		{"text/csv", "", "1,2\n3,x", 400, `{"error":"row 2, column 2: \"x\" is not a finite number"}`},
		{"text/csv", "", "1", 400, `{"error":"row 1: 1 values, but the model has 2 features"}`},
		{"text/plain", "", "1,2", 415, `{"error":"cannot read \"text/plain\", ` +
			`only text/csv, application/json or application/jsonlines"}`},
		{"text/csv", "image/png", "1,2", 406, `{"error":"cannot answer as \"image/png\", ` +
			`only as text/csv, application/json or application/jsonlines"}`},
		{"text/csv", "", strings.Repeat(" ", hosting.MaxPayload+1), 413, `{"error":"the body is larger than 6291456 bytes"}`},
		{"text/csv", "", strings.Repeat("\n", hosting.MaxPayload), 400, `{"error":"the body has no rows"}`},
	} {
		headers := map[string]string{"Content-Type": given.input, "Accept": given.accept}
		status, output, body := ask(t, "POST", url+"/invocations", given.body, headers)
		assert.Equal(t, given.status, status)
		assert.Equal(t, "application/json", output)
		assert.Equal(t, given.want+"\n", body)
	}
	status, _, _ := ask(t, "GET", url+"/invocations", "", nil)
	assert.Equal(t, 405, status)
	status, _, _ = ask(t, "GET", url+"/models", "", nil)
	assert.Equal(t, 404, status, "one model needs no API for many")
}

func TestServeEndsWithTheReasonWhyTheModelCannotBeLoaded(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	err = server.New(server.Options{ModelFolder: t.TempDir()}).Serve(t.Context(), listener)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestServeFinishesTheRequestsUnderWayWhenItIsStopped(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	folder := modelFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	served := make(chan error, 1)
	s := server.New(server.Options{ModelFolder: folder, ModelBytes: evenSize})
	require.NoError(t, s.Load())
	go func() { served <- s.Serve(ctx, listener) }()

	// The server asks for the body once it works on the request: then it is told to stop.
	body, more := io.Pipe()
	trace := &httptrace.ClientTrace{Got100Continue: func() {
		stop()
		go func() {
			_, _ = io.WriteString(more, "1,2")
			_ = more.Close()
		}()
	}}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "POST",
		"http://"+listener.Addr().String()+"/invocations", body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "text/csv")
	request.Header.Set("Expect", "100-continue")
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "a,0.5\n", string(answer))
	assert.NoError(t, <-served)
}
