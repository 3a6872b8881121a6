// Package deploy runs a stack's program with the real Pulumi engine: against the local AWS, or against AWS.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/commandline"
)

// Options say what to deploy, and where to.
type Options struct {
	// File is the stack's file.
	File *stackfile.File
	// Program declares the stack.
	Program pulumi.RunFunc
	// Pulumi is the path of the CLI.
	Pulumi string
	// Plugin is the folder of the installed AWS plugin; empty where Env leads the engine to a running provider, and for
	// AWS, where the engine finds or downloads it.
	Plugin string
	// Dir is the folder for state and for what Pulumi keeps beside it; for AWS it is the checkout.
	Dir string
	// Env is added to the engine's environment: how it reaches the AWS provider, and the provider the local AWS.
	Env map[string]string
	// Out receives the progress.
	Out io.Writer
	// Commands renders the commands that messages tell the user to run.
	Commands commandline.Context
	// Interrupts delivers the user's interrupts after the first, which ends the context.
	Interrupts <-chan os.Signal
}

// Stack is a stack on the local AWS, or on AWS.
type Stack struct {
	stack auto.Stack
	opts  Options
	// remote is whether it is on AWS, where others may be at work on it, too.
	remote bool
}

// BackendDir is the folder under dir that holds the state of all stacks.
func BackendDir(dir string) string { return filepath.Join(dir, "backend") }

// Open selects the stack on the local AWS, creating it where it does not exist.
func Open(ctx context.Context, opts Options) (*Stack, error) {
	environ := append(withoutAWS(os.Environ()), engineMark(opts.Dir).Variable())
	command, err := newCLI(ctx, opts.Pulumi, opts.Interrupts, environ)
	if err != nil {
		return nil, err
	}
	home, work := filepath.Join(opts.Dir, "home"), filepath.Join(opts.Dir, "work", opts.File.Stack)
	for _, dir := range []string{BackendDir(opts.Dir), home, work} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("state of stack %q: %w", opts.File.Stack, err)
		}
	}
	if opts.Plugin != "" {
		err := os.Symlink(filepath.Dir(opts.Plugin), filepath.Join(home, "plugins"))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("plugins of stack %q: %w", opts.File.Stack, err)
		}
	}
	project := *opts.File.Project
	env := map[string]string{
		// Files of metadata beside the state are not written whole or not at all: an engine that is killed between
		// creating one and filling it would leave a state that cannot be read.
		"PULUMI_BACKEND_URL":       "file://" + BackendDir(opts.Dir) + "?metadata=skip",
		"PULUMI_CONFIG_PASSPHRASE": "local", // the state of a local AWS holds no secret of anybody's
		"PULUMI_HOME":              home,
		// Each command would otherwise try to download what the local AWS provides, and to ask for a newer CLI.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		"PULUMI_SKIP_UPDATE_CHECK":                    "true",
	}
	maps.Copy(env, opts.Env)
	stack, err := auto.UpsertStackInlineSource(ctx, opts.File.Stack, string(project.Name), opts.Program,
		auto.WorkDir(work),
		auto.Project(project),
		auto.Stacks(map[string]workspace.ProjectStack{opts.File.Stack: opts.File.ForLocalAWS()}),
		auto.EnvVars(env),
		auto.Pulumi(command),
	)
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", opts.File.Stack, err)
	}
	return &Stack{stack: stack, opts: opts}, nil
}

// Stacks lists the stacks that have a state in the backend under dir, sorted.
func Stacks(dir string) ([]string, error) {
	var stacks []string
	projects := filepath.Join(BackendDir(dir), ".pulumi", "stacks")
	err := fs.WalkDir(os.DirFS(projects), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if name, found := strings.CutSuffix(entry.Name(), ".json"); found {
			stacks = append(stacks, name)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("state of the local AWS: %w", err)
	}
	slices.Sort(stacks)
	return stacks, nil
}
