package localaws_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
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

// One start of moto serves all that there is to try.
func TestProgramsAreServedAndWebPagesAreNot(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t), Log: &log})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	address := strings.TrimPrefix(server.URL(), "http://")
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)

	// The emulator listens on no port. The gateway itself shows that ports are found.
	assert.Zero(t, listening(t, healthOf(t, server).Services[3].PID))
	assert.Positive(t, listening(t, os.Getpid()))

	// It is still open, and ends by itself.
	unfinished, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(unfinished, "POST / HTTP/1.1\r\nHost: "+address+"\r\nX-Amz-")
	require.NoError(t, err)

	// Clients of Amazon S3 put the bucket before a host that is a name.
	byName := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://localhost:" + port),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: &http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			},
		}},
	})
	_, err = byName.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("models")})
	require.NoError(t, err)
	_, err = byName.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("models"), Key: aws.String("k"), Body: strings.NewReader("x"),
	})
	require.NoError(t, err)

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
	// The object is still there.
	kept, err := byName.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("models"), Key: aws.String("k")})
	require.NoError(t, err)
	require.NoError(t, kept.Body.Close())

	// It returns when the gateway has hung up.
	_, _ = io.Copy(io.Discard, unfinished)
	require.NoError(t, unfinished.Close())
	require.NoError(t, server.Close())
	assert.Equal(t, 21, strings.Count(log.String(), "gateway: refused "))
}

func TestAPreflightOfTheWholeServerIsRefused(t *testing.T) {
	t.Parallel()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	address := strings.TrimPrefix(server.URL(), "http://")
	asked, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(asked, "OPTIONS * HTTP/1.1\r\nHost: "+address+"\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(asked)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "HTTP/1.1 403 Forbidden\r\n")
}
