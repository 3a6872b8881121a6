package dataplane_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw sends bytes to the gateway, and returns what it answers before it hangs up.
func (w *world) raw(text string) string {
	w.tb.Helper()
	connection, err := (&net.Dialer{}).DialContext(w.tb.Context(), "tcp", strings.TrimPrefix(w.url, "http://"))
	require.NoError(w.tb, err)
	defer func() { assert.NoError(w.tb, connection.Close()) }()
	require.NoError(w.tb, connection.SetDeadline(time.Now().Add(soon)))
	// The gateway may have hung up before it has read everything.
	_, _ = io.WriteString(connection, text)
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	answer, _ := io.ReadAll(connection)
	return string(answer)
}

func TestMalformedRequestsAreRefusedAndForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	const invocations, refused = "POST /endpoints/v1/invocations", "HTTP/1.1 400 Bad Request"
	host := "Host: " + strings.TrimPrefix(w.url, "http://")
	request := func(line, body string, headers ...string) string {
		head := append([]string{line + " HTTP/1.1", host, "Connection: close"}, headers...)
		if len(headers) == 0 {
			head = append(head, fmt.Sprintf("Content-Length: %d", len(body)))
		}
		return strings.Join(head, "\r\n") + "\r\n\r\n" + body
	}
	operation := func(name, body string) string {
		return request("POST /", body, "X-Amz-Target: SageMaker."+name, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	rows := map[string]struct{ request, answer string }{
		"no request":     {"\x00\xff\x16\x03\x01 garbage\r\n\r\n", refused},
		"TLS":            {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", ""},
		"half a header":  {"POST / HTTP/1.1\r\nHo", refused},
		"other protocol": {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 "},
		"bad URL":        {request("GET http://[::1/", ""), refused},
		"long header":    {request(invocations, "", "X-Long: "+strings.Repeat("a", 2<<20)), "HTTP/1.1 431"},
		"bad length":     {request(invocations, "", "Content-Length: -7"), refused},
		"short body":     {request(invocations, "short", "Content-Length: 70"), ""},
		"bad chunk":      {request(invocations, "zz\r\n", "Transfer-Encoding: chunked"), "HTTP/1.1 4"},
		"bad scope":      {request(invocations, "", "Authorization: AWS4-HMAC-SHA256 Credential=////"), "HTTP/1.1 "},
		"bad name":       {request("POST /endpoints/%00%ff/invocations", "1"), refused},
		"no name":        {request("POST /endpoints//invocations", "1"), refused},
		"bad TTL": {
			request("POST /endpoints/v1/async-invocations", "", "X-Amzn-Sagemaker-RequestTTLSeconds: NaN"), refused,
		},
		"broken JSON":     {operation("CreateModel", `{"a":`), refused},
		"list":            {operation("CreateModel", `[1,2]`), refused},
		"other text":      {operation("CreateModel", "\xff\xfe\x00{}"), refused},
		"deep JSON":       {operation("CreateModel", strings.Repeat(`{"Tags":[`, 100_000)), refused},
		"no operation":    {operation("", "{}"), "HTTP/1.1 "},
		"broken fault":    {request("PUT /_local/faults/x", "{"), refused},
		"infinite speed":  {request("PUT /_local/clock", `{"speed":1e999}`), refused},
		"no script":       {request("PUT /_local/sagemaker/endpoints/v1/next-update", "null"), refused},
		"no such step":    {request("PUT /_local/sagemaker/endpoints/v1/next-other", "{}"), "HTTP/1.1 404 Not Found"},
		"no such command": {request("POST /_local/sagemaker/endpoints/none/crash", ""), "HTTP/1.1 404 Not Found"},
	}
	for name, row := range rows {
		got := w.raw(row.request)
		assert.True(t, strings.HasPrefix(got, row.answer), "%s: %.200q", name, got)
		w.assertAnswer("v1", "v1", "anything")
	}
}

func TestRequestsWithWrongBytesDoNoHarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	host := "Host: " + strings.TrimPrefix(w.url, "http://") + "\r\n"
	const signature = "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/sagemaker/aws4_request, " +
		"SignedHeaders=host, Signature=0\r\n"
	seeds := []string{
		"POST /endpoints/v1/invocations HTTP/1.1\r\n" + host + signature + "Content-Type: text/csv\r\n" +
			"X-Amzn-SageMaker-Target-Variant: main\r\nContent-Length: 3\r\n\r\n1,2",
		"POST / HTTP/1.1\r\n" + host + signature + "X-Amz-Target: SageMaker.DescribeEndpoint\r\n" +
			"Content-Type: application/x-amz-json-1.1\r\nContent-Length: 21\r\n\r\n{\"EndpointName\":\"v1\"}",
		"PUT /_local/sagemaker/endpoints/v2/next-create?region=eu-west-1 HTTP/1.1\r\n" + host +
			"Content-Length: 35\r\n\r\n{\"outcome\": \"slow\", \"delay\": \"90s\"}",
	}
	// The same bytes each time.
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		text := []byte(seeds[random.IntN(len(seeds))])
		for range 1 + random.IntN(4) {
			text[random.IntN(len(text))] = byte(random.IntN(256))
		}
		w.raw(string(text))
	}
	w.assertAnswer("v1", "v1", "anything")
	assert.Equal(t, types.EndpointStatusInService, w.describe("v1").EndpointStatus)
	assert.Empty(t, w.keys(""))
}
