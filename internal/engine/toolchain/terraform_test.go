package toolchain

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plugin is the place of the provider in a folder of plugins.
var plugin = filepath.ToSlash(filepath.Dir(providerPattern)) + "/terraform-provider-aws_v5.100.0_x5"

func TestTerraformProviderIsLookedForInTerraformsOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env["TF_PLUGIN_CACHE_DIR"] = b.path("variable")
	b.env["TF_CLI_CONFIG_FILE"] = b.file("config", `
plugin_cache_dir = "`+b.path("configured")+`"
provider_installation {
  filesystem_mirror {
    path    = "`+b.path("mirror")+`"
    include = ["*/*/*"]
  }
}
`)
	// From the last choice to the first: each one, once it is there, is taken before those that were there already.
	for _, folder := range []string{
		"opt/plugins", "cache/terraform-plugins", "usr/plugins", "home/.local/share/terraform/plugins",
		"home/.terraform.d/plugins", "variable", "mirror", "configured",
	} {
		path := b.script(folder+"/"+plugin, "exit 1")
		found, recipe, err := b.toolchain.findTerraformProvider(t.Context())
		require.NoError(t, err)
		assert.Nil(t, recipe)
		assert.Equal(t, path, found, folder)
	}
	b.env["SAGEHOST_TERRAFORM_PROVIDER_AWS"] = b.script("named", "exit 1")
	found, _, err := b.toolchain.findTerraformProvider(t.Context())
	require.NoError(t, err)
	assert.Equal(t, b.path("named"), found)
}

func TestConfigurationOfTerraformLiesInTheHomeFolderWhereNoVariableNamesIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.file("home/.terraformrc", `plugin_cache_dir = "$HOME/plugins"`)

	assert.Equal(t, []string{b.path("home", "plugins")}, b.toolchain.machine.configuredFolders())
}

func TestProviderOfAnotherVersionIsNotTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("opt/plugins/registry.terraform.io/hashicorp/aws/5.99.0/" + platform() + "/terraform-provider-aws_v5.99.0_x5")
	b.file("usr/plugins/"+plugin, "not executable")

	_, _, err := b.toolchain.findTerraformProvider(t.Context())
	var m *Missing
	require.ErrorAs(t, err, &m)
	assert.Equal(t, "terraform-provider-aws v5.100.0", m.Tools[0].Name)
}

func TestTerraformFetchesTheProviderOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/terraform",
		`grep -q '"5.100.0"' main.tf && [ "$1" = init ] || exit 1`,
		`mkdir -p "$(dirname "$TF_PLUGIN_CACHE_DIR/`+plugin+`")"`,
		`cp "$0" "$TF_PLUGIN_CACHE_DIR/`+plugin+`"`)

	_, recipe, err := b.toolchain.findTerraformProvider(t.Context())
	require.NoError(t, err)
	made, err := recipe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, b.path("cache", "terraform-plugins", filepath.FromSlash(plugin)), made)

	found, recipe, err := b.toolchain.findTerraformProvider(t.Context())
	require.NoError(t, err)
	assert.Nil(t, recipe)
	assert.Equal(t, made, found)
}

func TestFailedFetchLeavesNothingThatLooksWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/terraform",
		`mkdir -p "$(dirname "$TF_PLUGIN_CACHE_DIR/`+plugin+`")"`,
		`cp "$0" "$TF_PLUGIN_CACHE_DIR/`+plugin+`"`,
		"echo cut off >&2; exit 1")

	_, recipe, err := b.toolchain.findTerraformProvider(t.Context())
	require.NoError(t, err)
	_, err = recipe(t.Context())
	require.EqualError(t, err, "terraform-provider-aws v5.100.0: "+
		"terraform init -backend=false -input=false -no-color: exit status 1: cut off")
	assert.NoDirExists(t, b.path("cache", "terraform-plugins"))
	assert.NoDirExists(t, b.path("cache", "terraform-plugins.part"))
}
