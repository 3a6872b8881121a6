package toolchain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInstalledPulumiIsTakenFromTheRequiredVersionOn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, version string
		taken          bool
	}{
		{"the required version", "v3.219.0", true},
		{"a newer one", "v3.300.1", true},
		{"an older one", "v3.218.9", false},
		{"one without a version", "", false},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			installed := b.script("bin/pulumi", "echo "+test.version)
			found, recipe, err := pulumiCLI{b.toolchain, ">=3.219.0"}.find(t.Context())
			require.NoError(t, err)
			if test.taken {
				assert.Equal(t, installed, found)
				assert.Nil(t, recipe)
			} else {
				assert.Empty(t, found)
				assert.NotNil(t, recipe, "the pinned one is built instead")
			}
		})
	}
}

func TestPulumiIsTakenFromTheVariableWhateverIsInstalled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/pulumi", "echo v3.300.0")
	b.env["SAGEHOST_PULUMI"] = b.script("named/pulumi", "exit 1")

	found, recipe, err := pulumiCLI{b.toolchain, ">=3.219.0"}.find(t.Context())
	require.NoError(t, err)
	assert.Equal(t, b.path("named", "pulumi"), found)
	assert.Nil(t, recipe)
}
