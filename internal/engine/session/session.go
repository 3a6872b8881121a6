// Package session brings together what a command needs: tools, a provider and stacks, on the running local AWS or on
// AWS.
package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/engine/awsprovider"
	"sagehost/internal/engine/awsxprovider"
	"sagehost/internal/engine/daemon"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/engine/toolchain"
	"sagehost/internal/live/commandline"
	"sagehost/localaws"
)

// Options say where a session takes place.
type Options struct {
	// Root is the checkout.
	Root string
	// Addr is the loopback address of the local AWS.
	Addr string
	// Program declares the stacks.
	Program pulumi.RunFunc
	// Out receives the progress.
	Out io.Writer
	// Commands renders the commands that messages tell the user to run.
	Commands commandline.Context
	// Interrupts delivers the user's interrupts after the first, which ends the context.
	Interrupts <-chan os.Signal
}

// Dir is the folder in the checkout for everything that the local AWS keeps.
func Dir(root string) string { return filepath.Join(root, ".sagehost") }

// Session is a provider that is connected to the local AWS of a checkout.
type Session struct {
	// URL is the local AWS.
	URL string

	opts  Options
	tools toolchain.Tools
	// provider is nil where the engine finds the plugin by itself.
	provider *awsprovider.Provider
	awsx     *awsxprovider.Provider
}

// Open finds or builds the tools, starts the local AWS unless it runs, and starts a provider.
func Open(ctx context.Context, opts Options) (*Session, error) {
	tools, err := toolchain.Toolchain{Root: opts.Root, Progress: opts.Out}.Ensure(ctx)
	if err != nil {
		return nil, err
	}
	dir := Dir(opts.Root)
	running, err := daemon.Running(ctx, dir)
	if err != nil {
		return nil, err
	}
	if localaws.Emptied(dir) {
		err := errors.Join(setAside(opts.Out, dir, "was emptied by a reset"), localaws.NoticeEmptied(dir))
		if err != nil {
			return nil, err
		}
	}
	if running == nil {
		if running, err = start(ctx, opts, dir, tools); err != nil {
			return nil, err
		}
	}
	s := &Session{URL: running.URL, opts: opts, tools: tools}
	if s.awsx, err = awsxprovider.Start(ctx); err != nil {
		return nil, err
	}
	if tools.AWSPlugin == "" {
		s.provider, err = awsprovider.Start(ctx, awsprovider.Options{
			Bridge:            tools.Bridge,
			TerraformProvider: tools.TerraformProvider,
			Env:               deploy.Environ(running.URL),
		})
		if err != nil {
			return nil, errors.Join(err, s.awsx.Close())
		}
	}
	return s, nil
}

// start runs the local AWS as a process of its own. It goes on with what one that was killed has left behind. Where
// that is gone, a state speaks of resources that are gone with it: it is put aside.
func start(ctx context.Context, opts Options, dir string, tools toolchain.Tools) (*daemon.Record, error) {
	if localaws.Resumable(ctx, dir) {
		fmt.Fprintln(opts.Out, "The local AWS was killed; it goes on where it was.")
	} else if err := errors.Join(setAside(opts.Out, dir, "is gone"), localaws.Discard(ctx, dir)); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("starting the local AWS: %w", err)
	}
	running, err := daemon.Start(ctx, dir, self,
		"serve", "--root", opts.Root, "--dir", dir, "--addr", opts.Addr, "--moto", tools.Moto)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(opts.Out, "The local AWS listens on %s.\n", running.URL)
	return running, nil
}

// setAside moves a state out of the way that names resources which are there no more.
func setAside(out io.Writer, dir, why string) error {
	backend := deploy.BackendDir(dir)
	stacks, err := deploy.Stacks(dir)
	if err != nil || len(stacks) == 0 {
		return err
	}
	lost := backend + ".lost"
	for i := 2; exists(lost); i++ {
		lost = fmt.Sprintf("%s.lost-%d", backend, i)
	}
	if err := os.Rename(backend, lost); err != nil {
		return fmt.Errorf("state of a local AWS that is gone: %w", err)
	}
	if reason := daemon.LastEnd(dir); reason != "" {
		why += " (" + reason + ")"
	}
	fmt.Fprintf(out, "The local AWS that held the stacks %v %s, and their resources with it. "+
		"Their state is kept in %s; starting with an empty one.\n", stacks, why, lost)
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Stack opens a stack on the local AWS.
func (s *Session) Stack(ctx context.Context, file *stackfile.File) (*deploy.Stack, error) {
	env := deploy.LocalAWS(s.URL)
	env["PULUMI_DEBUG_PROVIDERS"] = s.awsx.Attach()
	if s.provider != nil {
		env["PULUMI_DEBUG_PROVIDERS"] += "," + s.provider.Attach()
	}
	return deploy.Open(ctx, deploy.Options{
		File: file, Program: s.opts.Program, Pulumi: s.tools.Pulumi, Plugin: s.tools.AWSPlugin,
		Dir: Dir(s.opts.Root), Env: env, Out: s.opts.Out, Interrupts: s.opts.Interrupts,
		Commands: s.opts.Commands,
	})
}

// Close ends the providers. The local AWS goes on.
func (s *Session) Close() error {
	err := s.awsx.Close()
	if s.provider != nil {
		err = errors.Join(err, s.provider.Close())
	}
	return err
}

// Stop ends the local AWS of a checkout, with whatever is at work on its stacks, and removes what it kept, but for the
// file of images that the user has edited. What fails keeps nothing else from being stopped and removed.
func Stop(ctx context.Context, root string) error {
	dir := Dir(root)
	err := errors.Join(deploy.EndEngines(ctx, dir), daemon.Stop(ctx, dir), localaws.Discard(ctx, dir))
	entries, unread := os.ReadDir(dir)
	if errors.Is(unread, fs.ErrNotExist) {
		return err
	}
	images := localaws.ImagesPath(dir)
	removed := unread
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if path == images && localaws.ImagesEdited(dir) {
			continue
		}
		removed = errors.Join(removed, os.RemoveAll(path))
	}
	// What the user has written keeps the folder.
	if !localaws.ImagesEdited(dir) {
		removed = errors.Join(removed, os.Remove(dir))
	}
	if removed != nil {
		err = errors.Join(err, fmt.Errorf("state of the local AWS: %w", removed))
	}
	return err
}
