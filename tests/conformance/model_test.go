package conformance_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// model is the description of a service that AWS publishes with its SDKs.
type model struct {
	Metadata   struct{ TargetPrefix string }
	Operations map[string]operation
	Shapes     map[string]*shape
}

type operation struct {
	HTTP struct {
		RequestURI string
	}
	Input, Output *member
	Errors        []member
}

type shape struct {
	Type      string
	Members   map[string]member
	Required  []string
	Enum      []string
	Min, Max  *float64
	Pattern   string
	Sensitive bool
	// Member is the element of a list; Key and Value are those of a map.
	Member, Key, Value *member
	// Payload is the member that is the body of a message, in protocols that have one.
	Payload string
}

type member struct {
	Shape                  string
	Location, LocationName string
}

// modelled are the folders of the models that are read, by the names of the services here.
var modelled = map[string]string{
	"sagemaker": "sagemaker", "application-autoscaling": "application-autoscaling",
	"sagemaker-runtime": "sagemaker-runtime", "states": "stepfunctions",
}

// published are the models of the services, and the version of the botocore that has them.
type published struct {
	version string
	// data is the folder of all models.
	data     string
	services map[string]*model
}

// readModels reads the models that are installed with moto.
var readModels = sync.OnceValues(func() (*published, error) {
	python := besideMoto("python3")
	if _, err := os.Stat(python); err != nil {
		python = "python3"
	}
	said, err := exec.Command(python, "-c", "import botocore; print(botocore.__version__, botocore.__file__)").Output()
	if err != nil {
		return nil, fmt.Errorf("there is no botocore, which has the service models: %s: %w", python, err)
	}
	version, file, _ := strings.Cut(strings.TrimSpace(string(said)), " ")
	data := filepath.Join(filepath.Dir(file), "data")
	models := &published{version: version, data: data, services: map[string]*model{}}
	for name, folder := range modelled {
		files, err := filepath.Glob(filepath.Join(data, folder, "*", "service-2.json*"))
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("botocore has no model of %s", name)
		}
		if models.services[name], err = readModel(slices.Max(files)); err != nil {
			return nil, err
		}
	}
	return models, nil
})

func readModel(path string) (*model, error) {
	m := &model{}
	return m, readFile(path, func(text io.Reader) error { return json.NewDecoder(text).Decode(m) })
}

// readFile reads a file that may be compressed.
func readFile(path string, read func(io.Reader) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var text io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if text, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := read(text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// serviceModels are the models, or a test that is skipped with the reason.
func serviceModels(t *testing.T) *published {
	t.Helper()
	models, err := readModels()
	if err != nil {
		t.Skip(err)
	}
	return models
}

func (m *model) at(ref *member) *shape { return m.Shapes[ref.Shape] }
