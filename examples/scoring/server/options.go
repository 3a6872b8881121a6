package server

import (
	"strconv"

	"sagehost/examples/hosting"
)

// Options is what the environment decides about a server.
type Options struct {
	// Host is the address where it listens. From SCORING_HOST. Default: 127.0.0.1.
	Host string
	// Port is the port there. From SAGEMAKER_BIND_TO_PORT. Default: 8080.
	Port int
	// ModelFolder has the one model that is served. From SM_MODEL_DIR. Default: /opt/ml/model.
	ModelFolder string
	// MultiModel serves, instead of that one, models that are loaded and unloaded by request.
	// From SAGEMAKER_MULTI_MODEL. Default: false.
	MultiModel bool
	// ModelBytes is how much memory the numbers of all loaded models may take, in bytes.
	// From SCORING_MODEL_BYTES. Default: 256 MiB.
	ModelBytes int64
}

// ReadOptions reads the options with a function such as os.Getenv. It reports every variable that is malformed.
func ReadOptions(getenv func(string) string) (Options, error) {
	env := hosting.NewEnvironment(getenv)
	options := Options{
		Host: env.Host("SCORING_HOST"), Port: env.Port(), ModelFolder: env.ModelFolder(), ModelBytes: 256 << 20,
	}
	env.Read("SAGEMAKER_MULTI_MODEL", "true or false", func(value string) bool {
		multi, err := strconv.ParseBool(value)
		options.MultiModel = multi
		return err == nil
	})
	env.Read("SCORING_MODEL_BYTES", "a number of bytes above 0", func(value string) bool {
		size, err := strconv.ParseInt(value, 10, 64)
		options.ModelBytes = size
		return err == nil && size > 0
	})
	return options, env.Problems()
}
