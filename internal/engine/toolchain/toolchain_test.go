package toolchain

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEverythingMissingIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.NoError(t, os.Remove(b.path("bin", "go")))

	_, err := b.toolchain.Ensure(t.Context())
	require.EqualError(t, err, `2 tools missing for the local AWS
  moto 5.2.1: moto_server 5.2.x is not on the PATH, and neither is python3
    - install Python 3
    - let SAGEHOST_MOTO name a moto_server executable
  the Pulumi CLI v3.259.0: it is built from source, and go is not on the PATH
    - install Go
    - install Pulumi >=3.219.0
    - let SAGEHOST_PULUMI name a pulumi executable`)
	assert.Empty(t, b.progress.String())
}

func TestVariableThatNamesNoExecutableIsAnError(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env["SAGEHOST_MOTO"] = b.file("text", "")

	_, _, err := b.toolchain.findMoto(t.Context())
	require.EqualError(t, err, `1 tool missing for the local AWS
  moto 5.2.1: SAGEHOST_MOTO names `+b.path("text")+`, which is no executable file
    - correct or unset SAGEHOST_MOTO`)
}

func TestNothingIsMadeWhileAnotherToolIsMissing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/python3", python)
	require.NoError(t, os.Remove(b.path("bin", "go")))

	_, err := b.toolchain.Ensure(t.Context())
	var m *Missing
	require.ErrorAs(t, err, &m)
	assert.Len(t, m.Tools, 1)
	assert.Empty(t, b.progress.String())
}

func TestWithoutAnyTerraformTheCLIDownloadsThePlugin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.moto(".", "5.2.1", "flask")
	folder := b.path("home", ".pulumi", "plugins", "resource-aws-v6.83.2")
	b.script("bin/pulumi", `[ "$1" = version ] && echo v3.259.0 && exit`,
		`[ "$*" = "plugin install resource aws v6.83.2" ] || exit 1`,
		"mkdir -p "+folder, "printf '#!/bin/sh\n' > "+folder+"/pulumi-resource-aws",
		"chmod +x "+folder+"/pulumi-resource-aws")

	tools, err := b.toolchain.Ensure(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Tools{
		Pulumi: b.path("bin", "pulumi"), AWSPlugin: folder, Moto: b.path("bin", "moto_server"),
	}, tools)
}

func TestAPluginThatCannotBeDownloadedIsSaidWithTheOtherWays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.moto(".", "5.2.1", "flask")
	b.script("bin/pulumi", `[ "$1" = version ] && echo v3.259.0 && exit`, "echo no network >&2", "exit 1")

	_, err := b.toolchain.Ensure(t.Context())
	var m *Missing
	require.ErrorAs(t, err, &m)
	require.Len(t, m.Tools, 1)
	assert.Equal(t, "the AWS plugin v6.83.2", m.Tools[0].Name)
	assert.Contains(t, m.Tools[0].Why, "it cannot be downloaded (")
	assert.Contains(t, m.Tools[0].Why, "no network")
	assert.Len(t, m.Tools[0].Ways, 4)
}

func TestInstalledPluginMakesTheBridgeNeedless(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.moto(".", "5.2.1", "flask")
	b.script("bin/pulumi", "echo v3.259.0")
	b.script("home/.pulumi/plugins/resource-aws-v6.83.2/pulumi-resource-aws", "exit 1")

	tools, err := b.toolchain.Ensure(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Tools{
		Pulumi:    b.path("bin", "pulumi"),
		AWSPlugin: b.path("home", ".pulumi", "plugins", "resource-aws-v6.83.2"),
		Moto:      b.path("bin", "moto_server"),
	}, tools)
}

func TestHalfInstalledPluginAndOneOfAnotherVersionAreNotTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env["PULUMI_HOME"] = b.path("pulumi")
	b.script("pulumi/plugins/resource-aws-v6.83.1/pulumi-resource-aws", "exit 1")
	assert.Empty(t, b.toolchain.machine.awsPlugin("6.83.2"))

	b.script("pulumi/plugins/resource-aws-v6.83.2/pulumi-resource-aws", "exit 1")
	partial := b.file("pulumi/plugins/resource-aws-v6.83.2.partial", "")
	assert.Empty(t, b.toolchain.machine.awsPlugin("6.83.2"))

	require.NoError(t, os.Remove(partial))
	assert.Equal(t, b.path("pulumi", "plugins", "resource-aws-v6.83.2"), b.toolchain.machine.awsPlugin("6.83.2"))
}

func TestCacheIsTakenFromTheFieldThenTheVariableThenTheUsersFolder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, field, variable, want string }{
		{"field", "field", "variable", "field"},
		{"variable", "", "variable", "variable"},
		{"user's folder", "", "", "home/.cache/sagehost"},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tools := b.toolchain
			tools.Cache = ""
			if test.field != "" {
				tools.Cache = b.path(test.field)
			}
			if test.variable != "" {
				b.env["SAGEHOST_CACHE"] = b.path(test.variable)
			}
			require.NoError(t, tools.openCache())
			assert.Equal(t, b.path(test.want), tools.Cache)
			assert.DirExists(t, tools.Cache)
		})
	}
}

func TestForAWSTheCLIIsEnough(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.script("bin/pulumi", `[ "$1" = version ] && echo v3.259.0`)

	tools, err := b.toolchain.EnsureCLI(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Tools{Pulumi: b.path("bin", "pulumi")}, tools)
}
