//go:build unix

package moto_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/moto"
)

// program writes a shell script that stands for moto_server.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "moto_server")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	return path
}

func TestAProgramThatEndsAtOnceIsReported(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	_, err := moto.Start(t.Context(), moto.Options{
		Path: program(t, `echo "no module named moto, asked for $1 $2"; exit 1`), Log: &log,
	})
	require.EqualError(t, err, "start moto: moto_server ended before it was ready; its log says why")
	assert.Contains(t, log.String(), "no module named moto, asked for -H unix:///")
}

func TestACancelledStartEndsTheProgram(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	go func() {
		// The program has started once it has printed something.
		_, _ = reader.Read(make([]byte, 1))
		cancel()
		_, _ = io.Copy(io.Discard, reader)
	}()
	_, err := moto.Start(ctx, moto.Options{Path: program(t, "echo started; exec sleep 3600"), Log: writer})
	require.ErrorIs(t, err, context.Canceled)
}

// server stands for moto_server: it answers every request, until it is ended.
const server = `exec python3 -c 'import http.server, socketserver, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *said):
        pass
socketserver.UnixStreamServer(sys.argv[1].removeprefix("unix://"), Handler).serve_forever()' "$2"`

func TestAServerOutlivesTheProcessThatForgetsIt(t *testing.T) {
	t.Parallel()
	requirePython(t)
	options := moto.Options{Path: program(t, server), Dir: t.TempDir()}
	first, err := moto.Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(first.Close)
	require.True(t, moto.Survives(t.Context(), options.Dir))

	second, err := moto.Start(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, first.PID(), second.PID())
	response, err := second.Transport().RoundTrip(httptest.NewRequest(http.MethodGet, second.URL().String(), nil))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)

	second.Close()
	assert.False(t, moto.Survives(t.Context(), options.Dir))
	third, err := moto.Start(t.Context(), options)
	require.NoError(t, err)
	assert.NotEqual(t, first.PID(), third.PID())
	require.NoError(t, moto.End(t.Context(), options.Dir))
	assert.False(t, moto.Survives(t.Context(), options.Dir))
}

func TestTheEndOfAServerIsNoticedAndDescribed(t *testing.T) {
	t.Parallel()
	requirePython(t)
	s, err := moto.Start(t.Context(), moto.Options{Path: program(t, server), Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGKILL))
	<-s.Exited()
	assert.Equal(t, fmt.Sprintf("moto_server (process %d) ended: signal: killed", s.PID()), s.ExitReason())
}

// TestARecordNeverLeadsToAStranger gives records the id of a process that is no server, and a server no record.
func TestARecordNeverLeadsToAStranger(t *testing.T) {
	t.Parallel()
	requirePython(t)
	stranger := exec.Command("sleep", "600")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() {
		require.NoError(t, stranger.Process.Kill())
		_ = stranger.Wait()
	})
	for name, record := range map[string]string{
		"a stranger": fmt.Sprintf(`{"PID": %d, "Socket": "/nowhere"}`, stranger.Process.Pid),
		"our own id": fmt.Sprintf(`{"PID": %d, "Socket": "/nowhere"}`, os.Getpid()),
		"all":        `{"PID": -1, "Socket": "/nowhere"}`,
		"cut":        `{"PID": 12`, "empty": "", "garbage": "\x00\xff", "another type": `["PID"]`, "null": "null",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := moto.Options{Path: program(t, server), Dir: t.TempDir()}
			left, err := moto.Start(t.Context(), options)
			require.NoError(t, err)
			t.Cleanup(left.Close)
			path := filepath.Join(options.Dir, "moto.json")
			require.NoError(t, os.WriteFile(path, []byte(record), 0o600))

			assert.False(t, moto.Survives(t.Context(), options.Dir))
			require.NoError(t, moto.End(t.Context(), options.Dir))

			<-left.Exited()
			assert.NoFileExists(t, path)
			assert.NoError(t, syscall.Kill(stranger.Process.Pid, 0))
		})
	}
}

func requirePython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not on the PATH")
	}
}
