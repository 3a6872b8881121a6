package toolchain

import (
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tiny is a tool that builds in a second.
func (b *bench) tiny() source {
	b.t.Helper()
	b.file("root/tools/tiny/go.mod", "module tiny\n\ngo 1.26\n")
	b.file("root/tools/tiny/go.sum", "")
	b.file("root/tools/tiny/main.go", "package main\n\nvar version string\n\nfunc main() { print(version) }\n")
	return source{
		title: "tiny v1", span: "1 second", dir: b.path("root", "tools", "tiny"), pkg: "tiny", file: "bin/tiny",
		ldflags: "-X main.version=v1",
	}
}

func TestToolIsBuiltOnceAndFoundAfterwards(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tool := b.tiny()

	_, recipe, err := tool.find(t.Context(), b.toolchain)
	require.NoError(t, err)
	require.NotNil(t, recipe)
	made, err := recipe(t.Context())
	require.NoError(t, err)
	said, err := exec.CommandContext(t.Context(), made).CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "v1", string(said))
	assert.Equal(t, "building tiny v1 (once, about 1 second) …\n", b.progress.String())

	found, recipe, err := tool.find(t.Context(), b.toolchain)
	require.NoError(t, err)
	assert.Nil(t, recipe)
	assert.Equal(t, made, found)
}

func TestToolOfOtherDependenciesIsAnotherFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tool := b.tiny()
	first, err := tool.cached(t.Context(), "cache")
	require.NoError(t, err)
	b.file("root/tools/tiny/go.sum", "\n")
	second, err := tool.cached(t.Context(), "cache")
	require.NoError(t, err)
	tool.ldflags = "-X main.version=v2"
	third, err := tool.cached(t.Context(), "cache")
	require.NoError(t, err)

	assert.Len(t, map[string]bool{first: true, second: true, third: true}, 3)
	assert.Regexp(t, `^cache/tiny-[0-9a-f]{16}/bin/tiny$`, first)
}

func TestInterruptedBuildIsNotTakenForATool(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tool := b.tiny()
	path, err := tool.cached(t.Context(), b.toolchain.Cache)
	require.NoError(t, err)
	b.script(strings.TrimPrefix(path, b.dir)+".part", "exit 1")

	found, recipe, err := tool.find(t.Context(), b.toolchain)
	require.NoError(t, err)
	assert.Empty(t, found)
	made, err := recipe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, path, made)
	assert.NoFileExists(t, path+".part")
}

func TestFailedBuildSaysWhatTheCompilerSaidAndLeavesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tool := b.tiny()
	b.file("root/tools/tiny/main.go", "package main\n\nfunc main() { undefined() }\n")

	_, recipe, err := tool.find(t.Context(), b.toolchain)
	require.NoError(t, err)
	path, err := recipe(t.Context())
	require.ErrorContains(t, err, "build tiny v1: go build -trimpath")
	require.ErrorContains(t, err, "undefined: undefined")
	assert.NoFileExists(t, path)
	assert.NoFileExists(t, path+".part")
}

func TestTwoCommandsBuildAToolOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tool := b.tiny()
	_, recipe, err := tool.find(t.Context(), b.toolchain)
	require.NoError(t, err)
	var commands sync.WaitGroup
	for range 2 {
		commands.Go(func() {
			_, err := recipe(t.Context())
			assert.NoError(t, err)
		})
	}
	commands.Wait()
	assert.Equal(t, 1, strings.Count(b.progress.String(), "building"))
}
