package daemon_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/daemon"
)

func TestTheLocalAWSGetsNothingSecretOfTheUsersEnvironment(t *testing.T) {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "SSH_AUTH_SOCK", "GITHUB_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "HTTPS_PROXY",
	} {
		t.Setenv(name, "secret")
	}
	t.Setenv("GOCACHE", "/build")
	dir := t.TempDir()
	// It prints its environment to its log, and ends.
	_, err := daemon.Start(t.Context(), dir, "env")
	require.ErrorContains(t, err, "the local AWS did not start")
	printed, err := os.ReadFile(daemon.LogPath(dir))
	require.NoError(t, err)
	assert.NotContains(t, string(printed), "secret")
	assert.Subset(t, strings.Split(string(printed), "\n"), []string{"GOCACHE=/build", "PATH=" + os.Getenv("PATH")})
}
