package session

import (
	"context"

	"sagehost/internal/deploy"
	"sagehost/internal/stackfile"
	"sagehost/internal/toolchain"
)

// OpenAWS opens a stack on AWS. Of all tools it needs the Pulumi CLI alone; the engine gets its plugins by itself.
func OpenAWS(ctx context.Context, opts Options, file *stackfile.File) (*deploy.Stack, error) {
	tools, err := toolchain.Toolchain{Root: opts.Root, Progress: opts.Out}.EnsureCLI(ctx)
	if err != nil {
		return nil, err
	}
	return deploy.OpenAWS(ctx, deploy.Options{
		File: file, Program: opts.Program, Pulumi: tools.Pulumi,
		Dir: opts.Root, Out: opts.Out, Interrupts: opts.Interrupts,
	})
}
