package promotion

import (
	"fmt"
	"os"
	"path/filepath"

	"sagehost/internal/engine/stackfile"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// stack is a stack's file with what it says.
type stack struct {
	name string
	// file is the file's name in the folder of Pulumi.yaml.
	file     string
	text     []byte
	config   *stackfile.File
	settings *settings.Settings
}

// load reads and checks the file of a stack, and the manifests of the releases that it names.
func load(dir, name string) (*stack, error) {
	config, err := stackfile.Load(dir, name)
	if err != nil {
		return nil, err
	}
	s := &stack{name: name, file: "Pulumi." + name + ".yaml", config: config}
	if s.text, err = os.ReadFile(filepath.Join(dir, s.file)); err != nil {
		return nil, err
	}
	s.settings, err = parse(dir, config)
	return s, err
}

func parse(dir string, config *stackfile.File) (*settings.Settings, error) {
	values, err := config.Config()
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", config.Stack, err)
	}
	return settings.Parse(settings.Source{Stack: config.Stack, Dir: dir, Config: values, Secret: config.Secret})
}

// with checks what the stack's settings would be with another text.
func (s *stack) with(dir string, text []byte) error {
	config, err := s.config.With(text)
	if err != nil {
		return err
	}
	_, err = parse(dir, config)
	return err
}

// model is the stack's settings of a model.
func (s *stack) model(name string) (settings.Model, error) {
	m, known := s.settings.Models[name]
	if !known {
		names := make([]string, 0, len(s.settings.Models))
		for key := range s.settings.Models {
			names = append(names, key)
		}
		return m, fmt.Errorf("%s has no model %q%s", s.file, name, check.DidYouMean(name, names))
	}
	return m, nil
}
