// Package engine_test deploys stacks with the real Pulumi engine and the real AWS provider to a local AWS, and asks
// that AWS, through its own SDK, what exists then.
package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/internal/awsprovider"
	"sagehost/internal/deploy"
	"sagehost/internal/localaws"
	"sagehost/internal/localaws/sagemaker"
	"sagehost/internal/stackfile"
	"sagehost/internal/toolchain"
	"sagehost/stacks"
)

const (
	root   = "../.."
	region = "eu-west-1"
)

// durations are long enough to be seen by somebody who watches, and short enough to wait for.
var durations = sagemaker.Durations{
	Creating: 300 * time.Millisecond, Updating: time.Second, Deleting: 100 * time.Millisecond,
}

// tools are looked for once. A machine that lacks one fails here, with the ways to get it.
var tools toolchain.Tools

func TestMain(m *testing.M) {
	var err error
	tools, err = toolchain.Toolchain{Root: root, Progress: os.Stderr}.Ensure(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// world is a local AWS of its own with a provider that is connected to it.
type world struct {
	t       testing.TB
	aws     *localaws.Server
	clients clients
	env     map[string]string
	dir     string
	// out is what the engine said.
	out bytes.Buffer
}

func newWorld(t testing.TB, durations sagemaker.Durations) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Durations: durations})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	w.aws, w.clients = server, newClients(server.URL())
	w.env = map[string]string{
		"AWS_ENDPOINT_URL": server.URL(), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
	}
	if tools.AWSPlugin != "" {
		return w
	}
	environ := deploy.WithoutAWS(os.Environ())
	for key, value := range w.env {
		environ = append(environ, key+"="+value)
	}
	provider, err := awsprovider.Start(t.Context(), awsprovider.Options{
		Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider, Env: environ,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, provider.Close()) })
	w.env["PULUMI_DEBUG_PROVIDERS"] = provider.Attach()
	return w
}

// repository is the file of one of the repository's own stacks.
func (w *world) repository(stack string) *stackfile.File {
	w.t.Helper()
	file, err := stackfile.Load(root, stack)
	require.NoError(w.t, err)
	return file
}

// file is a stack's file with this text.
func (w *world) file(stack, text string) *stackfile.File {
	w.t.Helper()
	dir := w.t.TempDir()
	project, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(w.t, err)
	require.NoError(w.t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), project, 0o600))
	require.NoError(w.t, os.WriteFile(filepath.Join(dir, "Pulumi."+stack+".yaml"), []byte(text), 0o600))
	file, err := stackfile.Load(dir, stack)
	require.NoError(w.t, err)
	return file
}

// open opens a stack of this world.
func (w *world) open(file *stackfile.File) *deploy.Stack {
	w.t.Helper()
	return w.openProgram(file, stacks.Run)
}

func (w *world) openProgram(file *stackfile.File, program pulumi.RunFunc) *deploy.Stack {
	w.t.Helper()
	stack, err := deploy.Open(w.t.Context(), deploy.Options{
		File: file, Program: program, Pulumi: tools.Pulumi, Plugin: tools.AWSPlugin,
		Dir: w.dir, Env: w.env, Out: &w.out,
	})
	require.NoError(w.t, err)
	return stack
}

// up deploys and returns the number of resources by operation. What the engine said explains a failure.
func (w *world) up(file *stackfile.File) map[string]int {
	w.t.Helper()
	changes, _, err := w.open(file).Up(w.t.Context())
	require.NoError(w.t, err, w.out.String())
	return changes
}
