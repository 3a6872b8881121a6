package dataplane_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// environmentOf is the environment that a process was started with, sorted out by name.
func environmentOf(t *testing.T, pid int) map[string]string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if os.IsNotExist(err) {
		t.Skipf("this system does not tell the environment of a process: %v", err)
	}
	require.NoError(t, err)
	variables := map[string]string{}
	for variable := range strings.SplitSeq(strings.Trim(string(text), "\x00"), "\x00") {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	return variables
}

func TestProcessesGetNothingOfTheUsersEnvironment(t *testing.T) {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONFIG_FILE", "SSH_AUTH_SOCK",
		"GITHUB_TOKEN", "NPM_TOKEN", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY", "ANY_OTHER",
	} {
		t.Setenv(name, "secret")
	}
	t.Setenv("LANG", "of the user")
	w := newWorld(t)
	w.serve("v1", told("v1"))

	written := filepath.Join(w.dir, "pid")
	w.assertAnswer("v1", "v1", order{PID: written}.String())
	text, err := os.ReadFile(written)
	require.NoError(t, err)
	pid, err := strconv.Atoi(string(text))
	require.NoError(t, err)
	container := environmentOf(t, pid)
	port, base := container["SAGEMAKER_BIND_TO_PORT"], container["SAGEMAKER_BASE_DIR"]
	assert.NotEmpty(t, port)
	assert.True(t, strings.HasPrefix(base, w.dir), base)
	assert.Equal(t, map[string]string{
		"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "HOSTNAME": "container-1", "SAGEMAKER_BIND_TO_PORT": port,
		"SAGEMAKER_BASE_DIR": base, "SM_MODEL_DIR": base + "/model", "HOME": base, "LANG": "C.UTF-8", "TZ": "UTC",
		"PATH": filepath.Dir(programs.container) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		// What the image and the model set.
		containerRole: "yes", "NAME": "v1",
	}, container)

	response, err := http.Get(w.url + "/_local/health")
	require.NoError(t, err)
	defer response.Body.Close()
	var health struct {
		Services []struct {
			Name string
			PID  int
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&health))
	moto := environmentOf(t, health.Services[3].PID)
	assert.Equal(t, "moto", health.Services[3].Name)
	assert.Equal(t, "true", moto["MOTO_DISABLE_GLOBAL_CORS"])
	for name, value := range moto {
		assert.NotEqual(t, "secret", value, name)
	}
}
