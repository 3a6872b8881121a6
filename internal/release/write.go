package release

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// Write writes a new manifest of a model and returns its path. A manifest is never written twice: one that is there
// already is an error that matches fs.ErrExist.
func (r *Release) Write(dir, model string) (string, error) {
	text, err := r.seal(model)
	if err != nil {
		return "", fmt.Errorf("release of model %q: %w", model, err)
	}
	path := Path(dir, model, r.ID)
	temporary, err := stage(path, text)
	if err != nil {
		return "", fmt.Errorf("release of model %q: %w", model, err)
	}
	// Unlike a rename, a link fails where there is a file already.
	if err := errors.Join(os.Link(temporary, path), os.Remove(temporary)); err != nil {
		return "", fmt.Errorf("release of model %q: %w", model, err)
	}
	return path, nil
}

// Append adds evidence to a release that is written, and returns the release with it. Nothing else of the manifest
// changes. Two commands must not do so at the same time.
func Append(dir, model, id string, evidence ...Evidence) (*Release, error) {
	r, err := Load(dir, model, id)
	if err != nil {
		return nil, err
	}
	r.Evidence = append(r.Evidence, evidence...)
	text, err := r.seal(model)
	if err != nil {
		return nil, fmt.Errorf("release %s of model %q: %w", id, model, err)
	}
	path := Path(dir, model, id)
	temporary, err := stage(path, text)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return nil, fmt.Errorf("release %s of model %q: %w", id, model, err)
	}
	return r, nil
}

// seal is the manifest's text, with the digests of what it holds now.
func (r *Release) seal(model string) ([]byte, error) {
	if err := checkName(model, r.ID); err != nil {
		return nil, err
	}
	var err error
	if r.Digests, err = r.digests(); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(r), encoder.Close()); err != nil {
		return nil, err
	}
	// What is written can be read, or is not written.
	if _, err := Parse(text.Bytes()); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// stage writes a text to a new file beside path, with the rights that a file of a checkout has.
func stage(path string, text []byte) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the checkout
		return "", err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".release-")
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}
