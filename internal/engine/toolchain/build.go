package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sagehost/kit/files"
)

// buildEnv makes a build independent of the user's settings: the tool runs here, whatever the user builds for.
var buildEnv = []string{"GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0", "GOOS=", "GOARCH="}

// source is a tool that is built from a Go module of its own in the checkout.
type source struct {
	// title and span are for the progress line.
	title, span string
	// dir is the folder of the module, and pkg the package of the tool in it.
	dir, pkg string
	// file is where the tool lies in its folder of the cache.
	file    string
	ldflags string
}

// find returns the tool if it was built before, else how to build it.
func (s source) find(ctx context.Context, t Toolchain, ways ...string) (string, makeFunc, error) {
	if _, err := t.machine.lookPath("go"); err != nil {
		return "", nil, missing(s.title, "it is built from source, and go is not on the PATH",
			append([]string{"install Go"}, ways...)...)
	}
	path, err := s.cached(ctx, t.Cache)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", s.title, err)
	}
	if executable(path) {
		return path, nil, nil
	}
	return "", func(ctx context.Context) (string, error) { return path, s.build(ctx, t, path) }, nil
}

// cached is where the tool lies once it was built. The folder's name holds a hash of all that goes into the build, so
// a tool of another version, or for another Go, is another file.
func (s source) cached(ctx context.Context, cache string) (string, error) {
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			return "", err
		}
		hash.Write(text)
	}
	compiler, err := run(ctx, s.dir, buildEnv, "go", "env", "GOVERSION", "GOOS", "GOARCH")
	if err != nil {
		return "", err
	}
	hash.Write([]byte(compiler + s.pkg + s.ldflags))
	folder := filepath.Base(s.dir) + "-" + hex.EncodeToString(hash.Sum(nil))[:16]
	return filepath.Join(cache, folder, s.file), nil
}

// build builds the tool under another name and renames it when it is whole.
func (s source) build(ctx context.Context, t Toolchain, path string) error {
	unlock, err := files.Lock(ctx, filepath.Join(t.Cache, filepath.Base(s.dir)+".lock"))
	if err != nil {
		return fmt.Errorf("%s: %w", s.title, err)
	}
	defer unlock()
	if executable(path) {
		return nil // another command built it while this one waited
	}
	t.progress("building %s (once, about %s) …", s.title, s.span)
	part := path + ".part"
	// The compiler refuses to write over half a file that an interrupted build left.
	if err := discard(part); err != nil {
		return fmt.Errorf("build %s: %w", s.title, err)
	}
	_, err = run(ctx, s.dir, buildEnv, "go", "build", "-trimpath", "-o", part, "-ldflags", s.ldflags, s.pkg)
	if err != nil {
		return fmt.Errorf("build %s: %w", s.title, errors.Join(err, discard(part)))
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("build %s: %w", s.title, err)
	}
	return nil
}

func discard(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("discard: %w", err)
	}
	return nil
}
