package dataplane_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

// gatewayRole is set in the environment of this test's program when it runs a local AWS that is to be killed: the
// folder to keep it in.
const gatewayRole = "DATAPLANE_GATEWAY"

// runGateway keeps a local AWS in a folder, and writes its address there, until it is killed or its input ends.
func runGateway(dir string) int {
	server, err := localaws.Start(context.Background(), localaws.Options{
		Moto: os.Getenv("DATAPLANE_MOTO"), Root: root, Dir: dir, Keep: true, Log: os.Stderr,
	})
	if err == nil {
		// Whoever sees the file may read it.
		part := filepath.Join(dir, "url.part")
		if err = os.WriteFile(part, []byte(server.URL()), 0o600); err == nil {
			err = os.Rename(part, filepath.Join(dir, "url"))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// gateway is a local AWS in a process of its own.
type gateway struct {
	*world

	cmd *exec.Cmd
	// hold keeps it running while it is open.
	hold *os.File
}

// start starts the local AWS of a folder, or goes on with the one that was killed there.
func (g *gateway) start() {
	g.tb.Helper()
	address := filepath.Join(g.dir, "url")
	if err := os.Remove(address); err != nil {
		require.ErrorIs(g.tb, err, os.ErrNotExist)
	}
	input, hold, err := os.Pipe()
	require.NoError(g.tb, err)
	g.cmd, g.hold = exec.Command(programs.container), hold
	g.cmd.Env = append(os.Environ(), gatewayRole+"="+g.dir, "DATAPLANE_MOTO="+programs.moto)
	g.cmd.Stdin, g.cmd.Stderr = input, g.tb.Output()
	require.NoError(g.tb, g.cmd.Start())
	require.NoError(g.tb, input.Close())
	awaitFile(g.tb, address)
	url, err := os.ReadFile(address)
	require.NoError(g.tb, err)
	g.connect(string(url))
}

// kill leaves the local AWS no time to save anything.
func (g *gateway) kill() {
	g.tb.Helper()
	require.NoError(g.tb, g.cmd.Process.Kill())
	assert.EqualError(g.tb, g.cmd.Wait(), "signal: killed")
	require.NoError(g.tb, g.hold.Close())
}

// newGateway starts a local AWS of which nothing is left after the test.
func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{world: &world{tb: t, dir: t.TempDir()}}
	require.NoError(t, os.WriteFile(localaws.ImagesPath(g.dir), []byte(images()), 0o600))
	g.start()
	t.Cleanup(func() {
		if g.cmd.ProcessState == nil {
			assert.NoError(t, g.cmd.Process.Kill())
			_ = g.cmd.Wait()
		}
		// The test's own context has ended by now.
		assert.NoError(t, localaws.Discard(context.WithoutCancel(t.Context()), g.dir))
	})
	g.makeBucket()
	return g
}
