package serving

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"time"
)

// Images says which local program stands for which container image. It follows the file that it was read from.
type Images struct {
	path, root string

	mu      sync.Mutex
	version version
	entries []image
}

// version tells a changed file from one that was read before. The zero version is that of a missing file.
type version struct {
	modified time.Time
	size     int64
}

// image is an entry of the file: the images of a repository, and what runs in their place.
type image struct {
	repository string
	// source is a Go main package, relative to the root; empty when there is a command.
	source string
	// command is a program with its arguments.
	command []string
	// directory is where the command runs.
	directory   string
	environment map[string]string
}

// DefaultImages is the text of a file of images that has the examples of this project. It is what counts when there is
// no file.
func DefaultImages() string {
	return `# Which local program stands for which container image. An edit counts for the next endpoint, update or job.
#
# repository   The end of the image's repository. Registry, tag and digest do not matter: "scoring" stands for
#              123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/scoring:1.0 and for scoring@sha256:..., "team/scoring"
#              only for the first. * is any part of a name without a slash. The first entry that matches decides.
# go           A folder of this checkout with a Go program. It is built, and run with the argument "serve".
# command      Or a command with its arguments, run in directory (the root of the checkout unless given).
# environment  Variables that the image would set.
#
# A program gets its port in SAGEMAKER_BIND_TO_PORT and the folder of its model in SM_MODEL_DIR.
#
#  - repository: my-model
#    command: [python3, server.py]
#    directory: ./my-container
#    environment: {LOG_LEVEL: debug}
images:
  - repository: scoring
    go: ./examples/scoring
  - repository: preprocess
    go: ./examples/preprocess
`
}

// WriteDefaultImages makes the file that is to be edited, where there is none.
func WriteDefaultImages(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = file.WriteString(DefaultImages())
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	return nil
}

// EditedImages reports whether somebody has changed the file.
func EditedImages(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && string(text) != DefaultImages()
}

// LoadImages reads a file of images; a missing one is the same as DefaultImages. Folders in it are relative to root.
// The error tells all problems of the file.
func LoadImages(path, root string) (*Images, error) {
	i := &Images{path: path, root: root}
	if _, err := i.current(); err != nil {
		return nil, err
	}
	return i, nil
}

// current is the entries of the file as it is now.
func (i *Images) current() ([]image, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var now version
	info, err := os.Stat(i.path)
	switch {
	case err == nil:
		now = version{modified: info.ModTime(), size: info.Size()}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("images: %w", err)
	}
	if i.entries != nil && now == i.version {
		return i.entries, nil
	}
	text := []byte(DefaultImages())
	if now != (version{}) {
		if text, err = os.ReadFile(i.path); err != nil {
			return nil, fmt.Errorf("images: %w", err)
		}
	}
	entries, err := decodeImages(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", i.path, err)
	}
	i.version, i.entries = now, entries
	return entries, nil
}

// find is the entry for an image. The error is what a user has to do.
func (i *Images) find(uri string) (image, error) {
	entries, err := i.current()
	if err != nil {
		return image{}, err
	}
	repository := repositoryOf(uri)
	for _, entry := range entries {
		if entry.matches(repository) {
			return entry, nil
		}
	}
	return image{}, fmt.Errorf("no local program stands for the image %s: add an entry with \"repository: %s\" "+
		"and \"go\" or \"command\" to %s", uri, path.Base(repository), i.path)
}

// repositoryOf takes the registry, the tag and the digest off an image's URI. As Docker has it, a first element with a
// dot or a colon is a registry.
func repositoryOf(uri string) string {
	name, _, _ := strings.Cut(uri, "@")
	if colon := strings.LastIndex(name, ":"); colon > strings.LastIndex(name, "/") {
		name = name[:colon]
	}
	if registry, rest, found := strings.Cut(name, "/"); found {
		if registry == "localhost" || strings.ContainsAny(registry, ".:") {
			return rest
		}
	}
	return name
}

// matches compares the last elements of a repository with the entry's.
func (i image) matches(repository string) bool {
	elements := strings.Split(repository, "/")
	skip := len(elements) - strings.Count(i.repository, "/") - 1
	if skip < 0 {
		return false
	}
	matched, err := path.Match(i.repository, strings.Join(elements[skip:], "/"))
	return matched && err == nil
}
