package deploy

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// OpenAWS selects the stack on AWS, the way `pulumi up` in the folder opts.Dir would: backend and login, the stack's
// file with its secrets provider, credentials and plugins are what this process's environment and the files in the
// folder say. It never creates a stack: `pulumi stack init` does, and writes a key to the stack's file that is to be
// committed.
func OpenAWS(ctx context.Context, opts Options) (*Stack, error) {
	command, err := newCLI(ctx, opts.Pulumi, opts.Interrupts, os.Environ())
	if err != nil {
		return nil, err
	}
	name := opts.File.Stack
	stack, err := auto.SelectStackInlineSource(ctx, name, string(opts.File.Project.Name), opts.Program,
		auto.WorkDir(opts.Dir),
		auto.EnvVars(opts.Env),
		auto.Pulumi(command),
	)
	if auto.IsSelectStack404Error(err) {
		return nil, fmt.Errorf("stack %q is not in the backend; `%s` creates it, "+
			"see \"A new environment\" in docs/delivery.md", name, opts.Commands.On(name).InitStack())
	}
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", name, err)
	}
	return &Stack{stack: stack, opts: opts, remote: true}, nil
}
