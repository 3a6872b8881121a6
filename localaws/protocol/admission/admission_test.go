package admission_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/files"
	"sagehost/localaws/protocol/admission"
)

const (
	served = "200 OK: served"
	// malformed is how the answer to a request starts that the server of Go refuses by itself.
	malformed = "400 Bad Request: "
)

// gateway is a server behind the gate.
type gateway struct {
	t    *testing.T
	port string
	log  *bytes.Buffer
	// reached is what got through the gate.
	reached []string
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{t: t, log: &bytes.Buffer{}}
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	g.port = port
	server.Config.Handler = admission.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.reached = append(g.reached, r.Method+" "+r.RequestURI)
		_, _ = io.WriteString(w, "served")
	}), admission.Options{Addr: server.Listener.Addr().String(), Log: files.NewSharedWriter(g.log)})
	server.Start()
	t.Cleanup(server.Close)
	return g
}

// ask sends a request as it is written, where PORT stands for the gateway's, and returns status, body and headers.
func (g *gateway) ask(lines ...string) (answer string, header http.Header) {
	g.t.Helper()
	connection, err := net.Dial("tcp", "127.0.0.1:"+g.port)
	require.NoError(g.t, err)
	defer func() { assert.NoError(g.t, connection.Close()) }()
	text := strings.ReplaceAll(strings.Join(lines, "\r\n"), "PORT", g.port)
	_, err = io.WriteString(connection, text)
	require.NoError(g.t, err)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(g.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(g.t, err)
	return response.Status + ": " + string(body), response.Header
}

func (g *gateway) refused() string {
	return "403 Forbidden: This local AWS answers programs on this machine at http://127.0.0.1:" + g.port +
		", and no web page. Its log says why this request was refused.\n"
}

func TestOnlyLoopbackHostsWithThePortAreServed(t *testing.T) {
	t.Parallel()
	for host, isServed := range map[string]bool{
		"127.0.0.1:PORT": true, "127.8.9.10:PORT": true, "localhost:PORT": true, "LOCALHOST:PORT": true,
		"localhost.:PORT": true, "[::1]:PORT": true, "[::ffff:127.0.0.1]:PORT": true,
		"models.localhost:PORT": true, "my.models.s3.localhost:PORT": true,

		"": false, "127.0.0.1": false, "localhost": false, "[::1]": false, "::1": false,
		"127.0.0.1:1": false, "localhost:0PORT": false, "127.0.0.1:": false, "localhost:80": false,
		"evil.example": false, "evil.example:PORT": false, "10.0.0.1:PORT": false, "0.0.0.0:PORT": false, "[::]:PORT": false,
		"[::1%25lo]:PORT": false, "::1:PORT": false, "2130706433:PORT": false, "0x7f.1:PORT": false, "127.1:PORT": false,
		"localhost.evil.example:PORT": false, "127.0.0.1.evil.example:PORT": false, "evil.example#.localhost:PORT": false,
		"evillocalhost:PORT": false, ".localhost.evil:PORT": false, "user@localhost:PORT": false,
		"host.docker.internal:PORT": false, "169.254.169.254:PORT": false, "localhost:PORT:PORT": false,
	} {
		g := newGateway(t)
		want := served
		if !isServed {
			want = g.refused()
		}
		answer, _ := g.ask("GET / HTTP/1.1", "Host: "+host, "", "")
		if strings.HasPrefix(answer, malformed) {
			// Go's server has refused it before.
			answer = g.refused()
		}
		assert.Equal(t, want, answer, host)
		// A target with a host counts more than the header (RFC 9112, section 3.2.2).
		if host != "" && !strings.Contains(host, "@") {
			answer, _ = g.ask("GET http://"+host+"/ HTTP/1.1", "Host: 127.0.0.1:PORT", "", "")
			if strings.HasPrefix(answer, malformed) {
				answer = g.refused()
			}
			assert.Equal(t, want, answer, "http://%s/", host)
		}
	}
}

func TestARequestWithoutOneHostIsNotServed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	answer, _ := g.ask("GET / HTTP/1.0", "", "")
	assert.Equal(t, g.refused(), answer)
	for name, lines := range map[string][]string{
		"no Host":   {"GET / HTTP/1.1", "", ""},
		"two Hosts": {"GET / HTTP/1.1", "Host: 127.0.0.1:PORT", "Host: evil.example", "", ""},
		"same Host": {"GET / HTTP/1.1", "Host: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT", "", ""},
	} {
		answer, _ := g.ask(lines...)
		assert.True(t, strings.HasPrefix(answer, malformed), "%s: %s", name, answer)
	}
	answer, _ = g.ask("GET / HTTP/1.0", "Host: 127.0.0.1:PORT", "", "")
	assert.Equal(t, served, answer)
	assert.Len(t, g.reached, 1)
}

// browser are the requests that a page can have its browser send, and why each is refused.
func browser() map[string]struct{ request, reason string } {
	const json = "Content-Type: application/x-amz-json-1.1"
	row := func(reason string, lines ...string) struct{ request, reason string } {
		lines = append([]string{lines[0] + " HTTP/1.1", "Host: 127.0.0.1:PORT"}, lines[1:]...)
		return struct{ request, reason string }{strings.Join(lines, "\r\n") + "\r\n\r\n", reason}
	}
	return map[string]struct{ request, reason string }{
		"preflight": row(`a web page asks, Origin "https://evil.example"`, "OPTIONS /",
			"Origin: https://evil.example", "Access-Control-Request-Method: POST",
			"Access-Control-Request-Headers: x-amz-target", "Sec-Fetch-Site: cross-site"),
		"preflight for the network": row(`a web page asks, Origin "https://evil.example"`, "OPTIONS /",
			"Origin: https://evil.example", "Access-Control-Request-Method: GET",
			"Access-Control-Request-Private-Network: true"),
		"preflight without origin": row("preflights are not answered", "OPTIONS /models",
			"Access-Control-Request-Method: PUT"),
		"options":                row("preflights are not answered", "OPTIONS /"),
		"preflight in a request": row("preflights are not answered", "GET /", "Access-Control-Request-Method: PUT"),
		"simple POST": row(`a web page asks, Origin "https://evil.example"`, "POST /",
			"Origin: https://evil.example", "Content-Type: text/plain", "Content-Length: 2", "", "{}"),
		"form": row(`a web page asks, Origin "null"`, "POST /", "Origin: null",
			"Content-Type: application/x-www-form-urlencoded", "Content-Length: 17", "", "Action=ListQueues"),
		"upload": row(`a web page asks, Origin "https://evil.example"`, "POST /models", "Origin: https://evil.example",
			"Content-Type: multipart/form-data; boundary=b", "Content-Length: 71", "",
			"--b", `Content-Disposition: form-data; name="key"`, "", "model.tar.gz", "--b--"),
		"own origin":   row(`a web page asks, Origin "http://127.0.0.1:1"`, "POST /", "Origin: http://127.0.0.1:1", json),
		"empty origin": row(`a web page asks, Origin ""`, "POST /", "Origin: ", json),
		"two origins":  row(`a web page asks, Origin ", x"`, "POST /", "Origin:", "origin: x"),
		"image":        row(`a web page asks, Sec-Fetch-Site "cross-site"`, "GET /models", "Sec-Fetch-Site: cross-site"),
		"other port":   row(`a web page asks, Sec-Fetch-Site "same-site"`, "GET /models", "Sec-Fetch-Site: same-site"),
		"two sites": row(`a web page asks, Sec-Fetch-Site "cross-site"`, "GET /models", "Sec-Fetch-Site: none",
			"Sec-Fetch-Site: cross-site"),
		"control": row(`a web page asks, Origin "https://evil.example"`, "PUT /_local/clock",
			"Origin: https://evil.example"),
		"health": row(`a web page asks, Sec-Fetch-Site "cross-site"`, "GET /_local/health", "Sec-Fetch-Site: cross-site"),
		"unknown path": row(`a web page asks, Sec-Fetch-Site "cross-site"`, "GET /favicon.ico",
			"Sec-Fetch-Site: cross-site"),
		"rebound name": {
			"POST / HTTP/1.1\r\nHost: evil.example:PORT\r\nSec-Fetch-Site: same-origin\r\n\r\n",
			`Host "evil.example:PORT" is not a loopback address with port PORT`,
		},
	}
}

func TestWhatAPageAsksIsRefusedWithALineInTheLog(t *testing.T) {
	t.Parallel()
	for name, row := range browser() {
		g := newGateway(t)
		answer, header := g.ask(row.request)
		assert.Equal(t, g.refused(), answer, name)
		for sent := range header {
			assert.False(t, strings.HasPrefix(sent, "Access-Control-"), "%s: %s", name, sent)
		}
		assert.Empty(t, g.reached, name)
		first := strings.Fields(row.request)
		line := fmt.Sprintf("gateway: refused %q %q: %s\n", first[0], first[1], row.reason)
		assert.Equal(t, strings.ReplaceAll(line, "PORT", g.port), g.log.String(), name)
	}
}

func TestProgramsAndTheUsersOwnNavigationAreServed(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string][]string{
		"SDK":         {"Authorization: AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/s3/aws4_request"},
		"address bar": {"Sec-Fetch-Site: none"},
		"own page":    {"Sec-Fetch-Site: same-origin"},
	} {
		g := newGateway(t)
		answer, header := g.ask(append(append([]string{"GET /models/page.html HTTP/1.1", "Host: localhost:PORT"}, headers...),
			"", "")...)
		assert.Equal(t, served, answer, name)
		assert.Empty(t, g.log.String(), name)
		// What a browser shows must not act for the user.
		want := "sandbox"
		if name == "SDK" {
			want = ""
		}
		assert.Equal(t, want, header.Get("Content-Security-Policy"), name)
	}
}

func TestTheEmulatorsOwnAPIIsNotReachable(t *testing.T) {
	t.Parallel()
	for target, isServed := range map[string]bool{
		"/moto-api": false, "/moto-api/": false, "/moto-api/reset": false, "//moto-api/reset": false,
		"///moto-api/reset": false, "/%6doto-api/reset": false, "/moto%2dapi/reset": false, "/MOTO-API/reset": false,
		"/moto-api%2freset": false, "/%2fmoto-api/reset": false, "/./moto-api/reset": false, "/x/../moto-api/reset": false,
		"/_local/../moto-api/reset": false, "/%2e/moto-api/reset": false, "/x/%2e%2e/moto-api/reset": false,
		"/moto-api-2/reset": false, "http://127.0.0.1:PORT/moto-api/reset": false,
		"http:moto-api/reset": false, "*": false, "moto:moto-api/reset": false,
		"/models/moto-api/reset": true, "/models": true, "/%256doto-api": true, "/": true,
		"http://127.0.0.1:PORT/models": true,
	} {
		g := newGateway(t)
		answer, _ := g.ask("POST "+target+" HTTP/1.1", "Host: 127.0.0.1:PORT", "Content-Length: 0", "", "")
		if isServed {
			assert.Equal(t, served, answer, target)
			continue
		}
		assert.True(t, answer == g.refused() || strings.HasPrefix(answer, malformed), "%s: %s", target, answer)
		assert.Empty(t, g.reached, target)
	}
}

func TestALineOfTheLogStaysALine(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	_, _ = g.ask("GET /"+strings.Repeat("%0a", 200)+" HTTP/1.1", "Host: 127.0.0.1:PORT",
		"Origin: "+strings.Repeat("ü", 3000), "", "")
	assert.Equal(t, 1, strings.Count(g.log.String(), "\n"))
	assert.Less(t, g.log.Len(), 2000)
}
