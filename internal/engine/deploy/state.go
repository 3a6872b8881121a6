package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/commandline"
)

// statePath is the file under dir with the state of a stack. Beside it, the engine keeps the one before.
func statePath(dir string, project tokens.PackageName, stack string) string {
	return filepath.Join(BackendDir(dir), ".pulumi", "stacks", string(project), stack+".json")
}

// CheckState reports a state under dir that cannot be read, with the commands that lead on: the engine says no more
// than that it is no JSON.
func CheckState(dir string, file *stackfile.File, commands commandline.Context) error {
	path := statePath(dir, file.Project.Name, file.Stack)
	unread := readState(path)
	if unread == nil || errors.Is(unread, fs.ErrNotExist) {
		return nil
	}
	backup := path + ".bak"
	discard := commands.Sagehost("down")
	if readState(backup) != nil {
		return fmt.Errorf("state of stack %q: %s: %w; it has no backup that can be read: `%s` discards the local AWS",
			file.Stack, path, unread, discard)
	}
	return fmt.Errorf("state of stack %q: %s: %w\nIts backup is from before the last change. Bring it back, and compare "+
		"it with what exists:\n  %s\n  %s\nOr discard the local AWS:\n  %s", file.Stack, path, unread,
		commandline.Copy(backup, path), commands.OnStack("refresh"), discard)
}

// readState reports what keeps a state from being read.
func readState(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, new(json.RawMessage))
}
