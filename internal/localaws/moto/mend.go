package moto

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"

	"sagehost/internal/localaws/environment"
)

//go:embed python/sitecustomize.py
var sitecustomize []byte

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
	folder := filepath.Join(dir, "python")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("mend moto: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "sitecustomize.py"), sitecustomize, 0o600); err != nil {
		return nil, fmt.Errorf("mend moto: %w", err)
	}
	path := folder
	if given := os.Getenv("PYTHONPATH"); given != "" {
		path += string(os.PathListSeparator) + given
	}
	// MOTO_DISABLE_GLOBAL_CORS takes back that moto lets every web page read what it answers.
	return append(environment.Inherited(), "PYTHONPATH="+path, "PYTHONDONTWRITEBYTECODE=1",
		"MOTO_DISABLE_GLOBAL_CORS=true"), nil
}
