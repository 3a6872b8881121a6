package awsprovider

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program writes a shell script that stands for the bridge.
func program(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bridge")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+strings.Join(lines, "\n")+"\n"), 0o700))
	return path
}

func TestCloseEndsTheBridgeAndWhatItStarted(t *testing.T) {
	t.Parallel()
	// Both processes hold the pipe open for writing, so its end is the end of both.
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	opts := Options{Bridge: program(t, "exec 3>"+pipe, "sleep 1000 >&3 2>&3 &", "echo 4242", "wait")}
	ended := make(chan error, 1)
	go func() {
		_, err := os.ReadFile(pipe)
		ended <- err
	}()

	b, err := startBridge(t.Context(), opts, t.TempDir(), "127.0.0.1:1", io.Discard)
	require.NoError(t, err)
	assert.Equal(t, 4242, b.port)
	require.NoError(t, b.close())
	require.NoError(t, <-ended)
	require.NoError(t, b.close(), "a second time")
}

func TestBridgeThatEndsBeforeItServesIsAnErrorThatSaysHow(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	_, err := startBridge(t.Context(), Options{Bridge: program(t, "echo broken >&2", "exit 3")}, t.TempDir(), "", &log)
	require.EqualError(t, err, "bridge: ended before it served: exit status 3\nno port was printed")
	assert.Equal(t, "broken\n", log.String())
}

func TestTheRestOfTheBridgesOutputIsLogged(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	ports := newPortReader(&log)
	for _, piece := range []string{"42", "42\nwa", "rning\n"} {
		n, err := io.WriteString(ports, piece)
		require.NoError(t, err)
		assert.Equal(t, len(piece), n)
	}
	assert.Equal(t, 4242, <-ports.port)
	assert.Equal(t, "warning\n", log.String())
}

func TestFirstLineThatIsNoPortIsAnError(t *testing.T) {
	t.Parallel()
	_, err := io.WriteString(newPortReader(io.Discard), "panic\n")
	require.ErrorContains(t, err, `port: strconv.Atoi: parsing "panic"`)
}

func TestBridgesEnvironmentHasNoCABundleAndItsOwnTemporaryFolder(t *testing.T) {
	t.Parallel()
	env := []string{"A=1", "AWS_CA_BUNDLE=x", "TMPDIR=y", "AWS_REGION=z"}
	assert.Equal(t, []string{"A=1", "AWS_REGION=z", "TMPDIR=dir"}, bridgeEnv(env, "dir"))
	assert.Equal(t, []string{"A=1", "AWS_CA_BUNDLE=x", "TMPDIR=y", "AWS_REGION=z"}, env)
}

func TestStartWithoutTheTerraformProviderLeavesNothing(t *testing.T) {
	// The folder of temporary files is looked at, so no other test may use it meanwhile.
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	_, err := Start(t.Context(), Options{TerraformProvider: filepath.Join("no", "where")})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "aws provider: terraform provider: ")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}
