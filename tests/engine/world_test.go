// Package engine_test deploys stacks with the real Pulumi engine and the real AWS provider to a local AWS, and asks
// that AWS, through its own SDK, what exists then.
package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/examples/hosting"
	"sagehost/internal/engine/awsprovider"
	"sagehost/internal/engine/awsxprovider"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/engine/toolchain"
	"sagehost/internal/live/cloud"
	"sagehost/internal/measure/invoke"
	"sagehost/localaws"
	"sagehost/localaws/services/sagemaker"
	"sagehost/stacks"
)

const region = "eu-west-1"

// root is the checkout, from everywhere: the engine and the programs that stand for images have folders of their own.
var root string

// durations are long enough to be seen by somebody who watches, and short enough to wait for.
var durations = sagemaker.Durations{
	Creating: 300 * time.Millisecond, Updating: time.Second, Deleting: 100 * time.Millisecond,
}

// tools are looked for once. A machine that lacks one fails here, with the ways to get it.
var tools toolchain.Tools

// TestMain is also a program that stands for an image: see fragile_test.go.
func TestMain(m *testing.M) {
	if os.Getenv(fragileProgram) != "" {
		os.Exit(hosting.Main("fragile", serveFragile))
	}
	var err error
	if root, err = filepath.Abs("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tools, err = toolchain.Toolchain{Root: root, Progress: os.Stderr}.Ensure(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// world is a local AWS of its own with a provider that is connected to it.
type world struct {
	tb      testing.TB
	aws     *localaws.Server
	clients clients
	env     map[string]string
	dir     string
	// out is what the engine said.
	out bytes.Buffer
}

func newWorld(tb testing.TB, durations sagemaker.Durations) *world {
	tb.Helper()
	w := &world{tb: tb, dir: tb.TempDir()}
	require.NoError(tb, os.Mkdir(w.awsDir(), 0o700))
	server, err := localaws.Start(tb.Context(), localaws.Options{
		Moto: tools.Moto, Durations: durations, Root: root, Dir: w.awsDir(),
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, server.Close()) })
	w.aws, w.clients = server, newClients(server.URL())
	w.env = deploy.LocalAWS(server.URL())
	awsx, err := awsxprovider.Start(tb.Context())
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, awsx.Close()) })
	w.env["PULUMI_DEBUG_PROVIDERS"] = awsx.Attach()
	if tools.AWSPlugin != "" {
		return w
	}
	provider, err := awsprovider.Start(tb.Context(), awsprovider.Options{
		Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider, Env: deploy.Environ(server.URL()),
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, provider.Close()) })
	w.env["PULUMI_DEBUG_PROVIDERS"] += "," + provider.Attach()
	return w
}

// awsDir is the folder of the local AWS.
func (w *world) awsDir() string { return filepath.Join(w.dir, "aws") }

// repository is the file of one of the repository's own stacks.
func (w *world) repository(stack string) *stackfile.File {
	w.tb.Helper()
	file, err := stackfile.Load(root, stack)
	require.NoError(w.tb, err)
	return file
}

// file is a stack's file with this text.
func (w *world) file(stack, text string) *stackfile.File {
	w.tb.Helper()
	dir := w.tb.TempDir()
	project, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(w.tb, err)
	require.NoError(w.tb, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), project, 0o600))
	require.NoError(w.tb, os.WriteFile(filepath.Join(dir, "Pulumi."+stack+".yaml"), []byte(text), 0o600))
	file, err := stackfile.Load(dir, stack)
	require.NoError(w.tb, err)
	return file
}

// open opens a stack of this world.
func (w *world) open(file *stackfile.File) *deploy.Stack {
	w.tb.Helper()
	return w.openProgram(file, stacks.In(root))
}

func (w *world) openProgram(file *stackfile.File, program pulumi.RunFunc) *deploy.Stack {
	w.tb.Helper()
	stack, err := deploy.Open(w.tb.Context(), deploy.Options{
		File: file, Program: program, Pulumi: tools.Pulumi, Plugin: tools.AWSPlugin,
		Dir: w.dir, Env: w.env, Out: &w.out,
	})
	require.NoError(w.tb, err)
	return stack
}

// up deploys and returns the number of resources by operation. What the engine said explains a failure.
func (w *world) up(file *stackfile.File) map[string]int {
	w.tb.Helper()
	changes, _, err := w.open(file).Up(w.tb.Context())
	require.NoError(w.tb, err, w.out.String())
	return changes
}

// predict is what an endpoint of the dev stack answers to a row, or one of its models.
func (w *world) predict(endpoint, row string, model ...string) string {
	w.tb.Helper()
	client := invoke.Client{Config: cloud.Local(w.aws.URL(), region), Stack: "dev"}
	answer, err := client.Invoke(w.tb.Context(),
		invoke.Request{Endpoint: endpoint, ContentType: "text/csv", Body: []byte(row), Model: strings.Join(model, "")})
	require.NoError(w.tb, err)
	return string(answer.Body)
}
