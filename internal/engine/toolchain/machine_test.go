package toolchain

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bench is a made-up machine in a folder of its own, with nothing installed but Go.
type bench struct {
	t         *testing.T
	dir       string
	env       map[string]string
	progress  strings.Builder
	toolchain Toolchain
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), env: map[string]string{}}
	b.toolchain = Toolchain{
		Root: b.path("root"), Cache: b.path("cache"), Progress: &b.progress,
		machine: &machine{
			getenv: func(name string) string { return b.env[name] },
			lookPath: func(name string) (string, error) {
				if path := b.path("bin", name); executable(path) {
					return path, nil
				}
				return "", exec.ErrNotFound
			},
			home: b.path("home"), cache: b.path("home", ".cache"), shelf: b.path("opt"),
			plugins: []string{b.path("usr", "plugins")},
		},
	}
	b.file("root/go.mod", "module x\n\nrequire (\n\tgithub.com/pulumi/pulumi-aws/sdk/v6 v6.83.2\n)\n")
	b.file("root/Pulumi.yaml", "name: x\nrequiredPulumiVersion: \">=3.219.0\"\n")
	b.file("root/tools/pulumi/go.mod", "module p\n\nrequire github.com/pulumi/pulumi/pkg/v3 v3.259.0\n")
	b.file("root/tools/awsbridge/go.mod", "module b\n\nrequire github.com/pulumi/pulumi-terraform-bridge/v3 v3.127.0\n")
	b.file("root/tools/pulumi/go.sum", "")
	b.file("root/tools/awsbridge/go.sum", "")
	require.NoError(t, os.MkdirAll(b.toolchain.Cache, 0o750))
	b.script("bin/go", "exit 0")
	return b
}

func (b *bench) path(parts ...string) string {
	return filepath.Join(append([]string{b.dir}, parts...)...)
}

func (b *bench) file(name, text string) string {
	b.t.Helper()
	path := b.path(filepath.FromSlash(name))
	require.NoError(b.t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(b.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// script writes an executable that runs the lines.
func (b *bench) script(name string, lines ...string) string {
	b.t.Helper()
	path := b.file(name, "#!/bin/sh\n"+strings.Join(lines, "\n")+"\n")
	require.NoError(b.t, os.Chmod(path, 0o700))
	return path
}

// moto installs a moto_server of a version under a prefix, and returns its path.
func (b *bench) moto(prefix, version string, packages ...string) string {
	b.t.Helper()
	for _, name := range append(packages, "moto-"+version+".dist-info") {
		b.file(prefix+"/lib/python3.11/site-packages/"+name+"/x", "")
	}
	return b.script(prefix+"/bin/moto_server", "exit 1")
}
