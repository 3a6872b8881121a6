// Package state keeps what services know in files, so that it outlives the process.
package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir is the folder of the files. The empty one keeps nothing.
type Dir string

func (d Dir) path(name string) string { return filepath.Join(string(d), name+".json") }

// Save writes a value under a name, whole or not at all.
func (d Dir) Save(name string, value any) error {
	if d == "" {
		return nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("state of %s: %w", name, err)
	}
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return fmt.Errorf("state of %s: %w", name, err)
	}
	// Nothing is flushed to the disk: a process that is killed loses no more than it has not written.
	temporary := d.path(name) + ".new"
	if err := os.WriteFile(temporary, data, 0o600); err != nil {
		return fmt.Errorf("state of %s: %w", name, err)
	}
	return os.Rename(temporary, d.path(name))
}

// Load reads the value that was saved under a name. Found is false when there is none.
func (d Dir) Load(name string, into any) (found bool, err error) {
	if d == "" {
		return false, nil
	}
	data, err := os.ReadFile(d.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		// Numbers in objects of any shape keep their digits.
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		err = decoder.Decode(into)
	}
	if err != nil {
		return false, fmt.Errorf("state of %s: %w", name, err)
	}
	return true, nil
}

// Remove forgets the value that was saved under a name. It is no error when there is none.
func (d Dir) Remove(name string) error {
	if d == "" {
		return nil
	}
	if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state of %s: %w", name, err)
	}
	return nil
}

// Below is a folder in the folder.
func (d Dir) Below(name string) Dir {
	if d == "" {
		return ""
	}
	return Dir(filepath.Join(string(d), name))
}
