package toolchain

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMotoIsTakenFromTheVariableBeforeAnInstalledOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	installed := b.moto(".", "5.2.1", "flask")
	named := b.script("elsewhere/moto_server", "exit 1")

	found, recipe, err := b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	assert.Nil(t, recipe)
	assert.Equal(t, installed, found)

	b.env["SAGEHOST_MOTO"] = named
	found, recipe, err = b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	assert.Nil(t, recipe)
	assert.Equal(t, named, found)
}

func TestInstalledMotoIsTakenOnlyWithAFittingVersionAndItsServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, version string
		packages       []string
		taken          bool
	}{
		{"the tested version", "5.2.1", []string{"flask"}, true},
		{"another patch", "5.2.9", []string{"flask"}, true},
		{"an older minor version", "5.1.9", []string{"flask"}, false},
		{"a newer major version", "6.2.0", []string{"flask"}, false},
		{"no web server", "5.2.1", nil, false},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			path := b.moto(".", test.version, test.packages...)
			if !test.taken {
				path = ""
			}
			assert.Equal(t, path, b.toolchain.machine.installedMoto())
		})
	}
}

func TestShimOfPyenvStandsForTheVersionThatFits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.moto("pyenv/versions/3.10.1", "5.0.0", "flask")
	fitting := b.moto("pyenv/versions/3.11.7", "5.2.1", "flask")
	shim := b.script("pyenv/shims/moto_server", "exit 1")
	b.toolchain.machine.lookPath = func(string) (string, error) { return shim, nil }

	assert.Equal(t, fitting, b.toolchain.machine.installedMoto())
}

// python installs an environment as the real one does: the folder, with itself in it, and moto with the next call.
const python = `case "$2" in
venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;
pip) [ "$5" = "moto[server]==5.2.1" ] && cp "$0" "$(dirname "$0")/moto_server";;
esac`

func TestMotoIsInstalledOnceIntoAnEnvironmentOfItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/python3", python)

	_, recipe, err := b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	require.NotNil(t, recipe)
	made, err := recipe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, b.path("cache", "moto-5.2.1", "bin", "moto_server"), made)
	assert.FileExists(t, made)
	assert.Equal(t, "installing moto 5.2.1 (once, about 1 minute) …\n", b.progress.String())

	found, recipe, err := b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	assert.Nil(t, recipe)
	assert.Equal(t, made, found)
}

func TestInterruptedInstallationOfMotoIsDoneAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/python3", python)
	left := b.script("cache/moto-5.2.1/bin/moto_server", "exit 1")
	leftover := b.file("cache/moto-5.2.1/half", "")

	_, recipe, err := b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	require.NotNil(t, recipe, "the executable is there, but not the mark")
	made, err := recipe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, left, made)
	assert.NoFileExists(t, leftover)
}

func TestFailedInstallationOfMotoSaysWhatPipSaid(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/python3", `[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit 0`,
		"echo no such host >&2; exit 1")

	_, recipe, err := b.toolchain.findMoto(t.Context())
	require.NoError(t, err)
	_, err = recipe(t.Context())
	require.EqualError(t, err, `1 tool missing for the local AWS
  moto 5.2.1: its installation failed: python -m pip install --quiet moto[server]==5.2.1: exit status 1: no such host
    - run pip install 'moto[server]==5.2.1'
    - let SAGEHOST_MOTO name a moto_server executable`)
	_, err = os.Stat(mark(b.path("cache", "moto-5.2.1")))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
