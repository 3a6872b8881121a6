package moto

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sagehost/localaws/containers/environment"
)

//go:embed python/*.py
var python embed.FS

// mend makes a folder that leads Python to what mends moto, and returns the environment for that.
func (s *Server) mend() ([]string, error) {
	dir := s.dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "sagehost-moto"); err != nil {
			return nil, fmt.Errorf("mend moto: %w", err)
		}
		s.scratch = dir
	}
	if err := writePython(dir); err != nil {
		return nil, fmt.Errorf("mend moto: %w", err)
	}
	folder := filepath.Join(dir, pythonName)
	path := folder
	if given := os.Getenv("PYTHONPATH"); given != "" {
		path += string(os.PathListSeparator) + given
	}
	// MOTO_DISABLE_GLOBAL_CORS takes back that moto lets every web page read what it answers.
	return append(environment.Inherited(), "PYTHONPATH="+path, "PYTHONDONTWRITEBYTECODE=1",
		"MOTO_DISABLE_GLOBAL_CORS=true"), nil
}

// writePython writes what mends moto beneath a folder.
func writePython(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, pythonName), 0o700); err != nil {
		return err
	}
	files, err := fs.Glob(python, "python/*.py")
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := python.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
