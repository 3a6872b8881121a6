package hosting_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/hosting"
)

// listen opens a port on loopback.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := hosting.Listen(t.Context(), "127.0.0.1", 0)
	require.NoError(t, err)
	return listener
}

func TestServeAnswersWhileItLoads(t *testing.T) {
	t.Parallel()
	listener := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	loading, served := make(chan struct{}), make(chan error, 1)
	handler := hosting.Ping(func() bool { return false })
	go func() {
		served <- hosting.Serve(ctx, listener, handler, func() error { <-loading; return nil })
	}()
	response, err := http.Get("http://" + listener.Addr().String())
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, 503, response.StatusCode)
	close(loading)
	stop()
	assert.NoError(t, <-served)
}

func TestServeEndsWhenLoadingOrTheListenerFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	err := hosting.Serve(t.Context(), listen(t), http.NotFoundHandler(), func() error { return broken })
	assert.ErrorIs(t, err, broken)

	listener := listen(t)
	require.NoError(t, listener.Close())
	err = hosting.Serve(t.Context(), listener, http.NotFoundHandler(), func() error { return nil })
	assert.ErrorIs(t, err, net.ErrClosed)
}

func TestListenSaysWhyAPortCannotBeOpened(t *testing.T) {
	t.Parallel()
	taken := listen(t)
	defer func() { assert.NoError(t, taken.Close()) }()
	_, err := hosting.Listen(t.Context(), "127.0.0.1", taken.Addr().(*net.TCPAddr).Port)
	assert.ErrorContains(t, err, "listen: ")
}
