package hosting

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Environment reads variables and collects what is wrong with them.
type Environment struct {
	getenv   func(string) string
	problems []error
}

// NewEnvironment reads with a function such as os.Getenv.
func NewEnvironment(getenv func(string) string) *Environment {
	return &Environment{getenv: getenv}
}

// Read gives the value of a variable to a function, unless it is empty. The function reports whether the value is what
// is wanted, as described in a few words.
func (e *Environment) Read(name, want string, set func(value string) bool) {
	if value := e.getenv(name); value != "" && !set(value) {
		e.problems = append(e.problems, fmt.Errorf("%s is %q, want %s", name, value, want))
	}
}

// Host is the address to listen on, from the variable of that name. Default: 127.0.0.1, so that a trial run is nobody
// else's business; images set it to every address, because SageMaker asks from outside the container.
func (e *Environment) Host(name string) string {
	host := "127.0.0.1"
	e.Read(name, "an address", func(value string) bool {
		host = value
		return net.ParseIP(value) != nil
	})
	return host
}

// Port is the port to listen on, from SAGEMAKER_BIND_TO_PORT, which SageMaker sets where several containers share a
// machine. Default: 8080.
func (e *Environment) Port() int {
	port := 8080
	e.Read("SAGEMAKER_BIND_TO_PORT", "a port from 1 to 65535", func(value string) bool {
		number, err := strconv.ParseUint(value, 10, 16)
		port = int(number)
		return err == nil && number > 0
	})
	return port
}

// ModelFolder is where SageMaker unpacks the model, from SM_MODEL_DIR. Default: /opt/ml/model.
func (e *Environment) ModelFolder() string {
	folder := "/opt/ml/model"
	e.Read("SM_MODEL_DIR", "a folder", func(value string) bool {
		folder = value
		return true
	})
	return folder
}

// Problems reports every variable read so far that is malformed.
func (e *Environment) Problems() error {
	return errors.Join(e.problems...)
}
