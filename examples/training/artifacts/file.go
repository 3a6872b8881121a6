package artifacts

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"sagehost/examples/training/samples"
)

// File is something to write.
type File struct {
	// Path is relative to a folder, with slashes.
	Path    string
	Content []byte
}

// Model makes two files of a value: its JSON, at a path, and an archive of that file alone, at another.
func Model(value any, jsonPath, archivePath string) ([]File, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", jsonPath, err)
	}
	text = append(text, '\n')
	packed, err := Pack(path.Base(jsonPath), text)
	if err != nil {
		return nil, err
	}
	return []File{{Path: jsonPath, Content: text}, {Path: archivePath, Content: packed}}, nil
}

// Write writes files for everybody to read, and the folders that they need, below a folder.
func Write(folder string, files []File) error {
	for _, file := range files {
		name := filepath.Join(folder, filepath.FromSlash(file.Path))
		//nolint:gosec // Everything written here is for everybody to read.
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		//nolint:gosec // Everything written here is for everybody to read.
		if err := os.WriteFile(name, file.Content, 0o644); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// Parts makes data/train.csv and data/held-out.csv of both parts of the samples.
func Parts(train, heldOut samples.Table) ([]File, error) {
	seen, err := train.CSV()
	if err != nil {
		return nil, err
	}
	unseen, err := heldOut.CSV()
	if err != nil {
		return nil, err
	}
	return []File{{Path: "data/train.csv", Content: seen}, {Path: "data/held-out.csv", Content: unseen}}, nil
}
