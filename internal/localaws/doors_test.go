package localaws_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/localaws"
)

// listening counts the TCP ports that a process listens on.
func listening(t *testing.T, pid int) int {
	t.Helper()
	process := fmt.Sprintf("/proc/%d", pid)
	if _, err := os.Stat(process + "/net/tcp"); err != nil {
		t.Skipf("this system does not say what a process listens on: %v", err)
	}
	ports := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(process, "net", table))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			// The fourth column is the state, of which 0A is LISTEN, and the tenth the inode of the socket.
			if columns := strings.Fields(line); columns[3] == "0A" {
				ports["socket:["+columns[9]+"]"] = true
			}
		}
	}
	files, err := filepath.Glob(process + "/fd/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	count := 0
	for _, file := range files {
		// A file that was closed in the meantime is no port.
		if target, err := os.Readlink(file); err == nil && ports[target] {
			count++
		}
	}
	return count
}

func TestTheEmulatorListensOnNoPort(t *testing.T) {
	t.Parallel()
	before := listening(t, os.Getpid())
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	assert.Zero(t, listening(t, healthOf(t, server).Services[3].PID))
	// The gateway itself shows that ports are found.
	assert.Greater(t, listening(t, os.Getpid()), before)
}

func TestAWebPageReachesNoService(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t), Log: &log})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	port := server.URL()[strings.LastIndex(server.URL(), ":")+1:]
	send := func(method, path, header, value string) string {
		request, err := http.NewRequest(method, server.URL()+path, strings.NewReader("x"))
		require.NoError(t, err)
		if header == "Host" {
			request.Host = value
		} else {
			request.Header.Set(header, value)
		}
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.Status
	}
	for _, path := range []string{"/", "/models", "/moto-api/reset", "/_local/clock", "/endpoints/e/invocations"} {
		assert.Equal(t, "403 Forbidden", send(http.MethodPost, path, "Origin", "https://evil.example"), path)
		assert.Equal(t, "403 Forbidden", send(http.MethodPost, path, "Sec-Fetch-Site", "cross-site"), path)
		assert.Equal(t, "403 Forbidden", send(http.MethodOptions, path, "Access-Control-Request-Method", "PUT"), path)
		assert.Equal(t, "403 Forbidden", send(http.MethodPost, path, "Host", "evil.example:"+port), path)
	}
	assert.Equal(t, "403 Forbidden", send(http.MethodPost, "/moto-api/reset", "Accept", "*/*"))
	assert.Equal(t, "200 OK", send(http.MethodPut, "/models", "Accept", "*/*"))
	require.NoError(t, server.Close())
	assert.Equal(t, 21, strings.Count(log.String(), "gateway: refused "))
}
