package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"sagehost/internal/engine/session"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/commandline"
	"sagehost/stacks"
	"sagehost/stacks/settings"
)

// defaultAddr is where the local AWS listens, so that commands can be copied from the README.
const defaultAddr = "127.0.0.1:4599"

// app is what the commands share.
type app struct {
	out        io.Writer
	interrupts <-chan os.Signal
	stack      string
	addr       string
	// aws says that a command acts on AWS, and not on the local AWS.
	aws bool
}

// commands renders the commands that messages tell the user to run, as the flags say; config is where the stack is, as
// far as that is known.
func (a *app) commands(config aws.Config) commandline.Context {
	c := commandline.Context{
		Program: os.Args[0], Stack: a.stack, AWS: a.aws,
		Endpoint: aws.ToString(config.BaseEndpoint), Region: config.Region,
	}
	if a.addr != defaultAddr {
		c.Addr = a.addr
	}
	return c
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "sagehost",
		Short: "Deploy, measure and promote the stacks of this project",
		Long: "sagehost deploys the stacks of this project, Pulumi.<stack>.yaml, measures what they serve, and\n" +
			"promotes what is proven: on an AWS on this machine, with the Pulumi engine and the AWS provider that\n" +
			"`pulumi up` uses and without an account, or with --aws on AWS.",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVarP(&a.stack, "stack", "s", "dev", "the stack, as in Pulumi.<stack>.yaml")
	root.PersistentFlags().StringVar(&a.addr, "addr", cmp.Or(os.Getenv("SAGEHOST_ADDR"), defaultAddr),
		"the loopback address of the local AWS, when it is started (or SAGEHOST_ADDR)")
	for _, group := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Stacks:", []*cobra.Command{newUp(a), newPreview(a), newRefresh(a), newDrift(a), newStatus(a), newDown(a)}},
		{"What they serve:", []*cobra.Command{newInvoke(a), newModels(a), newBatch(a)}},
		{"Measuring:", []*cobra.Command{newEvaluate(a), newSmoke(a), newBake(a), newLoadtest(a)}},
		{"Releases:", []*cobra.Command{newRelease(a), newPromote(a), newRollback(a), newHistory(a)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, command := range group.commands {
			command.GroupID = group.title
			root.AddCommand(command)
		}
	}
	root.AddCommand(newCI(a), newServe(a))
	return root
}

// version is what the command was built from, such as "v0.0.0-20261201125205-be6f1e0c3d5a+dirty", as Go stamps it where
// the checkout has a history; "(devel)" elsewhere.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "(devel)"
}

// file reads and checks the stack's file: whatever is wrong with it is said before anything is built or started.
func (a *app) file(root string) (*stackfile.File, error) {
	file, err := stackfile.Load(root, a.stack)
	if err != nil {
		return nil, err
	}
	parsed, err := parse(root, file)
	if err == nil && !a.aws {
		err = checkLocal(file.Stack, parsed)
	}
	return file, err
}

// parse is what a stack's file says.
func parse(root string, file *stackfile.File) (*settings.Settings, error) {
	config, err := file.Config()
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", file.Stack, err)
	}
	return settings.Parse(settings.Source{Stack: file.Stack, Dir: root, Config: config, Secret: file.Secret})
}

// open opens a session in the checkout.
func (a *app) open(ctx context.Context, root string) (*session.Session, error) {
	return session.Open(ctx, session.Options{
		Root: root, Addr: a.addr, Program: stacks.In(root), Out: a.out, Interrupts: a.interrupts,
		Commands: a.commands(aws.Config{}),
	})
}

// findRoot is the checkout around the working folder: the nearest folder above that has a Pulumi.yaml.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("working folder: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "Pulumi.yaml")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no Pulumi.yaml here or above; run sagehost in a checkout of this project")
		}
		dir = parent
	}
}
