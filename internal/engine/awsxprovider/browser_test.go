package awsxprovider_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/awsxprovider"
)

// The other provider serves with the same library: what holds for one holds for both.
func TestAWebPageGetsNoAnswerOfAProvider(t *testing.T) {
	t.Parallel()
	provider, err := awsxprovider.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, provider.Close()) })
	_, port, _ := strings.Cut(provider.Attach(), ":")
	connection, err := net.Dial("tcp", "127.0.0.1:"+port)
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	// Browsers speak HTTP/2 only over TLS.
	_, err = io.WriteString(connection, "POST /pulumirpc.ResourceProvider/GetPluginInfo HTTP/1.1\r\nHost: 127.0.0.1:"+port+
		"\r\nOrigin: https://evil.example\r\nContent-Type: application/grpc\r\nContent-Length: 5\r\n\r\n\x00\x00\x00\x00\x00")
	require.NoError(t, err)
	answer, _ := io.ReadAll(connection)
	assert.NotContains(t, string(answer), "HTTP/1")
}
