package admission_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/files"
	"sagehost/localaws/protocol/admission"
)

const patience = 30 * time.Second

// stays reports whether a client that sends so many bytes every so often is still served after a number of them.
func stays(pieces, size int64, every time.Duration) bool {
	for piece := range pieces {
		if admission.Remaining(patience, piece*size, time.Duration(piece)*every) < every {
			return false
		}
	}
	return true
}

func TestABodyThatMakesProgressIsNeverCutOff(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		pieces, size int64
		every        time.Duration
		stays        bool
	}{
		"nothing for 30 s":                   {1, 0, 30 * time.Second, true},
		"nothing for longer":                 {1, 0, 31 * time.Second, false},
		"a modem for a day":                  {86_400, 700, time.Second, true},
		"5 TiB in pieces of 64 MiB":          {81_920, 64 << 20, 3 * time.Second, true},
		"pauses of 4 minutes after 1 MiB":    {1, 1 << 20, 30 * time.Second, true},
		"a byte each second":                 {40, 1, time.Second, false},
		"a byte at the last moment":          {2, 1, 29 * time.Second, false},
		"a piece of 400 bytes at a time":     {1000, 400, time.Second, false},
		"a piece of 500 bytes at a time":     {100_000, 500, time.Second, true},
		"a byte each second for two minutes": {120, 1, time.Second, false},
	} {
		assert.Equal(t, row.stays, stays(row.pieces, row.size, row.every), name)
	}
	// A client that has sent much may think for a while, not for ever.
	assert.Equal(t, 5*time.Minute, admission.Remaining(patience, 1<<50, time.Hour))
}

func TestAConnectionWhoseBodyDoesNotArriveEnds(t *testing.T) {
	t.Parallel()
	read := func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		http.Error(w, fmt.Sprint(err), http.StatusBadRequest)
	}
	ignore := func(http.ResponseWriter, *http.Request) {}
	const length, chunked = "Content-Length: 100\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n"
	for name, row := range map[string]struct {
		handler         http.HandlerFunc
		host, rest, log string
	}{
		"length":       {read, "127.0.0.1", length + "12345", `gave up "POST" "/x": of its body, 5 bytes arrived in `},
		"chunks":       {read, "127.0.0.1", chunked + "123", `gave up "POST" "/x": of its body, 3 bytes arrived in `},
		"nothing":      {read, "127.0.0.1", length, `gave up "POST" "/x": of its body, 0 bytes arrived in `},
		"nobody reads": {ignore, "127.0.0.1", length + "12345", ""},
		"refused":      {read, "evil.example", length + "12345", `refused "POST" "/x": Host `},
	} {
		var log bytes.Buffer
		server := httptest.NewUnstartedServer(nil)
		_, port, err := net.SplitHostPort(server.Listener.Addr().String())
		require.NoError(t, err)
		server.Config.Handler = admission.WrapFor(row.handler,
			admission.Options{Addr: server.Listener.Addr().String(), Log: files.NewSharedWriter(&log)}, 50*time.Millisecond)
		server.Start()
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		_, err = io.WriteString(connection, "POST /x HTTP/1.1\r\nHost: "+row.host+":"+port+"\r\n"+row.rest)
		require.NoError(t, err)
		// It returns when the server has hung up.
		_, _ = io.Copy(io.Discard, connection)
		require.NoError(t, connection.Close())
		server.Close()
		assert.Regexp(t, "^(gateway: "+regexp.QuoteMeta(row.log)+`.*\n)?$`, log.String(), name)
		assert.Contains(t, log.String(), row.log, name)
	}
}

func TestTheDeadlineOfABodyEndsWithIt(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := httptest.NewUnstartedServer(nil)
	const soon = 50 * time.Millisecond
	server.Config.Handler = admission.WrapFor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case <-r.Context().Done():
			http.Error(w, "cut off", http.StatusInternalServerError)
		case <-time.After(4 * soon):
			_, _ = w.Write(body)
		}
	}), admission.Options{Addr: server.Listener.Addr().String(), Log: files.NewSharedWriter(&log)}, soon)
	server.Start()
	t.Cleanup(server.Close)
	// Both requests use the same connection.
	for range 2 {
		response, err := http.Post(server.URL, "text/csv", strings.NewReader("1,2"))
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, "1,2", string(body))
	}
	assert.Empty(t, log.String())
}
