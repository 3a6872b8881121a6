// Package cli_test uses the companion command the way a person does, in a checkout of its own.
package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
)

// sagehost is the command under test, built once.
var sagehost string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	// Tools that have to be built are built here, where a failure explains itself, and not in the middle of a test.
	if _, err := (toolchain.Toolchain{Root: "../..", Progress: os.Stderr}).Ensure(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	dir, err := os.MkdirTemp("", "sagehost")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	sagehost = filepath.Join(dir, "sagehost")
	build := exec.Command("go", "build", "-o", sagehost, "../../cmd/sagehost")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%v\n", out, err)
		return 1
	}
	return m.Run()
}

// checkout is a folder that sagehost takes for a checkout of this project.
type checkout struct {
	t   *testing.T
	dir string
	env []string
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	c := &checkout{t: t, dir: t.TempDir(), env: append(os.Environ(), "SAGEHOST_ADDR=127.0.0.1:0")}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	for _, name := range []string{"Pulumi.yaml", "Pulumi.dev.yaml", "go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(c.dir, name), data, 0o600))
	}
	require.NoError(t, os.Symlink(filepath.Join(root, "tools"), filepath.Join(c.dir, "tools")))
	// The programs that stand for images are built here, so they must really be here.
	for _, name := range []string{"examples", "smoke"} {
		require.NoError(t, os.CopyFS(filepath.Join(c.dir, name), os.DirFS(filepath.Join(root, name))))
	}
	t.Cleanup(func() { c.stop() })
	return c
}

// stop ends a local AWS that a failed test left running, and the emulator that one which was killed leaves behind.
func (c *checkout) stop() {
	for _, name := range []string{"daemon.json", "services/moto.json"} {
		if pid := c.pid(name); pid > 0 {
			_ = syscall.Kill(pid, syscall.SIGTERM)
		}
	}
}

// pid is the process that a record names; 0 when there is none.
func (c *checkout) pid(record string) int {
	data, err := os.ReadFile(filepath.Join(c.dir, ".sagehost", record))
	if err != nil {
		return 0
	}
	var process struct{ PID int }
	if json.Unmarshal(data, &process) != nil {
		return 0
	}
	return process.PID
}

// url is where the local AWS listens.
func (c *checkout) url() string {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, ".sagehost", "daemon.json"))
	require.NoError(c.t, err)
	var record struct{ URL string }
	require.NoError(c.t, json.Unmarshal(data, &record))
	return record.URL
}

// tell puts something to the local AWS.
func (c *checkout) tell(path, body string) {
	c.t.Helper()
	c.ask(http.MethodPut, path, body)
}

// ask sends a request to the local AWS.
func (c *checkout) ask(method, path, body string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url()+path, strings.NewReader(body))
	require.NoError(c.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.t, err)
	require.NoError(c.t, response.Body.Close())
	require.Less(c.t, response.StatusCode, 300)
}

// edit replaces the first occurrence of a text in the dev stack's file.
func (c *checkout) edit(from, to string) {
	c.t.Helper()
	path := filepath.Join(c.dir, "Pulumi.dev.yaml")
	data, err := os.ReadFile(path)
	require.NoError(c.t, err)
	require.Contains(c.t, string(data), from)
	require.NoError(c.t, os.WriteFile(path, []byte(strings.Replace(string(data), from, to, 1)), 0o600))
}

// command runs sagehost to its end and returns what it wrote and its exit code.
func (c *checkout) command(args ...string) (string, int) {
	c.t.Helper()
	cmd := c.prepare(args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		var exit *exec.ExitError
		require.ErrorAs(c.t, err, &exit)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// succeed runs sagehost, which must succeed, and returns what it wrote.
func (c *checkout) succeed(args ...string) string {
	c.t.Helper()
	out, code := c.command(args...)
	require.Zero(c.t, code, out)
	return out
}

// until runs sagehost and calls do once a line with the marker appears; it returns what was written and the exit code.
func (c *checkout) until(marker string, do func(*os.Process), args ...string) (string, int) {
	c.t.Helper()
	cmd := c.prepare(args...)
	read, write, err := os.Pipe()
	require.NoError(c.t, err)
	cmd.Stdout, cmd.Stderr = write, write
	require.NoError(c.t, cmd.Start())
	require.NoError(c.t, write.Close())
	var out strings.Builder
	found := false
	for lines := bufio.NewScanner(read); lines.Scan(); {
		out.WriteString(lines.Text() + "\n")
		if !found && strings.Contains(lines.Text(), marker) {
			found = true
			do(cmd.Process)
		}
	}
	_ = cmd.Wait() // its exit code is what counts
	require.True(c.t, found, "%q was not written:\n%s", marker, out.String())
	return out.String(), cmd.ProcessState.ExitCode()
}

func (c *checkout) prepare(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(c.t.Context(), sagehost, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.WaitDelay = time.Second
	return cmd
}

// enginePID is the process that holds the lock on the dev stack.
func (c *checkout) enginePID() int {
	c.t.Helper()
	locks, err := filepath.Glob(filepath.Join(c.dir, ".sagehost/backend/.pulumi/locks/organization/sagehost/dev/*.json"))
	require.NoError(c.t, err)
	require.Len(c.t, locks, 1)
	data, err := os.ReadFile(locks[0])
	require.NoError(c.t, err)
	var lock struct{ PID int }
	require.NoError(c.t, json.Unmarshal(data, &lock))
	return lock.PID
}
