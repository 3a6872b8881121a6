package server

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Options is what the environment decides about a server.
type Options struct {
	// Host is the address where it listens. From SCORING_HOST, which the image sets to every address, because SageMaker
	// asks from outside the container. Default: 127.0.0.1, so that a trial run is nobody else's business.
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
	options := Options{Host: "127.0.0.1", Port: 8080, ModelFolder: "/opt/ml/model", ModelBytes: 256 << 20}
	var problems []error
	read := func(name, want string, set func(string) bool) {
		if value := getenv(name); value != "" && !set(value) {
			problems = append(problems, fmt.Errorf("%s is %q, want %s", name, value, want))
		}
	}
	read("SCORING_HOST", "an address", func(value string) bool {
		options.Host = value
		return net.ParseIP(value) != nil
	})
	read("SAGEMAKER_BIND_TO_PORT", "a port from 1 to 65535", func(value string) bool {
		port, err := strconv.ParseUint(value, 10, 16)
		options.Port = int(port)
		return err == nil && port > 0
	})
	read("SM_MODEL_DIR", "a folder", func(value string) bool {
		options.ModelFolder = value
		return true
	})
	read("SAGEMAKER_MULTI_MODEL", "true or false", func(value string) bool {
		multi, err := strconv.ParseBool(value)
		options.MultiModel = multi
		return err == nil
	})
	read("SCORING_MODEL_BYTES", "a number of bytes above 0", func(value string) bool {
		size, err := strconv.ParseInt(value, 10, 64)
		options.ModelBytes = size
		return err == nil && size > 0
	})
	return options, errors.Join(problems...)
}
