package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/blang/semver"
)

// cli runs the Pulumi CLI in a process group of its own, so that Ctrl-C in a terminal reaches it once, through us.
// Pulumi takes a second interrupt as the wish to abandon the update, and the Automation API's own command kills it
// after ten seconds: either way resources under creation would be lost track of.
type cli struct {
	path    string
	version semver.Version
	// interrupts delivers further interrupts, after the one that ended the context.
	interrupts <-chan os.Signal
	// environ is the environment that commands start from.
	environ []string
}

func newCLI(ctx context.Context, path string, interrupts <-chan os.Signal, environ []string) (*cli, error) {
	out, err := exec.CommandContext(ctx, path, "version").Output()
	if err != nil {
		return nil, fmt.Errorf("pulumi version: %w", err)
	}
	version, err := semver.ParseTolerant(strings.TrimSpace(string(out)))
	if err != nil {
		return nil, fmt.Errorf("pulumi version: %w", err)
	}
	return &cli{path: path, version: version, interrupts: interrupts, environ: environ}, nil
}

// Version is the CLI's version.
func (c *cli) Version() semver.Version { return c.version }

// Run runs one command to its end. When the context ends, the command is interrupted, not killed, and waited for.
func (c *cli) Run(
	ctx context.Context, workdir string, stdin io.Reader, stdouts, stderrs []io.Writer, env []string, args ...string,
) (string, string, int, error) {
	var stdout, stderr bytes.Buffer
	if !slices.Contains(args, "--non-interactive") {
		args = append([]string{"--non-interactive"}, args...)
	}
	cmd := exec.Command(c.path, args...) //nolint:gosec // the path is the tool that was found or built
	cmd.Dir = workdir
	cmd.Env = append(slices.Concat(c.environ, env), "PULUMI_AUTOMATION_API=true")
	cmd.Stdin = stdin
	cmd.Stdout = io.MultiWriter(append(slices.Clone(stdouts), &stdout)...)
	cmd.Stderr = io.MultiWriter(append(slices.Clone(stderrs), &stderr)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return "", "", -1, fmt.Errorf("pulumi: %w", err)
	}
	ended := make(chan struct{})
	go c.passInterrupts(ctx, cmd.Process, ended)
	err := cmd.Wait()
	close(ended)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return stdout.String(), stderr.String(), exit.ExitCode(), err
	}
	if err != nil {
		return stdout.String(), stderr.String(), -1, fmt.Errorf("pulumi: %w", err)
	}
	return stdout.String(), stderr.String(), 0, nil
}

func (c *cli) passInterrupts(ctx context.Context, process *os.Process, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
		// The process may have ended by itself in between: then there is nobody to tell.
		_ = process.Signal(os.Interrupt)
	}
	for {
		select {
		case <-ended:
			return
		case <-c.interrupts:
			_ = process.Signal(os.Interrupt)
		}
	}
}
