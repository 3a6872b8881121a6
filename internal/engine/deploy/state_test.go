package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/commandline"
)

// writeState gives a stack a state and a backup of it; those that are empty do not exist.
func writeState(t *testing.T, state, backup string) (check func() error, path string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a folder")
	file := &stackfile.File{Stack: "dev", Project: &workspace.Project{Name: "sagehost"}}
	check = func() error {
		return CheckState(dir, file, commandline.Context{Program: "bin/sagehost", Stack: "dev"})
	}
	path = statePath(dir, "sagehost", "dev")
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	for path, text := range map[string]string{path: state, path + ".bak": backup} {
		if text != "" {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		}
	}
	return check, path
}

func TestAStateThatCanBeReadOrDoesNotExistIsNoProblem(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"", `{"version": 3}`} {
		check, _ := writeState(t, state, "")
		assert.NoError(t, check())
	}
}

// TestAStateThatIsCutShortNamesTheCommandThatBringsItsBackupBack runs that command.
func TestAStateThatIsCutShortNamesTheCommandThatBringsItsBackupBack(t *testing.T) {
	t.Parallel()
	check, path := writeState(t, `{"version": 3, "checkpo`, `{"version": 3}`)
	err := check()
	require.EqualError(t, err, `state of stack "dev": `+path+": unexpected end of JSON input\n"+
		"Its backup is from before the last change. Bring it back, and compare it with what exists:\n"+
		"  cp '"+path+".bak' '"+path+"'\n  bin/sagehost refresh --stack dev\nOr discard the local AWS:\n  bin/sagehost down")

	command := regexp.MustCompile(`(?m)^  (cp .*)$`).FindStringSubmatch(err.Error())[1]
	require.NoError(t, exec.Command("sh", "-c", command).Run())

	assert.NoError(t, check())
}

func TestAStateWithoutAUsableBackupLeadsToDown(t *testing.T) {
	t.Parallel()
	for _, backup := range []string{"", "{"} {
		check, path := writeState(t, "{", backup)
		assert.EqualError(t, check(), `state of stack "dev": `+path+
			": unexpected end of JSON input; it has no backup that can be read: `bin/sagehost down` discards the local AWS")
	}
}
