package serving

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"sagehost/localaws/containers/environment"
)

// saidBytes is how much of the compiler's message is passed on: FailureReason holds 1024 characters.
const saidBytes = 700

// builder turns Go packages into programs. What has not changed since the last time is not built again: go build sees
// to that, in about 0.1 s.
type builder struct {
	// dir keeps the programs, also for the next process.
	dir string
	mu  sync.Mutex
}

// build builds a package below root and returns the path of the program. The error has what the compiler said.
func (b *builder) build(ctx context.Context, root, source string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	folder := filepath.ToSlash(filepath.Clean(source))
	program, err := filepath.Abs(filepath.Join(b.dir, strings.ReplaceAll(folder, "/", "-")))
	if err != nil {
		return "", fmt.Errorf("build %s: %w", source, err)
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return "", fmt.Errorf("build %s: %w", source, err)
	}
	//nolint:gosec // building what the user's file names is the purpose
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "./"+folder)
	cmd.Dir, cmd.Env = root, environment.Inherited()
	if said, err := cmd.CombinedOutput(); err != nil {
		said = bytes.TrimSpace(said)
		return "", fmt.Errorf("build %s: %w: %s", source, err, said[:min(len(said), saidBytes)])
	}
	return program, nil
}
