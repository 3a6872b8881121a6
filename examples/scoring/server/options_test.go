package server_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/server"
)

func TestReadOptionsTakesWhatSageMakerSetsAndItsDefaults(t *testing.T) {
	t.Parallel()
	options, err := server.ReadOptions(func(string) string { return "" })
	require.NoError(t, err)
	assert.Equal(t, server.Options{
		Host: "127.0.0.1", Port: 8080, ModelFolder: "/opt/ml/model", ModelBytes: 268435456,
	}, options)

	options, err = server.ReadOptions(func(name string) string {
		return map[string]string{
			"SCORING_HOST": "0.0.0.0", "SAGEMAKER_BIND_TO_PORT": "9000", "SM_MODEL_DIR": "/models/a",
			"SAGEMAKER_MULTI_MODEL": "true", "SCORING_MODEL_BYTES": "1024",
		}[name]
	})
	require.NoError(t, err)
	assert.Equal(t, server.Options{
		Host: "0.0.0.0", Port: 9000, ModelFolder: "/models/a", MultiModel: true, ModelBytes: 1024,
	}, options)
}

func TestReadOptionsReportsEveryMalformedVariable(t *testing.T) {
	t.Parallel()
	_, err := server.ReadOptions(func(name string) string {
		return map[string]string{
			"SCORING_HOST": "here", "SAGEMAKER_BIND_TO_PORT": "65536",
			"SAGEMAKER_MULTI_MODEL": "perhaps", "SCORING_MODEL_BYTES": "0",
		}[name]
	})
	assert.EqualError(t, err, `SCORING_HOST is "here", want an address
SAGEMAKER_BIND_TO_PORT is "65536", want a port from 1 to 65535
SAGEMAKER_MULTI_MODEL is "perhaps", want true or false
SCORING_MODEL_BYTES is "0", want a number of bytes above 0`)
}
