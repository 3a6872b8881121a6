package hosting_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/examples/hosting"
)

func TestEnvironmentHasDefaultsForWhatIsNotSet(t *testing.T) {
	t.Parallel()
	env := hosting.NewEnvironment(func(string) string { return "" })
	assert.Equal(t, "127.0.0.1", env.Host("SOME_HOST"))
	assert.Equal(t, 8080, env.Port())
	assert.Equal(t, "/opt/ml/model", env.ModelFolder())
	assert.NoError(t, env.Problems())
}

func TestEnvironmentReportsEveryMalformedVariable(t *testing.T) {
	t.Parallel()
	env := hosting.NewEnvironment(func(name string) string {
		return map[string]string{
			"SOME_HOST": "here", "SAGEMAKER_BIND_TO_PORT": "0", "SM_MODEL_DIR": "/models/a",
		}[name]
	})
	env.Host("SOME_HOST")
	env.Port()
	assert.Equal(t, "/models/a", env.ModelFolder())
	assert.EqualError(t, env.Problems(),
		"SOME_HOST is \"here\", want an address\nSAGEMAKER_BIND_TO_PORT is \"0\", want a port from 1 to 65535")
}
